import { describe, expect, test } from '@jest/globals';
import type { SnapshotFacts } from '../../src/domain/facts.ts';
import type { RunIdentity } from '../../src/domain/request.ts';
import { TAG } from '../../src/domain/tags.ts';
import { explain } from '../../src/report/explain.ts';
import { hostOf, SOURCE } from '../fakes/cloud.ts';
import { changed } from '../fakes/database.ts';
import { fault } from '../fakes/engine.ts';
import { identity, type Job, type Played, World, type WorldOptions } from '../fakes/world.ts';
import { HALF } from './scripts.ts';

const RESTORED = 'shop-prod-gm-r-8123-1';
const SNAPSHOT = 'arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-8123-1';
const later: RunIdentity = { ...identity, runId: '9000', attempt: '1', workflow: 'rollback' };

/** A deploy that left half of a file behind and only alerted. */
async function broken(options: WorldOptions = {}): Promise<World> {
  const world = new World({ scripts: [HALF], splits: true, ...options, request: { onFailure: 'alert' } });
  const { status, run } = await world.play();
  expect([status, run.verdict?.state]).toEqual(['failed', 'changed']);
  world.notifier.messages.length = 0;
  return world;
}

const back = (request: Job['request'] = { runId: '8123' }, who = later): Job => ({
  request: { mode: 'rollback', ...request },
  identity: who,
});
const codes = ({ run }: Played): readonly string[] => run.problems.map((each) => each.code);
const notices = ({ run }: Played): readonly string[] => run.notices.map((each) => each.code);
const phaseOf = (world: World): string | undefined =>
  world.cloud.tagsOf.get(`arn:aws:rds:eu-west-1:123456789012:db:${RESTORED}`)?.[TAG.phase];
const point = (world: World): string => world.cloud.tagsOf.get(SNAPSHOT)?.[TAG.restoreTime] ?? '';

/** Rows written by the application after the failed deploy. */
const write = (world: World, times: number): void => {
  for (let each = 0; each < times; each += 1) {
    world.database.count(['orders']);
    world.database.commit('application', changed(world.database.image, { rows: ['orders'] }));
  }
};

describe('back to the restore point of a run', () => {
  test('point-in-time, beside, verified, under the name that the run itself would have used', async () => {
    const world = await broken();
    write(world, 7);
    const played = await world.play(back());
    expect(played.status).toBe('restored');
    expect(played.run.goal).toMatchObject({ way: 'point-in-time', run: '8123-1', time: point(world) });
    expect(world.cloud.restores).toHaveLength(1);
    expect(world.cloud.restores[0]).toMatchObject({ identifier: RESTORED, time: point(world) });
    expect(played.run.restore?.differences).toEqual([]);
    expect(played.run.writeLoss).toMatchObject({
      since: point(world),
      rows: 7,
      tables: [{ table: 'public.orders', inserted: 0, updated: 7, deleted: 0 }],
    });
    expect(played.run.steps.map((each) => [each.kind, each.state])).toEqual(
      ['goal', 'restore', 'wait-restore', 'verify-restore', 'write-loss'].map((kind) => [kind, 'done']),
    );
    expect(phaseOf(world)).toBe('restored');
    expect(world.notifier.messages).toEqual(['end none']);
    expect(world.engine.opened).toBe(world.engine.closed);
    expect(world.cloud.calls.filter((each) => each.startsWith('delete'))).toEqual([]);
  });

  test('the same second by its time alone: what the run recorded then is known', async () => {
    const world = await broken();
    write(world, 7);
    const played = await world.play(back({ restoreTime: point(world) }));
    expect(played.status).toBe('restored');
    expect(played.run.restore?.differences).toEqual([]);
    expect(played.run.goal?.recorded.fingerprint).toBeDefined();
    expect(played.run.writeLoss?.rows).toBe(7);
  });

  test('of several attempts the newest that has a restore point; an attempt can be named', async () => {
    const world = await broken();
    const first = { ...(await world.cloud.snapshots()).snapshots[0] } as SnapshotFacts;
    const attempt = (number: number, time: string | undefined): void => {
      const { [TAG.restoreTime]: _, ...rest } = first.tags;
      const tags = {
        ...rest,
        [TAG.run]: `8123-${number}`,
        ...(time === undefined ? {} : { [TAG.restoreTime]: time }),
      };
      world.cloud.others.push({ ...first, identifier: `gm-${number}`, arn: `${first.arn}-${number}`, tags });
    };
    const second = new Date(Date.parse(point(world)) - 60_000).toISOString().replace('.000', '');
    attempt(2, second);
    attempt(3, undefined);
    const newest = await world.play(back({ runId: '8123', waitForRestore: false }));
    expect([newest.status, newest.run.goal?.run, newest.run.goal?.time]).toEqual([
      'restoring',
      '8123-2',
      second,
    ]);
    const named = await world.play(back({ runId: '8123-1', waitForRestore: false }));
    expect(named.run.goal).toMatchObject({ run: '8123-1', time: point(world) });
  });

  test('outside the window: the snapshot of that run, said and why, and the loss is not claimed to be known', async () => {
    const world = await broken();
    world.fleet.earliestMs = 60_000;
    world.clock.at(world.clock.now() + 600_000, () => undefined);
    await world.clock.sleep(600_000);
    const played = await world.play(back());
    expect(played.status).toBe('restored');
    expect(played.run.goal).toMatchObject({ way: 'snapshot', snapshot: 'gm-shop-prod-8123-1' });
    expect(played.run.goal?.why).toMatch(/window begins only at/);
    expect(world.fleet.snapshotRestores[0]?.tags[TAG.snapshot]).toBe('gm-shop-prod-8123-1');
    expect(world.cloud.restores).toEqual([]);
    expect(played.run.writeLoss?.rows).toBeUndefined();
    expect(played.run.writeLoss?.unknown).toMatch(/some time after the snapshot/);
  });

  test('outside the window and the snapshot deleted: nothing carries the tags', async () => {
    const world = await broken();
    await world.cloud.deleteSnapshot('gm-shop-prod-8123-1');
    const played = await world.play(back());
    expect([played.status, ...codes(played)]).toEqual(['refused', 'restore-point-unknown']);
    expect(world.notifier.messages).toEqual(['failure none']);
  });

  test('outside the window and the snapshot failed: refused with the window', async () => {
    const world = await broken();
    world.fleet.earliestMs = 1_000;
    world.cloud.snapshotEnds = 'failed';
    const played = await world.play(back());
    expect([played.status, ...codes(played)]).toEqual(['refused', 'restore-point-outside']);
    expect(played.run.problems[0]?.fields.earliest).toMatch(/Z$/);
    expect(world.cloud.restored.size).toBe(0);
  });

  test('a run of another database of the same name is refused, clearly', async () => {
    const world = await broken();
    world.cloud.source = { ...SOURCE, resourceId: 'db-NEW' };
    const played = await world.play(back());
    expect([played.status, ...codes(played)]).toEqual(['refused', 'snapshot-foreign']);
    expect(played.run.problems[0]?.fields).toMatchObject({
      source: 'shop-prod with the resource id db-SOURCE',
      instance: 'shop-prod with the resource id db-NEW',
      time: point(world),
    });
  });

  test('the tags of the counters are gone: restored and verified, the loss is not known', async () => {
    const world = await broken();
    const { [TAG.marks(0)]: _, ...tags } = world.cloud.tagsOf.get(SNAPSHOT) ?? {};
    world.cloud.tagsOf.set(SNAPSHOT, tags);
    const played = await world.play(back());
    expect([played.status, played.run.writeLoss?.rows]).toEqual(['restored', undefined]);
    expect(played.run.writeLoss?.unknown).toMatch(/no write counters/);
  });

  test('another schema than the recorded one: failed, loud, and never promoted', async () => {
    const world = await broken();
    world.cloud.corrupt = (image) => changed(image, { objects: { 'table public.users': null } });
    const played = await world.play(back({ runId: '8123', promote: 'rename', confirm: 'shop-prod' }));
    expect([played.status, ...codes(played)]).toEqual(['failed', 'restore-mismatch']);
    expect(played.run.restore?.differences).toEqual(['the schema']);
    expect(phaseOf(world)).toBe('mismatch');
    expect(played.run.promotion).toBeUndefined();
    expect(world.fleet.renames).toEqual([]);
    const again = await world.play(back());
    expect([again.status, ...codes(again)]).toEqual(['refused', 'instance-name-taken']);
    expect(explain(again.run).headline).toContain('found to differ from its restore point');
  });

  test('production does not answer: restored all the same, and said so', async () => {
    const world = await broken();
    world.outage(world.clock.now(), Number.POSITIVE_INFINITY);
    const played = await world.play(back());
    expect([played.status, played.run.restore?.differences]).toEqual(['restored', []]);
    expect(notices(played)).toEqual(['production-unread']);
    expect(played.run.writeLoss?.unknown).toBe('production did not answer SQL');
    expect(played.run.database?.database).toBe('shop');
  });

  test('the statistics were reset: the loss is not known', async () => {
    const world = await broken();
    write(world, 3);
    world.database.resetAt = world.database.now();
    const played = await world.play(back());
    expect(played.run.writeLoss).toMatchObject({ rows: undefined, unknown: expect.stringMatching(/reset/) });
  });
});

describe('back to a second or a snapshot of one’s choice', () => {
  test('a second: verified as far as anything was recorded', async () => {
    const world = await broken();
    const second = new Date(Math.floor(world.clock.now() / 1000) * 1000 - 3_600_000)
      .toISOString()
      .replace('.000', '');
    const played = await world.play(back({ restoreTime: second }));
    expect([played.status, played.run.restore?.differences]).toEqual(['restored', []]);
    expect(world.cloud.restores[0]).toMatchObject({ identifier: 'shop-prod-gm-r-9000-1', time: second });
    expect(played.run.goal?.recorded).toEqual({ fingerprint: undefined, marks: undefined });
  });

  test.each([
    ['the future', 3_600_000],
    ['before the window', -8 * 86_400_000],
  ])('%s is refused with the window', async (_, offset) => {
    const world = await broken();
    const restoreTime = new Date(world.clock.now() + offset).toISOString().replace(/\.\d+/, '');
    const played = await world.play(back({ restoreTime }));
    expect([played.status, ...codes(played)]).toEqual(['refused', 'restore-point-outside']);
    expect(played.run.problems[0]?.fields).toMatchObject({
      earliest: expect.any(String),
      latest: expect.any(String),
    });
    expect(world.cloud.mutations.some((each) => each.startsWith('restore'))).toBe(false);
  });

  test('a snapshot, also one that is still being made', async () => {
    const world = await broken();
    const made = world.cloud.createSnapshot({ identifier: 'by-hand', source: SOURCE, tags: {} });
    await made;
    const played = await world.play(back({ snapshotIdentifier: 'by-hand' }));
    expect(played.status).toBe('restored');
    expect(played.run.goal).toMatchObject({ way: 'snapshot', snapshot: 'by-hand', run: undefined });
    expect(world.fleet.snapshotRestores[0]?.snapshot.status).toBe('available');
    expect(world.fleet.snapshotRestores[0]?.identifier).toBe('shop-prod-gm-r-9000-1');
  });

  test('a snapshot that does not exist, and one of another database', async () => {
    const world = await broken();
    const none = await world.play(back({ snapshotIdentifier: 'nothing' }));
    expect([none.status, ...codes(none)]).toEqual(['refused', 'snapshot-not-found']);
    const [own] = (await world.cloud.snapshots()).snapshots;
    if (own !== undefined)
      world.cloud.others.push({
        ...own,
        identifier: 'theirs',
        arn: 'x',
        sourceResourceId: 'db-OTHER',
        tags: {},
      });
    const foreign = await world.play(back({ snapshotIdentifier: 'theirs' }));
    expect([foreign.status, ...codes(foreign)]).toEqual(['refused', 'snapshot-foreign']);
  });

  test('nothing of that name is left: refused', async () => {
    const world = await broken();
    world.cloud.source = undefined;
    const played = await world.play(back({ restoreTime: '2026-11-21T02:00:00Z' }));
    expect([played.status, ...codes(played)]).toEqual(['refused', 'instance-not-found']);
  });
});

describe('what is there already', () => {
  test('a name that is taken by something else is refused before anything is requested', async () => {
    const world = await broken();
    world.cloud.restored.set('spare', {
      facts: { ...SOURCE, identifier: 'spare', resourceId: 'db-X', arn: 'arn:aws:rds:x:db:spare' },
      requestedAt: 0,
      tags: {},
    });
    const played = await world.play(back({ runId: '8123', restoredIdentifier: 'spare' }));
    expect([played.status, ...codes(played)]).toEqual(['refused', 'instance-name-taken']);
    expect(world.cloud.restores).toEqual([]);
  });

  test.each<[string, Job['request']]>([
    ['run', { runId: '8123' }],
    ['second', { restoreTime: '2026-11-21T02:00:00Z' }],
    ['snapshot', { snapshotIdentifier: 'gm-shop-prod-8123-1' }],
  ])('a restore by %s that an earlier job started is gone on with', async (_, request) => {
    const world = await broken();
    const first = await world.play(back({ ...request, waitForRestore: false }));
    expect(first.status).toBe('restoring');
    const second = await world.play(back(request, { ...later, runId: '9001' }));
    expect([second.status, second.run.restore?.differences]).toEqual(['restored', []]);
    expect(second.run.restore?.identifier).toBe(first.run.restore?.identifier);
    expect(world.cloud.restored.size).toBe(1);
    expect(notices(second)).toContain('restore-found');
  });

  test('a restore that a cancelled deploy had requested is finished', async () => {
    const world = new World({ scripts: [HALF], splits: true, request: { waitForRestore: false } });
    const deployed = await world.play();
    expect(deployed.status).toBe('restoring');
    write(world, 2);
    const played = await world.play(back({ runId: '8123', waitForRestore: true }));
    expect([played.status, played.run.restore?.identifier]).toEqual(['restored', RESTORED]);
    expect(world.cloud.restores).toHaveLength(1);
    expect(played.run.writeLoss?.rows).toBe(2);
  });

  test('cancelled while it is restored: said, and the next job goes on', async () => {
    const world = await broken();
    world.onEvent = (event) => {
      if (event.type === 'restore-requested') world.cancel();
    };
    const played = await world.play(back());
    expect(played.status).toBe('cancelled');
    expect(played.run.restore?.identifier).toBe(RESTORED);
    world.onEvent = undefined;
    const second = await world.play(back());
    expect(second.status).toBe('restored');
    expect(world.cloud.restores).toHaveLength(1);
  });

  test('cancelled before anything was requested', async () => {
    const world = await broken();
    world.onEvent = (event) => {
      if (event.type === 'observed-target') world.cancel();
    };
    const played = await world.play(back());
    expect(played.status).toBe('cancelled');
    expect(world.cloud.restores).toEqual([]);
  });

  test('AWS refuses the restore: failed, with its words', async () => {
    const world = await broken();
    world.cloud.faults.restoreToTime = () => fault('aws-rejected', 'InstanceQuotaExceeded');
    const played = await world.play(back());
    expect([played.status, ...codes(played)]).toEqual(['failed', 'aws-rejected']);
  });

  test('restored, and SQL does not answer: not verified, and not promoted', async () => {
    const world = await broken();
    world.engine.refusals.set(hostOf(RESTORED), 'database-authentication');
    const played = await world.play(back({ runId: '8123', promote: 'rename', confirm: 'shop-prod' }));
    expect([played.status, ...codes(played)]).toEqual(['restored', 'restore-unverified']);
    expect(played.run.restore?.differences).toBeUndefined();
    expect(world.fleet.renames).toEqual([]);
  });
});

describe('on to the cut-over', () => {
  const promote = { runId: '8123', promote: 'rename', confirm: 'shop-prod' } as const;

  test('more rows than max-write-loss: the restored database stays, production is not touched', async () => {
    const world = await broken();
    write(world, 9);
    const played = await world.play(back({ ...promote, maxWriteLoss: 8 }));
    expect([played.status, ...codes(played)]).toEqual(['failed', 'write-loss-exceeded']);
    expect(played.run.problems[0]?.fields).toMatchObject({ rows: '9', limit: '8' });
    expect(phaseOf(world)).toBe('restored');
    expect(world.cloud.mutations.filter((each) => each.startsWith('rename'))).toEqual([]);
  });

  test('a loss that nobody knows is above every limit', async () => {
    const world = await broken();
    world.database.resetAt = world.database.now();
    const played = await world.play(back({ ...promote, maxWriteLoss: 1_000_000 }));
    expect([played.status, ...codes(played)]).toEqual(['failed', 'write-loss-exceeded']);
    // No limit would help.
    expect(JSON.stringify(explain(played.run))).toMatch(/leave max-write-loss out/);
  });

  test('within the limit it goes on, and what it lost was counted before', async () => {
    const world = await broken();
    write(world, 3);
    const played = await world.play(back({ ...promote, maxWriteLoss: 3 }));
    expect([played.status, codes(played)]).toEqual(['promoted', []]);
    expect(played.run.writeLoss?.rows).toBe(3);
    expect(played.run.promotion?.phase).toBe('promoted');
  });
});

test('a failing deploy tells what a cut-over would lose', async () => {
  const world = new World({ scripts: [HALF], splits: true });
  world.onEvent = (event) => {
    if (event.type === 'restore-requested') write(world, 4);
  };
  const { status, run } = await world.play();
  expect([status, run.writeLoss?.rows]).toEqual(['restored', 4]);
});

test('a failing deploy with promote: rename cuts over once the restore is verified', async () => {
  const world = new World({ scripts: [HALF], splits: true, request: { promote: 'rename' } });
  const { status, run } = await world.play();
  expect([status, run.promotion?.phase]).toEqual(['promoted', 'promoted']);
  expect(run.problems.map((each) => each.code)).toEqual(['migration-failed']);
});
