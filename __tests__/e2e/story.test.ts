import { afterAll, describe, expect, test } from '@jest/globals';
import { slackText } from './deployed.ts';
import { expectHonest, expectInOrder, expectRun } from './honest.ts';
import { BROKEN, type Case, GOOD, HALF, INIT, NEXT, openWorld } from './world.ts';

// Settings are mended only once the first backup is over, and here that must not depend on who is faster.
const durations = { snapshotMs: 300, restoreMs: 500, backingUpMs: 1, latestRestorableLagMs: 300 };
const world = await openWorld({ rds: { durations } });
afterAll(async () => world[Symbol.asyncDispose]());

const rows = (the: Pick<Case, 'query'>): Promise<readonly unknown[]> =>
  the.query('SELECT row_to_json(o)::text AS row FROM "orders" o ORDER BY id');

const history = async (the: Case): Promise<readonly unknown[]> =>
  the.query(
    'SELECT migration_name AS name, finished_at IS NOT NULL AS done, rolled_back_at IS NOT NULL AS undone FROM _prisma_migrations ORDER BY started_at',
  );

test.concurrent('a good deploy, then one with nothing pending', () =>
  world.play({ next: GOOD, inputs: { 'slack-on': 'always' } }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'applied',
      state: 'changed',
      says: ['1 migration applied', 'Nothing to do'],
      aws: ['CreateDBSnapshot', 'AddTagsToResource', 'AddTagsToResource'],
    });
    const snapshot = run.outputs['snapshot-identifier'] ?? '';
    expect(run.outputs).toMatchObject({
      'pending-migrations': JSON.stringify([NEXT]),
      'applied-migrations': JSON.stringify([NEXT]),
      'snapshot-arn': expect.stringContaining(`:snapshot:${snapshot}`),
      'restore-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      'migration-duration-ms': expect.stringMatching(/^\d+$/),
      'duration-ms': expect.stringMatching(/^\d+$/),
    });
    for (const name of ['failed-migration', 'error-code', 'error-message', 'restored-identifier'])
      expect(run.outputs).not.toHaveProperty(name);
    const tags = Object.fromEntries(
      (world.rds.snapshots().find(({ id }) => id === snapshot)?.tags ?? []).map(({ key, value }) => [
        key,
        value,
      ]),
    );
    expect(tags).toMatchObject({
      team: 'checkout',
      'managed-by': 'guarded-migrate',
      'guarded-migrate:phase': 'applied',
      'guarded-migrate:repository': 'acme/shop',
      'guarded-migrate:restore-time': run.outputs['restore-time'],
    });
    expect(run.slack.map(({ body }) => body.text)).toEqual([expect.stringContaining(the.id)]);
    const quiet = await the.deploy();
    expectRun(quiet, { status: 'up-to-date', aws: [], says: ['Nothing to migrate', 'Nothing to do'] });
    expect(quiet.calls).toEqual([]);
    expect(quiet.outputs['pending-migrations']).toBe('[]');
  }));

test.concurrent('half applied: restored to the second before, beside production, row by row', () =>
  world.play({ next: HALF, instance: { storageType: 'gp3', publiclyAccessible: false } }, async (the) => {
    const before = await rows(the);
    const run = await the.deploy();
    expectRun(run, {
      status: 'restored',
      state: 'restored',
      says: [
        NEXT,
        'orders_total_check',
        '(23514)',
        'Production was changed',
        'equal',
        'restored beside production',
        'psql',
      ],
      aws: [
        'CreateDBSnapshot',
        'AddTagsToResource',
        'AddTagsToResource',
        'RestoreDBInstanceToPointInTime',
        'AddTagsToResource',
        // The maintenance window, which no restore takes.
        'ModifyDBInstance',
      ],
    });
    const restoredId = run.outputs['restored-identifier'] ?? '';
    const restored = world.rds.clusterOf(restoredId);
    const got = await rows({ query: (sql) => restored.query(sql, [], the.database) });
    expect(got).toEqual(before);
    expect(await rows(the)).toHaveLength(50);
    expectSameSettings(the.id, restoredId);
    expect(run.outputs).toMatchObject({
      'failed-migration': NEXT,
      'error-code': '23514',
      'applied-migrations': '[]',
      'restored-port': String(restored.port),
      'restored-endpoint': '127.0.0.1',
      'restored-resource-id': expect.stringMatching(/^db-/),
    });
    expectAlerts(run);
    expect(run.annotations[0]).toMatchObject({
      name: 'error',
      properties: { file: `prisma/migrations/${NEXT}/migration.sql`, line: '3' },
    });
    for (const step of (run.report?.steps ?? []) as readonly { readonly title: string }[])
      expect(run.summary).toContain(step.title);
    expect(run.report?.steps).toHaveLength(8);
  }));

function expectSameSettings(sourceId: string, restoredId: string): void {
  const [source, restored] = [sourceId, restoredId].map((id) =>
    world.rds.instances().find((each) => each.id === id),
  );
  const {
    id: _,
    status: __,
    resourceId: ___,
    arn: ____,
    port: _____,
    tags,
    ...wanted
  } = source ?? { tags: [] };
  expect(restored).toMatchObject({
    ...wanted,
    // The only setting that the API does not take at a restore (RestoreDBInstanceToPointInTime).
    maintenanceWindow: expect.any(String),
    availabilityZone: expect.anything(),
  });
  expect(restored?.tags).toEqual(expect.arrayContaining([...tags]));
}

function expectAlerts(run: Awaited<ReturnType<Case['deploy']>>): void {
  expect(run.slack).toHaveLength(2);
  const [first, second] = run.slack.map(({ body }) => slackText(body));
  expectInOrder(first ?? '', [NEXT, 'Wait for the next message']);
  expectInOrder(second ?? '', [NEXT, 'It was compared with the restore point and is equal']);
  const asked =
    run.calls.find(({ action }) => action === 'RestoreDBInstanceToPointInTime')?.at ?? new Date(0);
  expect(run.slack[0]?.at.getTime()).toBeLessThanOrEqual(asked.getTime());
  expect(run.slack[1]?.at.getTime()).toBeGreaterThan(asked.getTime());
}

test.concurrent('an unchanged failure is marked rolled back, and the corrected file goes through', () =>
  world.play({ next: BROKEN }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'failed',
      says: ['(42701)', 'unchanged', 'marked', 'Correct prisma/migrations', 'deploy again'],
      aws: ['CreateDBSnapshot', 'AddTagsToResource', 'AddTagsToResource'],
    });
    expect(await history(the)).toEqual([
      { name: INIT.name, done: true, undone: false },
      { name: NEXT, done: false, undone: true },
    ]);
    the.project.add(NEXT, GOOD);
    const again = await the.deploy();
    expectRun(again, { status: 'applied', state: 'changed' });
    expect((await history(the)).at(-1)).toEqual({ name: NEXT, done: true, undone: false });
  }));

describe('what the inputs choose', () => {
  test.concurrent.each([
    ['wait-for-restore: false', HALF, { 'wait-for-restore': 'false' }, 'restoring', 'changed', 1],
    ['on-failure: alert', HALF, { 'on-failure': 'alert' }, 'failed', 'changed', 0],
    ['on-failure: restore-always', BROKEN, { 'on-failure': 'restore-always' }, 'restored', 'restored', 1],
    ['snapshot: skip', HALF, { snapshot: 'skip' }, 'restored', 'restored', 1],
  ] as const)('%s', async (_, next, inputs, status, state, restores) =>
    world.play({ next, inputs }, async (the) => {
      const run = await the.deploy();
      expectRun(run, { status, state });
      const actions = run.calls.map(({ action }) => action);
      expect(actions.filter((each) => each === 'RestoreDBInstanceToPointInTime')).toHaveLength(restores);
      expect(actions.includes('CreateDBSnapshot')).toBe(!('snapshot' in inputs));
      expectHonest(run);
      await world.rds.settled();
    }),
  );
});
