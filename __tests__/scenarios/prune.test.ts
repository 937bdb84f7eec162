import { expect, test } from '@jest/globals';
import type { SnapshotFacts } from '../../src/domain/facts.ts';
import { TAG } from '../../src/domain/tags.ts';
import { T0 } from '../fakes/clock.ts';
import { World } from '../fakes/world.ts';
import { ADD_STATUS, HALF } from './scripts.ts';

const snapshot = (age: number, phase: string, change: Partial<SnapshotFacts> = {}): SnapshotFacts => ({
  identifier: `gm-shop-prod-${age}-1`,
  arn: `arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-${age}-1`,
  status: 'available',
  percent: 100,
  sourceIdentifier: 'shop-prod',
  sourceResourceId: 'db-SOURCE',
  createdAt: T0 - age * 86_400_000,
  tags: { 'managed-by': 'guarded-migrate', [TAG.sourceResourceId]: 'db-SOURCE', [TAG.phase]: phase },
  ...change,
});

const others: readonly SnapshotFacts[] = [
  snapshot(1, 'applied'),
  snapshot(2, 'failed'),
  snapshot(3, 'applied'),
  snapshot(4, 'migrating'),
  snapshot(5, 'snapshot'),
  snapshot(6, 'applied'),
  snapshot(7, 'applied', { sourceIdentifier: 'users-prod' }),
  snapshot(8, 'applied', {
    tags: { 'managed-by': 'guarded-migrate', [TAG.sourceResourceId]: 'db-OTHER', [TAG.phase]: 'applied' },
  }),
  snapshot(9, 'applied', { tags: { [TAG.sourceResourceId]: 'db-SOURCE', [TAG.phase]: 'applied' } }),
  snapshot(10, 'applied', { status: 'creating' }),
  snapshot(11, 'applied'),
];

const deleted = async (
  keep: number,
  change: (world: World) => void = () => undefined,
): Promise<readonly string[]> => {
  const world = new World({ scripts: [ADD_STATUS], request: { snapshotKeep: keep } });
  world.cloud.others.push(...others);
  change(world);
  const { status } = await world.play();
  expect(status).toBe('applied');
  return world.cloud.calls
    .filter((call) => call.startsWith('deleteSnapshot'))
    .map((call) => call.split(' ')[1] ?? '');
};

test.each([
  [0, []],
  [1, ['gm-shop-prod-1-1', 'gm-shop-prod-3-1', 'gm-shop-prod-6-1', 'gm-shop-prod-11-1']],
  [3, ['gm-shop-prod-6-1', 'gm-shop-prod-11-1']],
  [9, []],
])(
  'snapshot-keep: %i keeps the newest of this database, failed and unfinished runs and strangers aside',
  async (keep, expected) => {
    expect(await deleted(keep)).toEqual(expected);
  },
);

test('a deletion that fails is a warning, and the others go on', async () => {
  const names = await deleted(1, (world) => {
    world.cloud.faults.deleteSnapshot = (name) =>
      name === 'gm-shop-prod-3-1' ? new Error('in use') : undefined;
  });
  expect(names).toHaveLength(4);
});

test('a failed run deletes nothing', async () => {
  const world = new World({ scripts: [HALF], request: { snapshotKeep: 1 } });
  world.cloud.others.push(...others);
  expect((await world.play()).status).toBe('failed');
  expect(world.cloud.calls.filter((call) => call.startsWith('deleteSnapshot'))).toEqual([]);
});
