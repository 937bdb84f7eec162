import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CommandsOptions, createCommands } from '../../src/adapters/github/commands.ts';
import { createScrubber } from '../../src/domain/scrub.ts';

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gm-commands-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scrubber = createScrubber();
scrubber.add('hunter22');

const commands = (change: Partial<CommandsOptions> = {}) =>
  createCommands({
    workingDirectory: folder,
    environment: process.env,
    onLine: (line) => lines.push(line),
    scrub: scrubber.scrub,
    ...change,
  });

describe("a user's script", () => {
  test('runs in the working directory; its lines are shown scrubbed', async () => {
    const end = await commands().run('touch here\necho one hunter22\necho two >&2', {});
    expect(end.exitCode).toBe(0);
    expect(existsSync(join(folder, 'here'))).toBe(true);
    expect(lines.toSorted()).toEqual(['one ***', 'two']);
    expect(end.tail.split('\n').toSorted()).toEqual(['one ***', 'two']);
  });

  test.each([
    ['the first failing line ends it', 'echo a\nfalse\necho b', 1],
    ['a failing pipe fails', 'false | cat\necho b', 1],
    ['an exit code is kept', 'exit 42', 42],
    ['a missing program', 'no-such-program-here', 127],
    ['quotes and dollars are its own', `x='a "b" $(c)'; [ "$x" = 'a "b" $(c)' ]`, 0],
    ['Windows line ends', 'echo a\r\nexit 3\r\n', 3],
    ['reading input ends at once', 'cat; exit 5', 5],
    ['an empty script', '', 0],
  ])('%s', async (_name, script, code) => {
    expect((await commands().run(script, {})).exitCode).toBe(code);
    expect(lines).not.toContain('b');
  });

  test('keeps the last 40 lines', async () => {
    const { tail } = await commands().run('for i in $(seq 1 100); do echo "line $i"; done', {});
    expect(tail.split('\n')).toHaveLength(40);
    expect(tail.split('\n')).toEqual(Array.from({ length: 40 }, (_, index) => `line ${index + 61}`));
  });

  test('sees the given variables, but none that belong to the action', async () => {
    const environment = {
      PATH: process.env.PATH,
      OWN: 'kept',
      'INPUT_SLACK-WEBHOOK-URL': 'https://secret',
      STATE_x: '1',
      GITHUB_OUTPUT: 'file',
      GITHUB_STATE: 'file',
      GITHUB_ENV: 'kept',
    };
    await commands({ environment }).run('env', { GIVEN: 'yes' });
    const names = lines.map((line) => line.split('=')[0]);
    expect(names).toEqual(expect.arrayContaining(['OWN', 'GITHUB_ENV', 'GIVEN']));
    expect(names.filter((name) => /^INPUT_|^STATE_|^GITHUB_(OUTPUT|STATE)$/.test(name ?? ''))).toEqual([]);
  });

  test('works with sh where there is no bash', async () => {
    const shPath = process.env.PATH;
    const bin = mkdtempSync(join(tmpdir(), 'gm-bin-'));
    try {
      symlinkSync('/bin/sh', join(bin, 'sh'));
      process.env.PATH = bin;
      const end = await commands({ environment: { PATH: bin } }).run('echo hello\nfalse\necho b', {});
      expect(end).toEqual({ exitCode: 1, tail: 'hello' });
    } finally {
      process.env.PATH = shPath;
      rmSync(bin, { recursive: true, force: true });
    }
  });

  test('a working directory that is not there is a problem of the command', async () => {
    const run = commands({ workingDirectory: join(folder, 'none') }).run('true', {});
    await expect(run).rejects.toMatchObject({ problems: [{ code: 'command-failed' }] });
  });

  test('leaves no file behind', async () => {
    const count = () => readdirSync(tmpdir()).filter((name) => name.startsWith('guarded-migrate-')).length;
    const before = count();
    await commands().run('exit 1', {});
    expect(count()).toBeLessThanOrEqual(before);
  });
});

describe('cancelling', () => {
  test('ends the script and what it started', async () => {
    const controller = new AbortController();
    const running = commands({ signal: controller.signal }).run('sleep 300 & echo $! > child\nwait', {});
    while (!existsSync(join(folder, 'child')) || readFileSync(join(folder, 'child'), 'utf8') === '')
      await wait(10);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    controller.abort();
    const end = await running;
    expect(end.exitCode).toBe(143);
    const isAlive = () => {
      try {
        const state = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1] ?? 'Z';
        return !state.startsWith('Z');
      } catch {
        return false;
      }
    };
    for (let tries = 0; isAlive() && tries < 200; tries += 1) await wait(10);
    expect(isAlive()).toBe(false);
  });

  test('does not keep a later script from running', async () => {
    const end = await commands({ signal: AbortSignal.abort() }).run('echo maintenance off', {});
    expect(end).toEqual({ exitCode: 0, tail: 'maintenance off' });
  });
});
