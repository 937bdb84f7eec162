/** The main job on MySQL or MariaDB, instance and Aurora cluster: the same promises, kept by other means (docs/adr/0011). */
import { expect, test } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { describeMysql } from '../mysql.ts';
import { slackText } from './deployed.ts';
import { expectHonest, expectRun } from './honest.ts';
import { openMysql } from './store.ts';
import { type Case, type CaseOptions, NEXT, openWorld } from './world.ts';

const GOOD = 'ALTER TABLE `orders` ADD COLUMN `note` TEXT;\n';
/** Drops half the rows, then fails on its last line (line 3). */
const HALF =
  'ALTER TABLE `orders` ADD COLUMN `half` TEXT;\nDELETE FROM `orders` WHERE `id` % 2 = 0;\nALTER TABLE `orders` ADD CONSTRAINT `orders_total_check` CHECK (`total` > 1000);\n';
const BROKEN = 'ALTER TABLE `orders` ADD COLUMN `total` INTEGER;\n';
/** InnoDB undoes it when it is cancelled. */
const SLOW = 'UPDATE `orders` SET `total` = `total` + SLEEP(2);\n';

const rowsAt = async (url: string): Promise<unknown> => {
  const client = await createConnection(url);
  try {
    return (await client.query('SELECT * FROM orders ORDER BY id'))[0];
  } finally {
    await client.end();
  }
};

const restoredUrl = (the: Case, outputs: Readonly<Record<string, string>>): string => {
  const at = new URL(the.url);
  at.host = `${outputs['restored-endpoint']}:${outputs['restored-port']}`;
  return at.href;
};

describeMysql('the main job', (flavor) => {
  // Prisma's lock belongs to the whole server, so that two deploys at once need two servers.
  const play = async (options: CaseOptions, about: (the: Case) => Promise<void>): Promise<void> => {
    await using world = await openWorld({ store: await openMysql({ flavor }) });
    await world.play(options, about);
  };

  test.concurrent('a good file is applied, and the plan says that the rules do not know it', () =>
    play({ next: GOOD }, async (the) => {
      const plan = await the.deploy({ inputs: { mode: 'plan' } });
      expect([plan.outputs.status, plan.exitCode]).toEqual(['planned', 0]);
      expect(plan.summary).toContain('the rules know PostgreSQL only');
      const run = await the.deploy();
      expectRun(run, { status: 'applied', state: 'changed', says: ['1 migration applied'] });
      expect(run.log).toMatch(flavor === 'mysql' ? / MySQL \d+\.\d/ : / MariaDB \d+\.\d/);
    }));

  test.concurrent('half applied: restored to the second before, rows and all, and told which line failed', () =>
    play({ next: HALF, rds: {} }, async (the) => {
      const before = await rowsAt(the.url);
      const run = await the.deploy();
      expectRun(run, { status: 'restored', state: 'restored', says: [NEXT, 'line 3'] });
      expect(await rowsAt(restoredUrl(the, run.outputs))).toEqual(before);
      expect([the.rds.violations, the.rds.jobFailures]).toEqual([[], []]);
    }));

  test.concurrent('a failing first statement leaves nothing, and the next deploy is not blocked', () =>
    play({ next: BROKEN }, async (the) => {
      const run = await the.deploy();
      expectRun(run, { status: 'failed', state: 'unchanged', says: [NEXT, 'The column exists already'] });
      expect(run.outputs['error-code']).toBe('1060');
      the.project.add(NEXT, GOOD);
      expect((await the.deploy()).outputs.status).toBe('applied');
    }));

  test.concurrent('a statement that runs too long is cancelled by the watcher', () =>
    play({ next: SLOW, inputs: { 'statement-timeout': '3s', 'lock-timeout': '2s' } }, async (the) => {
      const run = await the.deploy();
      expectRun(run, {
        status: 'failed',
        state: 'unchanged',
        says: [NEXT, 'ran longer than statement-timeout'],
      });
      expect(run.outputs['error-code']).toBe('1317');
    }));

  test.concurrent('a wait for a lock is ended, tried again, and succeeds when the other has gone', () =>
    play({ next: GOOD, inputs: { 'lock-timeout': '2s', 'statement-timeout': '20s' } }, async (the) => {
      const other = await createConnection(the.url);
      await other.beginTransaction();
      await other.query('SELECT COUNT(*) FROM orders');
      const run = await the.deploy({
        onStart: (step) => {
          const free = step.line(/try 2 follows/).then(() => other.rollback());
          void free.catch(() => undefined).finally(() => other.end());
        },
      });
      expectRun(run, { status: 'applied', state: 'changed', says: ['1 migration applied'] });
      expect(run.log).toContain('lock-timeout passed');
    }));

  test.concurrent('another deploy holds Prisma’s lock: refused before anything is touched', () =>
    play({ next: GOOD }, async (the) => {
      const other = await createConnection(the.url);
      await other.query("SELECT GET_LOCK('prisma_migrate', 0)");
      const run = await the.deploy().finally(() => other.end());
      expectRun(run, { status: 'refused', aws: [], says: ['Another migration is running', 'KILL '] });
      // Prisma's session would be a stranger's to the guard, and the server would work on unseen.
      const admin = the.url.replace(/\/\/[^@]+@/, '//root:root-lab-1@');
      const two = await the.deploy({ env: { DIRECT_URL: admin } });
      expectRun(two, { status: 'refused', aws: [], says: ['we could not watch it'] });
    }));

  test.concurrent('main is killed while the server works: the post step stops the server and finishes', () =>
    play({ next: SLOW, inputs: { 'wait-for-restore': 'false' } }, async (the) => {
      const before = await rowsAt(the.url);
      const run = await the.deploy({
        onStart: (step) => void step.line(/Applying migration/).then(() => step.kill('SIGKILL')),
      });
      expect(run.exitCode).not.toBe(0);
      const busy = await the.query(
        `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${the.database}' AND COMMAND <> 'Sleep' AND ID <> CONNECTION_ID()`,
      );
      expect(busy).toEqual([]);
      expect(slackText(run.slack[0]?.body ?? {})).toContain(NEXT);
      expect(await rowsAt(the.url)).toEqual(before);
      // Nobody saw how the statement ended, so a copy of the second before is asked for.
      expect(run.changes.map(({ action }) => action)).toContain('RestoreDBInstanceToPointInTime');
    }));

  test.concurrent('an Aurora cluster fails, is rolled back by its run id and cut over: its name serves the restored rows', () =>
    play({ next: HALF, members: ['a'], rds: { endpoints: 'names' } }, async (the) => {
      const env = { ...the.rds.environment, DATABASE_URL: the.rds.clusterUrl(the.id, the.database) };
      const before = await rowsAt(the.url);
      const failed = await the.deploy({ env, inputs: { 'on-failure': 'alert' } });
      expectRun(failed, { status: 'failed', state: 'changed', says: [NEXT] });
      const runId = /, run (\d+), attempt/.exec(failed.log)?.[1] ?? '';
      const inputs = { mode: 'rollback', 'run-id': runId, promote: 'rename', confirm: the.id };
      const back = await the.deploy({ env, inputs });
      expect([back.outputs.status, back.exitCode]).toEqual(['promoted', 0]);
      expectHonest(back);
      expect(JSON.parse(back.outputs['write-loss'] ?? '{}')).toHaveProperty('since');
      const { host, port } = the.rds.storageOf(the.id);
      const at = new URL(the.url);
      at.host = `${host}:${port}`;
      expect(await rowsAt(at.href)).toEqual(before);
      expect([the.rds.violations, the.rds.jobFailures]).toEqual([[], []]);
    }));
});
