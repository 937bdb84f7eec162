/** Going back when the database of that moment has not the name of production any more, or is gone. */
import { describe, expect, test } from '@jest/globals';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import type { RunIdentity } from '../../src/domain/request.ts';
import { TAG } from '../../src/domain/tags.ts';
import type { RetainedBackup } from '../../src/ports/fleet.ts';
import { explain } from '../../src/report/explain.ts';
import { noticeWords } from '../../src/report/text.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { changed } from '../fakes/database.ts';
import { identity, type Job, type Played, request, World } from '../fakes/world.ts';
import { HALF } from './scripts.ts';

const SNAPSHOT = 'arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-8123-1';
const PARKED = 'shop-prod-replaced-9000-1';
const later = (runId: string): RunIdentity => ({ ...identity, runId, workflow: 'rollback' });
const codes = ({ run }: Played): readonly string[] => run.problems.map((each) => each.code);
const notices = ({ run }: Played): readonly string[] => run.notices.map((each) => each.code);
const point = (world: World): string => world.cloud.tagsOf.get(SNAPSHOT)?.[TAG.restoreTime] ?? '';
const told = ({ run }: Played): string => {
  const { headline, data, did, next } = explain({ ...run, request: request({ mode: 'rollback' }) });
  return [headline, data, did, ...next.map((each) => `${each.say}\n${each.run ?? ''}`)].join('\n');
};

async function broken(): Promise<World> {
  const world = new World({ scripts: [HALF], splits: true, request: { onFailure: 'alert' } });
  expect((await world.play()).status).toBe('failed');
  return world;
}
const back = (world: World, wanted: Job['request'], runId = '9001'): Promise<Played> =>
  world.play({ request: { mode: 'rollback', ...wanted }, identity: later(runId) });
const rename = { runId: '8123', promote: 'rename', confirm: 'shop-prod' } as const;

/** The same, and production cut over since. */
async function promoted(): Promise<World> {
  const world = await broken();
  expect((await back(world, rename, '9000')).status).toBe('promoted');
  return world;
}

describe('production was promoted since', () => {
  test('the parked one is restored from, by its own resource id, and that is said', async () => {
    const world = await promoted();
    const played = await back(world, { runId: '8123' });
    expect([played.status, codes(played)]).toEqual(['restored', []]);
    expect(played.run.goal).toMatchObject({
      way: 'point-in-time',
      run: '8123-1',
      time: point(world),
      origin: { identifier: PARKED, resourceId: 'db-SOURCE', is: 'replaced' },
    });
    expect(played.run.goal?.origin?.why).toMatch(/had the name shop-prod until it was replaced.*9000-1/);
    expect(world.cloud.restores[1]).toMatchObject({
      sourceBy: 'resource-id',
      source: { resourceId: 'db-SOURCE', identifier: PARKED },
      time: point(world),
    });
    expect(world.cloud.restores[1]?.tags).toMatchObject({
      [TAG.sourceResourceId]: 'db-SOURCE',
      [TAG.forResourceId]: 'db-RESTORED',
    });
    expect(played.run.restore?.differences).toEqual([]);
    expect(told(played)).toContain(`We restore from ${PARKED} (resource id db-SOURCE)`);
    expect(played.run.writeLoss).toMatchObject({ rows: undefined, tables: [] });
    expect(played.run.writeLoss?.unknown).toMatch(/another database has its name now/);
  });

  test.each([
    ['by its name', { runId: undefined, restoredIdentifier: 'shop-prod-gm-r-9001-1' }],
    ['by the run, whose tag the one that serves has, too', { runId: '8123' }],
  ])('what is restored from it may take the name, at once or in a job of its own: %s', async (_, which) => {
    const world = await promoted();
    const first = await back(world, { runId: '8123' });
    expect(first.run.restore?.identifier).toBe('shop-prod-gm-r-9001-1');
    const request = { ...rename, mode: 'promote', ...which } as const;
    const cut = await world.play({ request, identity: later('9002') });
    expect([first.status, cut.status, codes(cut)]).toEqual(['restored', 'promoted', []]);
    expect(cut.run.writeLoss).toMatchObject({ rows: undefined, tables: [] });
    expect(cut.run.writeLoss?.unknown).toMatch(/database that served before/);
    expect(world.cloud.list().find((each) => each.identifier === 'shop-prod')?.resourceId).toBe(
      'db-RESTORED2',
    );
    // Two promotions ago: the first one is still found.
    const again = await back(world, rename, '9003');
    expect([again.status, again.run.goal?.origin?.resourceId]).toEqual(['promoted', 'db-SOURCE']);
  });

  test('a cut-over to it that died between its renames is finished by the run, too', async () => {
    const world = await promoted();
    await back(world, { runId: '8123' });
    const request = { ...rename, mode: 'promote', runId: '8123' } as const;
    world.onEvent = (event) => {
      if (event.type === 'promotion' && event.promotion.phase === 'outage') throw new Error('killed');
    };
    await world.play({ request, identity: later('9002') });
    world.onEvent = undefined;
    await world.clock.sleep(3_600_000);
    expect(world.cloud.list().some((each) => each.identifier === 'shop-prod')).toBe(false);
    const played = await world.play({ request, identity: later('9003') });
    expect([played.status, codes(played)]).toEqual(['promoted', []]);
    expect(played.run.promotion?.newResourceId).toBe('db-RESTORED2');
  });

  test('the names of the promoted one and of its instances stay free for an undo', async () => {
    const world = await promoted();
    const played = await back(world, { runId: '8123' });
    expect(played.run.restore?.identifier).toBe('shop-prod-gm-r-9001-1');
    // A later job finds it all the same.
    const again = await back(world, { runId: '8123' }, '9002');
    expect(again.run.restore?.identifier).toBe('shop-prod-gm-r-9001-1');
    const undo = { mode: 'promote', promote: 'undo', confirm: 'shop-prod' } as const;
    const undone = await world.play({ request: undo, identity: later('9003') });
    expect([undone.status, codes(undone)]).toEqual(['promoted', []]);
    const served = world.cloud.list().find((each) => each.identifier === 'shop-prod');
    expect(served?.resourceId).toBe('db-SOURCE');
  });

  test('a restore from before the last promotion may take the name of the one that serves now', async () => {
    const world = await promoted();
    const first = await back(world, { runId: '8123' });
    const second = await back(world, { ...rename, restoredIdentifier: 'another' }, '9002');
    expect([first.status, second.status]).toEqual(['restored', 'promoted']);
    const restoredIdentifier = first.run.restore?.identifier;
    const found = await back(world, { runId: '8123', restoredIdentifier }, '9003');
    expect(notices(found)).toContain('restore-found');
    const request = { ...rename, mode: 'promote', runId: undefined, restoredIdentifier } as const;
    const cut = await world.play({ request, identity: later('9004') });
    expect([cut.status, codes(cut)]).toEqual(['promoted', []]);
  });

  test('a copy that served and was put back is told to hold what was written to it', async () => {
    const world = await promoted();
    const undo = { mode: 'promote', promote: 'undo', confirm: 'shop-prod' } as const;
    expect((await world.play({ request: undo, identity: later('9001') })).status).toBe('promoted');
    const played = await back(world, { runId: '8123' }, '9002');
    expect(played.run.restore?.identifier).toBe('shop-prod-gm-r-8123-1');
    expect(played.run.notices.map(noticeWords)).toContainEqual(
      expect.objectContaining({
        what: expect.stringMatching(/promotion of run 9000-1.*undone: if it .* still in it/),
        next: expect.stringContaining('restored-identifier'),
      }),
    );
    // Nobody could read that before a cut-over in one go, nor is it forgotten.
    const cut = await back(world, rename, '9003');
    expect([cut.status, codes(cut), cut.run.problems[0]?.detail]).toEqual([
      'refused',
      ['promotion-refused'],
      expect.stringMatching(/^shop-prod-gm-r-8123-1 .* run 9000-1, which was undone/),
    ]);
    const fresh = await back(world, { ...rename, restoredIdentifier: 'fresh' }, '9004');
    expect([fresh.status, fresh.run.promotion?.newResourceId]).toEqual(['promoted', 'db-RESTORED2']);
  });

  test('the snapshot of that run by its name, too', async () => {
    const world = await promoted();
    const played = await back(world, { snapshotIdentifier: 'gm-shop-prod-8123-1' });
    expect([played.status, played.run.goal?.way]).toEqual(['restored', 'snapshot']);
    expect(played.run.goal?.origin?.identifier).toBe(PARKED);
  });

  test('a second before the new one was made belongs to the old one', async () => {
    const world = await promoted();
    const made = world.cloud.restored.get('shop-prod-gm-r-8123-1');
    if (made === undefined) throw new Error('nothing was restored');
    world.cloud.restored.set('shop-prod-gm-r-8123-1', {
      ...made,
      facts: { ...made.facts, createdAt: made.requestedAt },
    });
    const played = await back(world, { restoreTime: point(world) });
    expect([played.status, played.run.goal?.origin?.resourceId]).toEqual(['restored', 'db-SOURCE']);
  });

  test('the parked one was deleted since: its retained backup', async () => {
    const world = await promoted();
    const old = world.cloud.list().find((each) => each.resourceId === 'db-SOURCE') as InstanceFacts;
    world.fleet.backups.push(retained(world, PARKED));
    world.fleet.remove(old);
    const played = await back(world, { runId: '8123' });
    expect([played.status, codes(played)]).toEqual(['restored', []]);
    expect(played.run.goal).toMatchObject({
      way: 'point-in-time',
      origin: { is: 'deleted', resourceId: 'db-SOURCE', identifier: PARKED },
    });
    expect(told(played)).toContain('Production was not touched');
  });

  test('no tag tells of a promotion: refused with the inputs that would do it', async () => {
    const world = await broken();
    const renamed: InstanceFacts = { ...SOURCE, identifier: 'shop-old', arn: 'arn:aws:rds:x:db:shop-old' };
    world.cloud.restored.set('shop-old', { facts: renamed, requestedAt: 0, tags: {} });
    world.cloud.source = { ...SOURCE, resourceId: 'db-NEW' };
    const played = await back(world, { runId: '8123' });
    expect([played.status, ...codes(played)]).toEqual(['refused', 'snapshot-foreign']);
    expect(told(played)).toContain(
      `mode: rollback\ndb-instance-identifier: shop-old\nrestore-time: ${point(world)}`,
    );
  });
});

const retained = (world: World, identifier: string, hours = 24): RetainedBackup => {
  const now = world.clock.now();
  return {
    instance: {
      ...SOURCE,
      identifier,
      status: 'deleted',
      endpoint: undefined,
      settings: { StorageType: 'gp3', OptionGroupName: 'default:postgres-18' },
    },
    window: { earliest: now - hours * 3_600_000, latest: now, status: 'retained' },
  };
};

describe('the instance was deleted by hand', () => {
  async function gone(hours?: number): Promise<World> {
    const world = await broken();
    if (hours !== undefined) world.fleet.backups.push(retained(world, 'shop-prod', hours));
    world.fleet.remove(SOURCE);
    await world.clock.sleep(600_000);
    return world;
  }

  test('from its retained backup when that covers the second, verified; what is not known is listed', async () => {
    const world = await gone(24);
    const played = await back(world, { runId: '8123' });
    expect([played.status, codes(played)]).toEqual(['restored', []]);
    expect(world.cloud.restores[0]).toMatchObject({
      sourceBy: 'resource-id',
      identifier: 'shop-prod-gm-r-8123-1',
      time: point(world),
      source: { resourceId: 'db-SOURCE', settings: { StorageType: 'gp3' } },
    });
    expect(played.run.restore?.differences).toEqual([]);
    expect(played.run.goal?.origin).toMatchObject({ is: 'deleted', resourceId: 'db-SOURCE' });
    const unknown = played.run.notices.find((each) => each.code === 'settings-unknown')?.fields.names ?? '';
    expect(unknown).toContain('VpcSecurityGroupIds');
    expect(unknown).not.toContain('StorageType');
    expect(told(played)).toContain('Nobody has the name shop-prod');
    expect(told(played)).not.toContain('Production was not touched');
    expect(told(played)).toMatch(/--new-db-instance-identifier '?shop-prod/);
    expect(played.run.writeLoss?.unknown).toMatch(/did not answer/);
  });

  test('else from our snapshot, found by its tags', async () => {
    const world = await gone();
    world.cloud.describes = { ...SOURCE, status: 'deleted', settings: { StorageType: 'gp3' } };
    const played = await back(world, { runId: '8123' });
    expect([played.status, played.run.goal?.way]).toEqual(['restored', 'snapshot']);
    expect(world.fleet.snapshotRestores[0]?.source.settings).toEqual({ StorageType: 'gp3' });
    expect(world.fleet.snapshotRestores[0]?.identifier).toBe('shop-prod-gm-r-8123-1');
  });

  test('the backup ends before that second: the snapshot, and why', async () => {
    const world = await gone();
    const backup = retained(world, 'shop-prod');
    const latest = Date.parse(point(world)) - 1000;
    world.fleet.backups.push({ ...backup, window: { earliest: 0, latest, status: 'retained' } });
    const played = await back(world, { runId: '8123' });
    expect(played.run.goal?.way).toBe('snapshot');
    expect(played.run.goal?.why).toMatch(/retained automated backup ends at/);
  });

  test('a second of one’s choice, by the name that it had', async () => {
    const world = await gone(24);
    const played = await back(world, { restoreTime: point(world) });
    expect([played.status, played.run.goal?.way]).toEqual(['restored', 'point-in-time']);
    expect(world.cloud.restores[0]?.identifier).toBe('shop-prod-gm-r-9001-1');
  });

  test('a cut-over that was asked for is not done: restored, failed, and the one rename that is left', async () => {
    const world = await gone(24);
    const played = await back(world, rename);
    expect([played.status, codes(played)]).toEqual(['failed', ['promotion-refused']]);
    expect(played.run.restore?.differences).toEqual([]);
    expect(world.fleet.renames).toEqual([]);
    expect(told(played)).toContain('modify-db-instance');
  });

  test('of another schema than recorded: failed', async () => {
    const world = await gone(24);
    world.cloud.corrupt = (image) => changed(image, { objects: { 'table public.users': null } });
    const played = await back(world, { runId: '8123' });
    expect([played.status, ...codes(played)]).toEqual(['failed', 'restore-mismatch']);
  });
});

test('nobody has the name because a promotion is between its renames: refused, with the job that ends it', async () => {
  const world = await broken();
  world.onEvent = (event) => {
    if (event.type === 'promotion' && event.promotion.phase === 'outage') world.cancel();
  };
  expect((await back(world, rename, '9000')).status).toBe('cancelled');
  world.onEvent = undefined;
  const played = await back(world, { runId: '8123' });
  expect([played.status, ...codes(played)]).toEqual(['refused', 'promotion-half-done']);
  expect(told(played)).toContain(
    'mode: promote\ndb-instance-identifier: shop-prod\nrestored-identifier: shop-prod-gm-r-8123-1\npromote: rename\nconfirm: shop-prod',
  );
});
