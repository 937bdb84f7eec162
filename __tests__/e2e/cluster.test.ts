/** Aurora: snapshots and restores are the cluster's, and a restored cluster answers only once it has instances. */
import { afterAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { RARE, SPARE } from './cluster-policy.ts';
import { slackText } from './deployed.ts';
import { expectHonest, expectInOrder, expectRun } from './honest.ts';
import { cleanUp } from './permissions-cleanup.ts';
import { type Calls, idle, missing, statements, uncalled } from './permissions-compare.ts';
import { type Case, GOOD, HALF, NEXT, openWorld } from './world.ts';

// A cut-over interrupts everybody who is connected to the server, so it has one of its own.
const [world, apart] = await Promise.all([openWorld(), openWorld()]);
afterAll(async () => {
  await Promise.all([world, apart].map((each) => each[Symbol.asyncDispose]()));
});

const played: (Calls & { readonly mode: string })[] = [];

/** Every call that a press makes; only in cases with an RDS of their own, where nobody else makes any. */
async function recorded<T>(mode: string, { id: database, rds }: Case, press: () => Promise<T>): Promise<T> {
  const from = rds.calls.length;
  const result = await press();
  played.push({ mode, database, calls: rds.calls.slice(from) });
  return result;
}

const tagsOf = (tags: readonly { readonly key: string; readonly value: string }[] = []) =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]));

const rowsAt = async (url: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('SELECT row_to_json(o)::text AS row FROM "orders" o ORDER BY id')).rows;
  } finally {
    await client.end();
  }
};

const restoredUrl = (the: Case, outputs: Readonly<Record<string, string>>): string => {
  const at = new URL(the.url);
  at.host = `${outputs['restored-endpoint']}:${outputs['restored-port']}`;
  return at.href;
};

test.concurrent('a good deploy takes a snapshot of the cluster', () =>
  world.play({ next: GOOD, members: ['a', 'b'], rds: {} }, async (the) => {
    const member = { 'db-cluster-identifier': '', 'db-instance-identifier': `${the.id}-a` };
    for (const mode of ['plan', 'doctor']) {
      const looked = await recorded(mode, the, () => the.deploy({ inputs: { ...member, mode } }));
      expect([mode, looked.outputs.status]).toEqual([mode, 'planned']);
    }
    const run = await recorded('deploy', the, () => the.deploy());
    expectRun(run, {
      status: 'applied',
      state: 'changed',
      says: ['1 migration applied'],
      aws: ['CreateDBClusterSnapshot', 'AddTagsToResource', 'AddTagsToResource'],
    });
    const made = the.rds.clusterSnapshots().find(({ id }) => id === run.outputs['snapshot-identifier']);
    expect(made).toMatchObject({ clusterId: the.id, status: 'available' });
    expect(made?.arn).toBe(run.outputs['snapshot-arn']);
    expect(tagsOf(made?.tags)).toMatchObject({ team: 'checkout', 'guarded-migrate:phase': 'applied' });
    const cleaned = await cleanUp(the.rds, { kind: 'cluster', id: the.id });
    played.push({ mode: 'cleanup', database: the.id, calls: cleaned.calls });
    expect([cleaned.status, cleaned.log]).toEqual(['applied', expect.stringContaining(': delete, ')]);
    expect(the.rds.violations).toEqual([]);
  }));

test.concurrent('half applied: a restored cluster with members like the source, verified', () =>
  world.play({ next: HALF, members: ['a', 'b'], rds: {} }, async (the) => {
    const before = await rowsAt(the.url);
    const run = await recorded('deploy', the, () => the.deploy());
    expect(the.rds.jobFailures).toEqual([]);
    expectRun(run, {
      status: 'restored',
      state: 'restored',
      says: [NEXT],
    });
    expect(run.changes.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['RestoreDBClusterToPointInTime', 'CreateDBInstance']),
    );
    const restored = the.rds.clusters().find(({ id }) => id === run.outputs['restored-identifier']);
    const source = the.rds.clusters().find(({ id }) => id === the.id);
    expect(restored).toMatchObject({
      resourceId: run.outputs['restored-resource-id'],
      members: [`${restored?.id}-1`, `${restored?.id}-2`],
      parameterGroup: source?.parameterGroup,
      securityGroups: source?.securityGroups,
      deletionProtection: true,
      iamAuth: true,
      storageType: 'aurora-iopt1',
    });
    expect(tagsOf(restored?.tags)).toMatchObject({ team: 'checkout', 'guarded-migrate:phase': 'restored' });
    expect(await rowsAt(restoredUrl(the, run.outputs))).toEqual(before);
    expect(run.log).toContain(`Add instances to ${restored?.id}`);
    expectInOrder(slackText(run.slack[0]?.body ?? {}), [NEXT]);
    expect(the.rds.violations).toEqual([]);
  }));

test.concurrent('a member given as an instance stands for its cluster, and that is said', () =>
  world.play({ next: HALF, members: ['a'], rds: {} }, async (the) => {
    const inputs = { 'db-cluster-identifier': '', 'db-instance-identifier': `${the.id}-a` };
    const run = await recorded('deploy', the, () => the.deploy({ inputs }));
    expectRun(run, { status: 'restored', state: 'restored', says: [NEXT] });
    expect(run.log).toContain(`${the.id}-a is a member of the DB cluster ${the.id}`);
    expect(run.outputs['snapshot-identifier']).toMatch(new RegExp(`^gm-${the.id}-\\d`));
    const restored = the.rds.clusters().find(({ id }) => id === run.outputs['restored-identifier']);
    expect(restored?.members).toEqual([`${restored?.id}-1`]);
    expect(the.rds.violations).toEqual([]);
  }));

test.concurrent('a cluster of another engine is refused before anything is touched', () =>
  world.play({ next: HALF, members: ['a'] }, async (the) => {
    the.rds.changeCluster(the.id, { engine: 'aurora-mysql' });
    const run = await the.deploy();
    expectRun(run, { status: 'refused', aws: [], says: ['aurora-mysql', 'PostgreSQL'] });
  }));

test.concurrent('a cluster without instances is refused before anything is touched', () =>
  world.play({ next: HALF, members: ['a'] }, async (the) => {
    the.rds.loseMembers(the.id);
    const run = await the.deploy();
    expectRun(run, { status: 'refused', aws: [], says: ['has no DB instance'] });
  }));

test.concurrent('a restore that nobody waited for is finished by a rollback: members, then the comparison', () =>
  world.play({ next: HALF, members: ['a'], rds: {} }, async (the) => {
    const before = await rowsAt(the.url);
    const first = await the.deploy({ inputs: { 'wait-for-restore': 'false' } });
    expectRun(first, { status: 'restoring', state: 'changed', says: [NEXT, 'describe-db-clusters'] });
    const name = first.outputs['restored-identifier'] ?? '';
    await the.rds.settled();
    expect(the.rds.clusters().find(({ id }) => id === name)?.members).toEqual([]);
    const runId = /-gm-r-(\d+)-1$/.exec(name)?.[1] ?? '';
    const inputs = { mode: 'rollback', 'run-id': runId };
    const second = await recorded('rollback', the, () => the.deploy({ inputs }));
    expect([second.outputs.status, second.exitCode]).toEqual(['restored', 0]);
    expectHonest(second);
    expect(second.changes.map(({ action }) => action)).not.toContain('RestoreDBClusterToPointInTime');
    expect(the.rds.clusters().find(({ id }) => id === name)?.members).toEqual([`${name}-1`]);
    expect(await rowsAt(restoredUrl(the, second.outputs))).toEqual(before);
    expect([the.rds.violations, the.rds.jobFailures]).toEqual([[], []]);
  }));

test.concurrent('a cut-over gives the restored cluster the name of production, members keep theirs', () =>
  apart.play({ next: HALF, members: ['a'], rds: { endpoints: 'names' } }, async (the) => {
    const env = { ...the.rds.environment, DATABASE_URL: the.rds.clusterUrl(the.id, the.database) };
    const before = await rowsAt(the.url);
    const old = the.rds.clusters().find(({ id }) => id === the.id);
    const first = await the.deploy({ env });
    expect([first.outputs.status, first.outputs['restored-endpoint']]).toEqual([
      'restored',
      expect.stringContaining('.cluster-'),
    ]);
    const name = first.outputs['restored-identifier'] ?? '';
    const inputs = { mode: 'promote', promote: 'rename', 'restored-identifier': name, confirm: the.id };
    const second = await recorded('promote', the, () => the.deploy({ env, inputs }));
    expect([second.outputs.status, second.exitCode]).toEqual(['promoted', 0]);
    expectHonest(second);
    const now = the.rds.clusters();
    expect(now.find(({ id }) => id === the.id)).toMatchObject({
      resourceId: first.outputs['restored-resource-id'],
      members: [`${name}-1`],
    });
    expect(now.find(({ resourceId }) => resourceId === old?.resourceId)).toMatchObject({
      id: expect.stringContaining('-replaced-'),
      members: [`${the.id}-a`],
    });
    const at = new URL(the.url);
    at.host = `${the.rds.storageOf(the.id).host}:${the.rds.storageOf(the.id).port}`;
    expect(await rowsAt(at.href)).toEqual(before);
    expect([the.rds.violations, the.rds.jobFailures]).toEqual([[], []]);
  }));

describe.each(['plan', 'doctor', 'deploy', 'rollback', 'promote', 'cleanup'])('the policy of %s', (mode) => {
  const policy = statements(`cluster-${mode}`);
  const calls = () => played.filter((each) => each.mode === mode);
  const named = (names: readonly string[]) => names.map((each) => `${mode} ${each}`);
  const listed = (list: typeof RARE) => Object.keys(list).filter((each) => each.startsWith(`${mode} `));

  test('allows every call, on every resource that AWS checks', () => {
    expect(calls().flatMap((each) => each.calls).length).toBeGreaterThan(0);
    expect(missing(policy, calls())).toEqual([]);
  });

  test('allows nothing else but what is rare', () => {
    expect(named(uncalled(policy, calls()))).toEqual(listed(RARE));
    expect(named(idle(policy, calls()))).toEqual(listed(SPARE));
  });
});
