import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ActionOptions, type ActionResult, runAction } from '../../lab/runner/index.ts';
import { parseYaml } from '../../lab/runner/manifest.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const manifest = `name: Sample
description: >-
  Folded: text
  with a colon.
inputs:
  mode:
    description: 'What to do: it''s up to you'
    default: deploy
  db-instance-identifier:
    description: |
      several
      lines
  with space: # a comment
    default: "a \\"b\\""
  token:
    default: \${{ github.token }}
runs:
  using: node24
  main: dist/main.cjs
  post: dist/post.cjs
  post-if: always()
`;

async function action(
  main: string,
  options: Partial<ActionOptions> & { readonly post?: string } = {},
): Promise<ActionResult> {
  const { post = '', ...rest } = options;
  const dir = mkdtempSync(join(tmpdir(), 'lab-action-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'dist'));
  writeFileSync(join(dir, 'action.yml'), manifest);
  const prelude = "const fs = require('node:fs'); const { env } = process;\n";
  writeFileSync(join(dir, 'dist/main.cjs'), prelude + main);
  writeFileSync(join(dir, 'dist/post.cjs'), prelude + post);
  const result = await runAction({ action: dir, inputs: {}, cwd: dir, ...rest });
  cleanups.push(result.remove);
  return result;
}

describe('a step', () => {
  test('gets inputs, defaults and a clean environment under Node 24', async () => {
    process.env.LAB_TEST_LEAK = 'leak';
    const result = await action(
      'console.log(JSON.stringify({ ...env, node: process.versions.node, cwd: process.cwd() }))',
      {
        inputs: { mode: 'plan', 'db-instance-identifier': 'shop', extra: 'x' },
        token: 'ghs_token',
        env: { DATABASE_URL: 'postgresql://db', GITHUB_SHA: 'abc' },
        runId: '99',
        attempt: 3,
      },
    );
    delete process.env.LAB_TEST_LEAK;
    const seen = JSON.parse(result.stdout);
    expect(seen).toMatchObject({
      INPUT_MODE: 'plan',
      'INPUT_DB-INSTANCE-IDENTIFIER': 'shop',
      INPUT_WITH_SPACE: 'a "b"',
      INPUT_TOKEN: '***',
      DATABASE_URL: 'postgresql://db',
      GITHUB_SHA: 'abc',
      GITHUB_RUN_ID: '99',
      GITHUB_RUN_ATTEMPT: '3',
      GITHUB_REPOSITORY: 'acme/shop',
      RUNNER_TEMP: result.tempDir,
      cwd: expect.stringContaining('lab-action-'),
    });
    expect(seen.LAB_TEST_LEAK).toBeUndefined();
    expect(Number(seen.node.split('.')[0])).toBeGreaterThanOrEqual(22);
    expect(result.unexpectedInputs).toEqual(['extra']);
    expect(existsSync(seen.GITHUB_EVENT_PATH)).toBe(true);
  });

  test('hands over outputs, summary and commands, and its state to the post step', async () => {
    const result = await action(
      `fs.appendFileSync(env.GITHUB_OUTPUT, 'status=applied\\nreport<<EOF_1\\nline 1\\na=b\\n\\nEOF_1\\nempty=\\n');
       fs.appendFileSync(env.GITHUB_STATE, 'journal<<X\\none\\ntwo\\nX\\n');
       fs.appendFileSync(env.GITHUB_ENV, 'LATER=yes\\n');
       fs.appendFileSync(env.GITHUB_PATH, '/opt/later\\n');
       fs.appendFileSync(env.GITHUB_STEP_SUMMARY, '# Done\\n');
       console.log('::error file=a%2Cb.sql,line=3,title=No%3A::first%0Asecond: 100%25');
       console.log('::group::Steps'); console.log('::stop-commands::tok'); console.log('::error::not a command'); console.log('::tok::');
       console.error('::warning::from stderr'); process.exitCode = 4;`,
      {
        post: 'console.log(env.STATE_journal, env.LATER, env.PATH.startsWith("/opt/later:"), env.INPUT_MODE); process.exit(2)',
      },
    );
    expect(result).toMatchObject({
      exitCode: 4,
      cancelled: false,
      outputs: { status: 'applied', report: 'line 1\na=b\n', empty: '' },
      state: { journal: 'one\ntwo' },
      summary: '# Done\n',
      post: { exitCode: 2, stdout: 'one\ntwo yes true deploy\n' },
    });
    expect(result.commands).toEqual(
      expect.arrayContaining([
        {
          name: 'error',
          properties: { file: 'a,b.sql', line: '3', title: 'No:' },
          message: 'first\nsecond: 100%',
        },
        { name: 'group', properties: {}, message: 'Steps' },
        { name: 'warning', properties: {}, message: 'from stderr' },
      ]),
    );
    expect(result.commands).toHaveLength(3);
  });

  test('is masked from the command on, in every later step, and not before', async () => {
    const result = await action(
      "console.log('early s3cret'); console.log('::add-mask::s3cret'); console.log('late s3cret'); console.log('::add-mask::two%0Alines'); console.log('only lines')",
      { secrets: ['known'], post: "console.log('post s3cret known')" },
    );
    expect(result.stdout).toBe('early s3cret\n::add-mask::***\nlate ***\n::add-mask::***\nonly ***\n');
    expect(result.post?.stdout).toBe('post *** ***\n');
    expect(result.masks).toContain('s3cret');
  });

  test('with a malformed output file fails in the lab', async () => {
    await expect(action("fs.appendFileSync(env.GITHUB_OUTPUT, 'a<<EOF\\nnever closed\\n')")).rejects.toThrow(
      'Matching delimiter',
    );
    await expect(action("fs.appendFileSync(env.GITHUB_OUTPUT, 'no equals sign\\n')")).rejects.toThrow(
      'Invalid format',
    );
  });
});

describe('cancelling', () => {
  const stubborn = `const { spawn } = require('node:child_process');
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    child.unref();
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log('got ' + signal));
    setInterval(() => {}, 1000);
    console.log('child', child.pid, 'ready');`;

  test('sends SIGINT, SIGTERM, then ends the whole tree, and runs post all the same', async () => {
    const result = await action(stubborn, {
      onStart: async (step) => {
        await step.line(/ready$/);
        step.cancel();
      },
      cancelPauses: { beforeTerm: 500, beforeKill: 500 },
      post: "console.log('post ran')",
    });
    expect(result).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      cancelled: true,
      post: { stdout: 'post ran\n' },
    });
    expect(result.stdout).toMatch(/got SIGINT\ngot SIGTERM\n$/);
    const pid = Number(/child (\d+) ready/.exec(result.stdout)?.[1]);
    // A zombie counts as ended: not every container has an init process that reaps.
    expect(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout).toMatch(
      /^(Z.*)?\s*$/,
    );
    expect(result.orphans).toBe(0);
  });

  test('ends what a step left behind when the job is over', async () => {
    const leaving = stubborn.replace(
      'setInterval(() => {}, 1000);',
      'setTimeout(() => process.exit(0), 100);',
    );
    const result = await action(leaving);
    const pid = Number(/child (\d+) ready/.exec(result.stdout)?.[1]);
    if (process.platform === 'linux') expect(result.orphans).toBe(1);
    else process.kill(pid, 'SIGKILL');
    expect(result.exitCode).toBe(0);
  });
});

test('the manifest reader refuses what it does not understand', () => {
  expect(() => parseYaml('a: b\n  - c\n')).toThrow('action.yml, line 2');
  expect(parseYaml('a:\n  \'b c\': "x"\nd: plain # note\n')).toEqual({ a: { 'b c': 'x' }, d: 'plain' });
});
