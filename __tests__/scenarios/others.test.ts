import { describe, expect, test } from '@jest/globals';
import type { SnapshotFacts } from '../../src/domain/facts.ts';
import { TAG } from '../../src/domain/tags.ts';
import { explain } from '../../src/report/explain.ts';
import { noticeWords } from '../../src/report/text.ts';
import { changed, type FakeBackend } from '../fakes/database.ts';
import { World, type WorldOptions } from '../fakes/world.ts';
import { ADD_STATUS, applied, HALF } from './scripts.ts';

const NAME = 'gm-shop-prod-8000-1';

/** What an earlier run of ours left in AWS: its snapshot, with how far it got. */
function left(world: World, phase: string, marked: number | undefined): void {
  const snapshot: SnapshotFacts = {
    identifier: NAME,
    arn: `arn:aws:rds:eu-west-1:123456789012:snapshot:${NAME}`,
    status: 'available',
    percent: 100,
    sourceIdentifier: 'shop-prod',
    sourceResourceId: 'db-SOURCE',
    createdAt: world.clock.now() - 600_000,
    tags: {
      'managed-by': 'guarded-migrate',
      [TAG.run]: '8000-1',
      [TAG.sourceResourceId]: 'db-SOURCE',
      [TAG.phase]: phase,
      ...(marked === undefined
        ? {}
        : { [TAG.restoreTime]: new Date(marked).toISOString().replace('.000Z', 'Z') }),
    },
  };
  world.cloud.others.push(snapshot);
  world.cloud.tagsOf.set(snapshot.arn, snapshot.tags);
}

/** A run that marked its second five minutes ago and began to migrate; its row is open. */
function begun(options: WorldOptions = {}): World {
  const world = new World({ scripts: [HALF], ...options });
  const marked = world.clock.now() - 300_000;
  left(world, 'migrating', marked);
  applied(world, HALF, { startedAt: marked + 2000, finishedAt: null });
  return world;
}

const otherGuard = (world: World): FakeBackend => world.database.open('guarded-migrate/8000-1/guard');

describe('another run is at work', () => {
  test('it applies its migration right now: refused, and nothing of it is touched or restored', async () => {
    const world = begun();
    world.database.lockHolder = otherGuard(world);
    world.database.open('guarded-migrate/8000-1').query = 'SELECT pg_advisory_lock(72707369)';
    const { status, run } = await world.play();
    expect(status).toBe('refused');
    expect(run.problems).toHaveLength(1);
    expect(run.plan).toBeUndefined();
    expect(world.cloud.mutations).toEqual([]);
  });

  test('a bare migrate deploy of somebody else: its row is open because it runs', async () => {
    const world = begun();
    world.database.open('psql').query = 'SELECT pg_advisory_lock(72707369)';
    const { status } = await world.play();
    expect(status).toBe('refused');
    expect(world.cloud.mutations).toEqual([]);
  });

  test('it has just failed and still works on it: refused, and its restore is left to it', async () => {
    const world = begun();
    world.database.lockHolder = otherGuard(world);
    const { status, run } = await world.play();
    expect([status, run.problems.map((each) => each.code)]).toEqual(['refused', ['guard-running']]);
    expect(world.cloud.mutations).toEqual([]);
  });

  test('it takes its snapshot: refused by name', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.database.lockHolder = otherGuard(world);
    const { status, run } = await world.play();
    expect([status, run.problems.map((each) => each.code)]).toEqual(['refused', ['guard-running']]);
    expect(run.problems[0]?.fields.application).toBe('guarded-migrate/8000-1/guard');
    expect(world.cloud.mutations).toEqual([]);
  });

  test('concurrency: wait looks again once the other has ended', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { concurrency: 'wait' } });
    world.database.lockHolder = otherGuard(world);
    world.clock.at(world.clock.now() + 120_000, () => {
      applied(world, ADD_STATUS);
      world.database.lockHolder = undefined;
    });
    const { status, run } = await world.play();
    expect(status).toBe('up-to-date');
    expect(run.notices.map(noticeWords).map(({ what }) => what)).toEqual([
      'Another guarded deploy of this database is at work (guarded-migrate/8000-1/guard). This one waits for its end, for at most 1 h 30 min.',
    ]);
    expect(world.cloud.mutations).toEqual([]);
  });

  test.each([
    ['applied', {}],
    ['begun', { finishedAt: null }],
  ])(
    'somebody without a guard migrates while the snapshot is taken: %s, and not called ours',
    async (state, row) => {
      const world = new World({ scripts: [ADD_STATUS] });
      world.clock.at(world.clock.now() + 2000, () => applied(world, ADD_STATUS, row));
      const { status, run } = await world.play();
      expect([status, run.problems.map(({ code, fields }) => [code, fields.state])]).toEqual([
        'failed',
        [['history-moved', state]],
      ]);
      expect([world.migrator.rounds, run.restorePoint, run.verdict]).toEqual([[], undefined, undefined]);
      expect(explain(run).data).toBe('This run changed nothing: it did not start the migration.');
      expect(world.cloud.mutations.some((call) => call.startsWith('restore'))).toBe(false);
    },
  );

  test('nothing pending does not ask for the lock', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    applied(world, ADD_STATUS);
    world.database.lockHolder = otherGuard(world);
    expect((await world.play()).status).toBe('up-to-date');
  });
});

describe('an earlier run died', () => {
  test('after it had begun to migrate: its restore is made, once, in its name; the deploy is refused', async () => {
    const world = begun();
    world.database.commit(
      'migration',
      changed(world.database.image, { objects: { 'table public.coupons': 'x' } }),
    );
    const { status, run } = await world.play();
    expect(status).toBe('restored');
    expect(run.problems.map((each) => each.code)).toEqual(['predecessor-unresolved']);
    expect(world.migrator.rounds).toEqual([]);
    const [spec] = world.cloud.restores;
    expect(spec?.identifier).toBe('shop-prod-gm-r-8000-1');
    expect(spec?.tags[TAG.run]).toBe('8000-1');
    expect(Date.parse(spec?.time ?? '')).toBe(Date.parse(world.cloud.others[0]?.tags[TAG.restoreTime] ?? ''));
  });

  test('on-failure: alert says so and restores nothing', async () => {
    const world = begun({ request: { onFailure: 'alert' } });
    const { status, run } = await world.play();
    expect([status, run.problems.map((each) => each.code)]).toEqual(['refused', ['predecessor-unresolved']]);
    // No restored database will be there to compare with.
    expect(explain(run).next[0]?.say).toMatch(/with a restore to that second/);
    expect(world.cloud.mutations).toEqual([]);
  });

  test('a failed row that is older than its restore point is not its own: the ordinary refusal', async () => {
    const world = new World({ scripts: [HALF] });
    left(world, 'migrating', world.clock.now() - 300_000);
    applied(world, HALF, { startedAt: world.clock.now() - 900_000, finishedAt: null });
    const { status, run } = await world.play();
    expect([status, run.problems.map((each) => each.code)]).toEqual(['refused', ['history-failed']]);
    expect(world.cloud.mutations).toEqual([]);
  });

  test('while it took its snapshot: the snapshot is taken over', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    left(world, 'snapshot', undefined);
    const { status } = await world.play();
    expect(status).toBe('applied');
    expect(world.cloud.mutations.some((call) => call.startsWith('createSnapshot'))).toBe(false);
    const tags = world.cloud.tagsOf.get(`arn:aws:rds:eu-west-1:123456789012:snapshot:${NAME}`);
    expect([tags?.[TAG.run], tags?.[TAG.phase]]).toEqual(['8123-1', 'applied']);
  });
});
