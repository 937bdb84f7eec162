/** Clusters beyond the one that is restored to a time: windows, snapshots, names, settings; on the lab. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { type Amazon, createAmazon } from '../../src/adapters/rds/amazon.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { ourTags } from '../../src/domain/tags.ts';
import { RUN, waiting } from '../contract/shared.ts';
import { pointAt } from './support/scripted-aws.ts';

const DURATIONS = {
  snapshotMs: 100,
  restoreMs: 100,
  memberMs: 100,
  modifyMs: 60,
  renameMs: 200,
  latestRestorableLagMs: 300,
};

let storage: Cluster;
let rds: RdsLab;
let aim: Disposable;
let amazon: Amazon;
let source: InstanceFacts;

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('expected something');
  return value;
};
const until = waiting(() => wait(50));
const now = (facts: InstanceFacts) => amazon.fleet.byResource(facts.resourceId);

beforeAll(async () => {
  storage = await startCluster({ name: 'fleet' });
  rds = await startRds({ durations: DURATIONS });
  await rds.registerCluster(
    {
      id: 'shop',
      subnetGroup: 'private',
      securityGroups: ['sg-shop'],
      maintenanceWindow: 'sun:03:00-sun:03:30',
    },
    storage,
  );
  await rds.register({ id: 'alone' }, storage);
  aim = pointAt(rds.url);
  amazon = createAmazon({
    targetKind: 'cluster',
    region: rds.region,
    clock: systemClock,
    onRetry: () => {},
  });
  source = must(await amazon.recovery.instance('shop'));
});
afterEach(() => {
  expect([rds.violations, rds.jobFailures]).toEqual([[], []]);
});
afterAll(async () => {
  aim?.[Symbol.dispose]();
  await rds?.stop();
  await storage?.stop();
});

test('lists clusters and nothing else, and finds one by its resource id', async () => {
  expect((await amazon.fleet.all()).map(({ identifier, kind }) => [identifier, kind])).toEqual([
    ['shop', 'cluster'],
  ]);
  expect(await now(source)).toMatchObject({ identifier: 'shop', members: ['shop-1', 'shop-2'] });
  expect(await amazon.fleet.byResource('cluster-NOBODY')).toBeUndefined();
});

test('tells the restorable window', async () => {
  const window = must(await amazon.fleet.window(source.resourceId));
  expect(window.status).toBe('active');
  expect(window.latest).toBeGreaterThanOrEqual(window.earliest);
});

test('takes a member for its cluster, whichever of the two was meant', async () => {
  const meant = createAmazon({
    targetKind: 'instance',
    region: rds.region,
    clock: systemClock,
    onRetry: () => {},
  });
  const found = must(await meant.recovery.instance('shop-2'));
  expect(found).toMatchObject({ kind: 'cluster', identifier: 'shop', resolvedFrom: 'shop-2' });
  expect(found.resourceId).toBe(source.resourceId);
  // From here on plain names are those of clusters.
  expect((await meant.fleet.all()).map(({ identifier }) => identifier)).toEqual(['shop']);
  expect((await amazon.recovery.instance('shop-1'))?.resolvedFrom).toBe('shop-1');
  expect(await amazon.recovery.instance('alone')).toBeUndefined();
});

test('restores a snapshot, adds members once, mends settings, renames', async () => {
  const tags = ourTags(RUN, { sourceResourceId: source.resourceId, phase: 'restoring' });
  await amazon.recovery.createSnapshot({ identifier: 'gm-shop-81-1', source, tags });
  const [snapshot] = must(
    await until(
      async () => (await amazon.recovery.snapshots('gm-shop-81-1')).snapshots,
      (found) => found?.[0]?.status === 'available',
    ),
  );
  const spec = { source, snapshot: must(snapshot), identifier: 'shop-gm-r-81-1', tags };
  const asked = await amazon.fleet.restoreSnapshot(spec);
  expect((await amazon.fleet.restoreSnapshot(spec)).resourceId).toBe(asked.resourceId);
  const empty = must(
    await until(
      () => now(asked),
      (seen) => seen?.clusterStatus === 'available',
    ),
  );
  const members = ['shop-gm-r-81-1-1', 'shop-gm-r-81-1-2'];
  expect(await amazon.settings.addMembers(source, empty)).toEqual(members);
  // Once more with the old look, as after a kill, and with a new one.
  expect(await amazon.settings.addMembers(source, empty)).toEqual([]);
  const restored = must(
    await until(
      () => now(asked),
      (seen) => seen?.status === 'available',
    ),
  );
  expect(restored.members).toEqual(members);
  expect(await amazon.settings.addMembers(source, restored)).toEqual([]);
  // Without names the lab has a port of its own for every database.
  const compare = (facts: InstanceFacts) =>
    amazon.settings.compare(source, facts).filter(({ name }) => name !== 'Port');
  const differences = compare(restored);
  expect(differences.map(({ name, mend }) => [name, mend])).toEqual([
    ['PreferredMaintenanceWindow', 'modify'],
  ]);
  expect(differences[0]?.call).toContain('aws rds modify-db-cluster --region eu-central-1');
  expect(await amazon.settings.mend(source, restored, differences)).toEqual(['PreferredMaintenanceWindow']);
  await rds.settled();
  expect(compare(must(await now(asked)))).toEqual([]);
  await amazon.fleet.rename(restored, 'Shop-New');
  await amazon.fleet.rename(restored, 'shop-new');
  const renamed = await until(
    () => now(asked),
    (seen) => seen?.identifier === 'shop-new' && seen.status === 'available',
  );
  expect(renamed?.members).toEqual(members);
  const done = rds.calls.filter(
    ({ params, result }) => params.NewDBClusterIdentifier === 'shop-new' && result === 'ok',
  );
  expect(done).toHaveLength(1);
});

test('does not take a name that another cluster has', async () => {
  const [, other] = await amazon.fleet.all();
  const problems = await amazon.fleet.rename(must(other), 'shop').catch(problemsOf);
  expect(problems).toMatchObject([{ code: 'instance-name-taken', fields: { name: 'shop' } }]);
});
