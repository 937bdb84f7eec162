/** Bad days of the restore itself: production is as the migration left it, and every message says so first. */
import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { slackText } from './deployed.ts';
import { expectInOrder, expectRun } from './honest.ts';
import { HALF, NEXT, openWorld } from './world.ts';

const world = await openWorld();
afterAll(async () => world[Symbol.asyncDispose]());

test.concurrent('the name for the restored instance is taken: refused before the snapshot', async () => {
  await world.play({ next: HALF, inputs: { 'restored-identifier': world.shared } }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'refused',
      aws: [],
      says: [`${world.shared} exists already`, 'not started', 'restored-identifier'],
    });
  });
});

test.concurrent('the quota of instances is reached', async () => {
  await world.play({ next: HALF, rds: { quotas: { instances: 1 } } }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'failed',
      state: 'changed',
      says: [
        NEXT,
        'restore failed too',
        'InstanceQuotaExceeded',
        'Production was changed',
        'restore-db-instance-to-point-in-time',
      ],
    });
  });
});

test.concurrent('somebody changes the schema in the quiet second: the restored database is not the marked one', async () => {
  await world.play({ next: HALF }, async (the) => {
    const other = new pg.Client({ connectionString: the.url });
    await other.connect();
    const run = await the.deploy({
      onStart: (step) => {
        const meddle = step
          .line(/restore point \d{4}/)
          .then(() => other.query('CREATE TABLE "meddler" (id INTEGER)'));
        void meddle.catch(() => undefined).finally(() => other.end());
      },
    });
    expectRun(run, {
      status: 'failed',
      state: 'changed',
      says: [
        NEXT,
        'NOT in the state of the restore point',
        'Production was changed',
        'meddler',
        'Do not switch',
      ],
    });
    expect(run.outputs['restored-identifier']).toBeDefined();
    expectInOrder(slackText(run.slack[1]?.body ?? {}), ['NOT in the state', 'Do not switch']);
  });
});

test.concurrent('the restored database cannot be reached by SQL in time', async () => {
  const slow = {
    durations: { snapshotMs: 300, restoreMs: 600_000, backingUpMs: 300, latestRestorableLagMs: 300 },
  };
  await world.play({ next: HALF, rds: slow, inputs: { 'restore-timeout': '4s' } }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'restoring',
      state: 'changed',
      says: [NEXT, 'Production was changed', 'goes on in AWS', 'describe-db-instances'],
    });
  });
});

test.concurrent('the log does not reach the restore point in time', async () => {
  const late = {
    durations: { snapshotMs: 300, restoreMs: 500, backingUpMs: 300, latestRestorableLagMs: 60_000 },
  };
  await world.play({ next: HALF, rds: late, inputs: { 'restore-timeout': '3s' } }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'failed',
      state: 'changed',
      says: [
        NEXT,
        'no restore was requested',
        'Production was changed',
        'restore-db-instance-to-point-in-time',
      ],
    });
    expect(run.changes.map(({ action }) => action)).not.toContain('RestoreDBInstanceToPointInTime');
  });
});
