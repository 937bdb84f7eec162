/** Back by hand, on the built action: a deploy fails and only alerts, a second job goes back to its restore point. */
import { afterAll, expect, test } from '@jest/globals';
import { type Deployed, slackText } from './deployed.ts';
import { expectHonest, expectInOrder } from './honest.ts';
import { type Case, HALF, openWorld } from './world.ts';

const world = await openWorld();
afterAll(async () => world[Symbol.asyncDispose]());

const ALERT = { 'on-failure': 'alert' };
const runOf = (run: Deployed): string => /, run (\d+), attempt/.exec(run.log)?.[1] ?? '';
const lossOf = (run: Deployed): Record<string, unknown> =>
  JSON.parse(run.outputs['write-loss'] ?? '{}') as Record<string, unknown>;

/** Calls that change something, without the one that mends settings. */
const acted = (run: Deployed): readonly string[] =>
  run.changes.map(({ action }) => action).filter((action) => action !== 'ModifyDBInstance');

/** The counters of a session are handed in when it ends at the latest. */
async function counted(the: Case, inserted: number): Promise<void> {
  const sql = `SELECT n_tup_ins AS n FROM pg_stat_user_tables WHERE relname = 'orders'`;
  while (Number((await the.query(sql))[0]?.n ?? 0) < inserted)
    await the.query('SELECT pg_stat_force_next_flush()');
}

test.concurrent('restored and verified; what was written in between is counted and told', async () => {
  await world.play({ next: HALF, inputs: ALERT }, async (the) => {
    const broken = await the.deploy();
    expect(broken.outputs).toMatchObject({ status: 'failed', 'database-state': 'changed' });
    const before = Number((await the.query('SELECT count(*) AS n FROM orders'))[0]?.n);
    const [counter] = await the.query(
      `SELECT n_tup_ins AS n FROM pg_stat_user_tables WHERE relname = 'orders'`,
    );
    await the.query('INSERT INTO orders (total) SELECT generate_series(1, 17)');
    await counted(the, Number(counter?.n ?? 0) + 17);

    const back = await the.deploy({ inputs: { mode: 'rollback', 'run-id': runOf(broken) } });
    expectHonest(back);
    expect({ exit: back.exitCode, ...back.outputs, told: back.told }).toMatchObject({
      exit: 0,
      status: 'restored',
      'database-state': 'restored',
      'restore-time': broken.outputs['restore-time'],
    });
    expect(back.outputs['error-message']).toBeUndefined();
    expect(back.outputs['restored-identifier']).toBe(`${the.id}-gm-r-${runOf(broken)}-1`);
    expect(back.outputs['restored-resource-id']).toMatch(/^db-/);
    // Half of the hundred rows went with the migration; they are in the counters, and an upper bound says so.
    expect(lossOf(back)).toMatchObject({
      since: broken.outputs['restore-time'],
      rows: 67,
      tables: [{ table: 'public.orders', inserted: 17, updated: 0, deleted: 50 }],
    });
    expectInOrder(back.told, [
      'is restored beside production and verified',
      'Production was not touched',
      'at most 67 rows',
      'upper bound',
      'psql',
      'mode: promote',
      `confirm: ${the.id}`,
    ]);
    expect(back.summary).toContain('What a cut-over would lose');
    expect(acted(back)).toEqual(['RestoreDBInstanceToPointInTime', 'AddTagsToResource']);
    expect(Number((await the.query('SELECT count(*) AS n FROM orders'))[0]?.n)).toBe(before + 17);

    const again = await the.deploy({ inputs: { mode: 'rollback', 'run-id': runOf(broken) } });
    expect(again.outputs).toMatchObject({
      status: 'restored',
      'restored-resource-id': back.outputs['restored-resource-id'],
    });
    expect(acted(again)).toEqual(['AddTagsToResource']);
    expect(again.log).toContain('exists already');
  });
});

test.concurrent('cancelled while AWS restores: the post step says so once, and the same inputs go on', async () => {
  const durations = { snapshotMs: 300, restoreMs: 6_000, backingUpMs: 300, latestRestorableLagMs: 300 };
  await world.play({ next: HALF, inputs: ALERT, rds: { durations } }, async (the) => {
    const broken = await the.deploy();
    const inputs = { mode: 'rollback', 'run-id': runOf(broken) };
    const cut = await the.deploy({
      inputs,
      onStart: (step) => void step.line(/restore to .* requested/).then(() => step.cancel()),
    });
    expect(cut.outputs.status).toBe('cancelled');
    expect(cut.slack).toHaveLength(1);
    expect(cut.result.post?.stdout).toContain('goes on in AWS');
    const back = await the.deploy({ inputs });
    expect(back.outputs).toMatchObject({ status: 'restored', 'database-state': 'restored' });
    expect(acted(back)).toEqual(['AddTagsToResource']);
  });
});

test.concurrent('killed while AWS restores: the post step tells Slack once and publishes what is known', async () => {
  const durations = { snapshotMs: 300, restoreMs: 600_000, backingUpMs: 300, latestRestorableLagMs: 300 };
  await world.play({ next: HALF, inputs: ALERT, rds: { durations } }, async (the) => {
    const broken = await the.deploy();
    const cut = await the.deploy({
      inputs: { mode: 'rollback', 'run-id': runOf(broken) },
      onStart: (step) => void step.line(/restore to .* requested/).then(() => step.kill('SIGKILL')),
    });
    expect(cut.slack).toHaveLength(1);
    expect(slackText(cut.slack[0]?.body ?? {})).toContain('Rollback of');
    expect(slackText(cut.slack[0]?.body ?? {})).toContain('same inputs');
    expect(cut.result.post?.stdout).toContain('goes on in AWS');
    expect(cut.result.post?.exitCode).toBe(0);
    expect(acted(cut)).toEqual(['RestoreDBInstanceToPointInTime']);
  });
});

test.concurrent('refused: an unknown run, a second in the future, a snapshot that does not exist', async () => {
  await world.play({ shared: true }, async (the) => {
    const future = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+/, '');
    for (const [name, value, says] of [
      ['run-id', '4711', 'carries the tags of run 4711'],
      ['restore-time', future, 'restorable window'],
      ['snapshot-identifier', 'nothing-here', 'does not exist'],
    ] as const) {
      const run = await the.deploy({ inputs: { mode: 'rollback', [name]: value } });
      expectHonest(run);
      expect([run.exitCode, run.outputs.status, run.changes]).toEqual([1, 'refused', []]);
      expectInOrder(run.told, [says, 'not touched']);
    }
  });
});
