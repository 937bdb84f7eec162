import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { adoptGroup } from '../../src/adapters/prisma/adopted.ts';
import { type GroupOrder, type ProcessGroup, startGroup } from '../../src/adapters/prisma/process-group.ts';

const directory = mkdtempSync(join(tmpdir(), 'prisma-process-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const lines = new Map<ProcessGroup, string[]>();
const node = (code: string, more: Partial<GroupOrder> = {}): ProcessGroup => {
  const seen: string[] = [];
  const group = startGroup({
    command: process.execPath,
    args: ['-e', code],
    directory,
    environment: { PATH: process.env.PATH, SECRET: 'hunter2' },
    scrub: (text) => text.replaceAll('hunter2', '***'),
    onLine: (line) => seen.push(line),
    ...more,
  });
  lines.set(group, seen);
  return group;
};

const until = async (group: ProcessGroup, line: RegExp): Promise<string> => {
  for (;;) {
    const found = lines.get(group)?.find((each) => line.test(each));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('lines are scrubbed, without colours, and end with the exit code', async () => {
  const group = node(
    "process.stdout.write('\\x1b[31mred\\x1b[0m hunter2\\r\\nhalf'); process.stderr.write('err\\n'); process.exitCode = 3",
  );
  const end = await group.ended;
  expect(end).toMatchObject({ exitCode: 3, signal: null });
  expect([...(lines.get(group) ?? [])].sort()).toEqual(['err', 'half', 'red ***']);
  expect(end.output.split('\n').sort()).toEqual(['err', 'half', 'red ***']);
});

test('keeps the last 200 lines', async () => {
  const { output } = await node("for (let i = 1; i <= 500; i += 1) console.log('line ' + i)").ended;
  const kept = output.split('\n');
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([200, 'line 301', 'line 500']);
});

test('a process that cannot be started ends with a message', async () => {
  const group = node('', { command: join(directory, 'nothing-here') });
  const end = await group.ended;
  expect(end.exitCode).toBeNull();
  expect(end.output).toContain('could not be started');
  await group.kill(0);
});

test('what goes to the third pipe is not mixed with what is printed', async () => {
  const group = node("console.log('noise'); require('node:fs').writeSync(3, '{}')", { answer: true });
  expect(await group.answer).toBe('{}');
  expect((await group.ended).output).toBe('noise');
});

const STUBBORN = `
  const { spawn } = require('node:child_process');
  const engine = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('engine up ' + process.pid)"], { stdio: ['ignore', 'inherit', 'inherit'] });
`;

test('a grandchild that ignores SIGTERM dies with the group', async () => {
  const group = node(`${STUBBORN}; setInterval(() => {}, 1000)`);
  const engine = Number((await until(group, /engine up/)).split(' ').at(-1));
  await group.kill(200);
  expect(isGone(engine)).toBe(true);
  expect(await group.ended).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
});

test('an engine that outlives the CLI is ended too, and does not delay the end', async () => {
  const group = node(
    `${STUBBORN}; process.on('SIGUSR2', () => process.exit(7)); setInterval(() => {}, 1000)`,
  );
  const engine = Number((await until(group, /engine up/)).split(' ').at(-1));
  process.kill(group.pid, 'SIGUSR2');
  expect((await group.ended).exitCode).toBe(7);
  expect(isGone(engine)).toBe(false);
  await group.kill(100);
  expect(isGone(engine)).toBe(true);
});

test('kill after everything ended does nothing', async () => {
  const group = node('0');
  await group.ended;
  await group.kill(10_000);
  expect(isAlive(group.pid)).toBe(false);
});

/** A dead process that nobody reaps (a container without an init) counts as gone. */
function isGone(pid: number): boolean {
  if (!isAlive(pid)) return true;
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

describe('a group that somebody else started', () => {
  const cli = `${STUBBORN}; process.on('SIGUSR2', () => process.exit(0)); setInterval(() => {}, 1000)`;

  test('is ended by its id when Prisma runs in it', async () => {
    const group = node('', { args: ['-e', cli, '--', 'migrate', 'deploy'] });
    const engine = Number((await until(group, /engine up/)).split(' ').at(-1));
    const adopted = adoptGroup(group.pid);
    await adopted.kill(200);
    expect(await adopted.ended).toEqual({ exitCode: null, signal: null, output: '' });
    expect(isGone(engine)).toBe(true);
  });

  test('is left alone when the id belongs to something else now', async () => {
    const group = node("console.log('up'); setInterval(() => {}, 1000)");
    await until(group, /up/);
    const adopted = adoptGroup(group.pid);
    await adopted.ended;
    await adopted.kill(0);
    expect(isGone(group.pid)).toBe(false);
    await group.kill(1000);
    expect(isGone(group.pid)).toBe(true);
  });

  test.each([0, 1, -1, 1.5, Number.NaN, 2 ** 30])('%d is no group of ours', async (pid) => {
    const adopted = adoptGroup(pid);
    await adopted.kill(0);
    expect(await adopted.ended).toMatchObject({ exitCode: null });
  });
});
