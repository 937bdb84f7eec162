/** `mode: doctor` as a new user sees it: everything at once, and nothing touched. */
import { afterAll, expect, test } from '@jest/globals';
import { startGitHub } from '../../lab/github.ts';
import './honest.ts';
import { inPull, TOKEN } from './pull.ts';
import { GOOD, openWorld } from './world.ts';

const world = await openWorld();
const github = await startGitHub();
github.allow(TOKEN);
const ground = { world, github };
afterAll(async () => {
  await github.stop();
  expect(world.rds.violations).toEqual([]);
  await world[Symbol.asyncDispose]();
});

test.concurrent('doctor: all well', async () => {
  await inPull(ground, { next: GOOD }, async (_the, pull) => {
    const run = await pull.run({ mode: 'doctor' });
    expect([run.exitCode, run.annotations, run.result.stderr]).toEqual([0, [], '']);
    expect(run.outputs).toEqual({
      status: 'planned',
      'database-state': 'unchanged',
      'duration-ms': expect.stringMatching(/^\d+$/),
    });
    expect(run.summary).toMatch(/\| ✓ \| Connection \| PostgreSQL/);
    expect(run.summary).not.toContain('✗');
    expect(pull.comments()).toEqual([]);
    expect(run.result.post).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test.concurrent('doctor: everything that is wrong, at once', async () => {
  const instance = { backupRetentionPeriod: 0 };
  await inPull(ground, { next: GOOD, shared: false, instance }, async (the, pull) => {
    const url = the.url.replace(/:[^:@/]+@/, ':not-the-password@');
    const run = await pull.run({ mode: 'doctor' }, { DATABASE_URL: url });
    expect([run.exitCode, run.outputs.status, run.result.stderr]).toEqual([1, 'refused', '']);
    const failed = run.annotations.map(({ name, properties }) => `${name} ${properties.title}`);
    expect(failed).toEqual(
      expect.arrayContaining(['error Doctor: Connection', 'error Doctor: Automated backups']),
    );
    for (const text of [run.log, run.summary]) {
      expect(text).toMatch(/✗.*Connection.*refused the user app/);
      expect(text).toMatch(/✗.*Automated backups/);
      expect(text).toMatch(/✓.*Prisma CLI/);
    }
    expect(run.result.stdout).not.toContain('not-the-password');
  });
});
