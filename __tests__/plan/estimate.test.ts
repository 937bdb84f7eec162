import { expect, test } from '@jest/globals';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { describeEstimate, estimate } from '../../src/plan/estimate.ts';
import { SOURCE } from '../fakes/cloud.ts';

const instance = (change: Partial<InstanceFacts>): InstanceFacts => ({
  ...SOURCE,
  multiAz: false,
  settings: { StorageType: 'gp3' },
  ...change,
});

test.each([
  ['db.m7g.large', 0.168],
  ['db.r6g.2xlarge', 0.9],
  ['db.m6i.16xlarge', 5.696],
  ['db.t4g.micro', 0.016],
  ['db.t4g.xlarge', 0.258],
  ['db.x9z.large', undefined],
  ['db.m7g.metal', undefined],
  ['db.m7g', undefined],
  ['', undefined],
])('%s costs %s an hour', (instanceClass, price) => {
  const found = estimate(instance({ instanceClass })).instancePerHour;
  expect(found === undefined ? undefined : Math.round(found * 1000) / 1000).toBe(price);
});

test('two zones cost twice, another engine is not guessed', () => {
  expect(estimate(instance({ multiAz: true })).instancePerHour).toBeCloseTo(0.336);
  expect(estimate(instance({ engine: 'mysql' })).instancePerHour).toBeUndefined();
});

test('ranges grow with the storage and never turn round', () => {
  const [small, large] = [20, 4000].map((allocatedStorageGiB) => estimate(instance({ allocatedStorageGiB })));
  for (const each of [small, large])
    for (const [from = 0, to = 0] of [each?.snapshotMinutes ?? [], each?.restoreMinutes ?? []])
      expect(from).toBeLessThan(to);
  expect(large?.snapshotMinutes[1]).toBeGreaterThan(small?.snapshotMinutes[1] ?? 0);
});

test('the words name the date, the region and what is not known', () => {
  const known = describeEstimate(estimate(instance({ allocatedStorageGiB: 100 }))).join(' ');
  expect(known).toContain('$0.17 an hour');
  expect(known).toContain('$11.50 a month of storage');
  expect(known).toMatch(
    /list prices of mid-2026, us-east-1, not verified since: your region and contract differ/,
  );
  const unknown = describeEstimate(estimate(instance({ instanceClass: 'db.z1.large', settings: {} }))).join(
    ' ',
  );
  expect(unknown).toContain('the price of db.z1.large is not in our table');
  expect(unknown).not.toMatch(/undefined|NaN/);
});

test('Aurora: its storage is billed by use, so no figure is made of a size that AWS does not tell', () => {
  const aurora = instance({
    kind: 'cluster',
    engine: 'aurora-postgresql',
    allocatedStorageGiB: 1,
    members: ['shop-1', 'shop-2'],
    settings: {},
  });
  const found = estimate(aurora);
  expect([found.snapshotPerMonth, found.storagePerMonth, found.storageGiB, found.instancePerHour]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const words = describeEstimate(found).join(' ');
  expect(words).toContain('tells no size beforehand, so its cost is not known');
  expect(words).toContain('not in our table, for each of the 2 instances');
  expect(words).toContain('storage billed by use');
  expect(words).toContain('rds/aurora/pricing');
  expect(words).not.toMatch(/\d GiB|\$|undefined|NaN/);
});

test('a Multi-AZ DB cluster has three instances, whose price is not guessed from two zones', () => {
  const found = estimate(instance({ kind: 'cluster', multiAz: true }));
  expect([found.instancePerHour, found.storagePerMonth]).toEqual([undefined, undefined]);
});
