/** Bad days around the deploy: Slack, the disk, the Prisma command itself. */
import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import type { SlackFault } from '../../lab/slack.ts';
import { expectRun } from './honest.ts';
import { runRaw } from './raw.ts';
import { BROKEN, type Case, GOOD, NEXT, openWorld } from './world.ts';

const world = await openWorld();
afterAll(async () => world[Symbol.asyncDispose]());

const SKIP = { snapshot: 'skip' };

test.concurrent.each<SlackFault>(['status-500', 'reset', 'invalid-payload'])(
  'Slack is down (%s): a warning, and no other outcome',
  async (fault) => {
    await world.play({ next: BROKEN, shared: true, inputs: SKIP }, async (the) => {
      the.slack.fail(fault);
      const run = await the.deploy();
      expectRun(run, { status: 'failed', aws: [], says: ['(42701)', 'unchanged', 'deploy again'] });
      expect(run.summary).toContain('Slack did not take the message');
      expect(run.annotations.map(({ name }) => name)).toContain('warning');
      expect(run.result.stdout).not.toContain('lab-webhook-secret');
    });
  },
);

test.concurrent('a wrong webhook URL is a warning after a good deploy', async () => {
  await world.play({ next: GOOD, shared: true, inputs: { ...SKIP, 'slack-on': 'always' } }, async (the) => {
    const run = await the.deploy({ inputs: { 'slack-webhook-url': `${the.slack.url}-gone` } });
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    expect(run.summary).toContain('Slack did not take the message');
  });
});

test.concurrent('the journal and the report cannot be written: the deploy goes on, and it is said', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    const run = await the.deploy({ env: { RUNNER_TEMP: '/dev/null/full' } });
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    expect(run.log).toMatch(/journal cannot be written/);
    expect(run.outputs).not.toHaveProperty('report-path');
    expect(run.annotations.map(({ properties }) => properties.title)).toContain(
      'The JSON report could not be written',
    );
  });
});

const fullDisk = existsSync('/dev/full') ? test.concurrent : test.concurrent.skip;
fullDisk('a full disk under the summary and the outputs changes no outcome', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    const run = await runRaw(the, { env: { GITHUB_STEP_SUMMARY: '/dev/full', GITHUB_OUTPUT: '/dev/full' } });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('ENOSPC');
    expect(run.stdout).toContain('1 migration applied');
    expect(run.stdout).not.toMatch(/^\s+at /m);
  });
});

/** Puts a command of ours in the place of the Prisma CLI; it has the real one at hand. */
function replaceCli(the: Case, script: (real: string) => string): void {
  const folder = `${the.project.dir}/node_modules/prisma`;
  const real = realpathSync(folder);
  rmSync(folder);
  mkdirSync(`${folder}/build`, { recursive: true });
  writeFileSync(
    `${folder}/package.json`,
    JSON.stringify({ name: 'prisma', version: '7.10.1', bin: { prisma: 'build/index.js' } }),
  );
  writeFileSync(`${folder}/config.js`, `module.exports = require(${JSON.stringify(`${real}/config.js`)});\n`);
  writeFileSync(`${folder}/build/index.js`, script(`${real}/build/index.js`));
}

test.concurrent('a CLI that hangs after its work is done (prisma#29169) is ended, and the database decides', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    replaceCli(
      the,
      (real) =>
        `const { spawnSync } = require('node:child_process');\nspawnSync(process.execPath, [${JSON.stringify(real)}, ...process.argv.slice(2)], { stdio: 'inherit' });\nsetInterval(() => {}, 1000);\n`,
    );
    const run = await the.deploy();
    expectRun(run, { status: 'applied', state: 'changed', aws: [], says: ['1 migration applied'] });
    expect(run.log).toContain('does not end by itself');
  });
});

test.concurrent('a CLI that is slow to begin is not taken for one that hangs', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    replaceCli(
      the,
      (real) =>
        `const { spawnSync } = require('node:child_process');\nsetTimeout(() => { spawnSync(process.execPath, [${JSON.stringify(real)}, ...process.argv.slice(2)], { stdio: 'inherit' }); setTimeout(() => console.log('lingered'), 3000); }, 10_500);\n`,
    );
    const run = await the.deploy();
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    expect(run.log).toContain('lingered');
    expect(run.log).not.toContain('does not end by itself');
  });
});

test.concurrent('a CLI that says success and did nothing is not believed', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    replaceCli(the, () => "console.log('All migrations have been successfully applied.');\n");
    const run = await the.deploy();
    expectRun(run, { status: 'failed', aws: [], says: [NEXT, 'not finished in the history', 'unchanged'] });
  });
});

test.concurrent('a CLI that crashes at once', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    replaceCli(
      the,
      () => "process.stderr.write('Segmentation fault\\n');\nprocess.kill(process.pid, 'SIGKILL');\n",
    );
    const run = await the.deploy();
    expectRun(run, { status: 'failed', aws: [], says: [NEXT, 'unchanged', 'deploy again'] });
  });
});
