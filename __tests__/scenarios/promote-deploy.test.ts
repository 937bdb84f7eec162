/** A deploy that fails, restores, and cuts over by itself; and the same by a rollback. */
import { describe, expect, test } from '@jest/globals';
import type { Run } from '../../src/domain/run.ts';
import { explain } from '../../src/report/explain.ts';
import { title } from '../../src/report/title.ts';
import { HOST } from '../fakes/cloud.ts';
import { fault } from '../fakes/engine.ts';
import { request, World } from '../fakes/world.ts';
import { HALF } from './scripts.ts';

const RESTORED = 'shop-prod-gm-r-8123-1';

const worldOf = (): World => {
  const world = new World({ scripts: [HALF], splits: true, request: { promote: 'rename' } });
  world.engine.replayed = 'nothing';
  return world;
};

const served = (world: World): 'old' | 'new' | 'nobody' => {
  if (world.engine.refusals.has(HOST)) return 'nobody';
  return world.engine.databases.get(HOST) === world.database ? 'old' : 'new';
};

/** A world of fakes journals no start, so what was asked for is put in here. */
const toldOf = (run: Run): Run => ({
  ...run,
  request: request(
    run.identity.runId === '9000' ? { mode: 'rollback', promote: 'rename' } : { promote: 'rename' },
  ),
});

const words = (played: Run): string => {
  const run = toldOf(played);
  const { headline, why, data, did, next } = explain(run);
  return [
    title(run),
    headline,
    ...why,
    data,
    did,
    ...next.map((each) => `${each.say} ${each.run ?? ''}`),
  ].join('\n');
};

describe('deploy with promote: rename', () => {
  test('the migration failed, and the restored database serves', async () => {
    const world = worldOf();
    const { status, run } = await world.play();
    expect([status, run.problems.map(({ code }) => code)]).toEqual(['promoted', ['migration-failed']]);
    expect([served(world), run.promotion?.phase]).toEqual(['new', 'promoted']);
    expect(
      run.steps.filter((step) => step.when === 'on-failure' && step.state !== 'done').map(({ kind }) => kind),
    ).toEqual([]);
    expect(words(run)).toContain('Failed, restored and promoted');
    expect(words(run)).toMatch(/shop-prod is the restored database now, after \d+ min/);
    expect(words(run)).toContain('The migration changed the old database');
    expect(words(run)).not.toContain('did not touch production');
    expect(words(run)).not.toMatch(/undefined|NaN| {3}/);
  });

  test('the cut-over is refused: restored, production as the migration left it', async () => {
    const world = worldOf();
    world.settings.differences = [
      { name: 'DBSubnetGroupName', wanted: 'private', got: 'default', mend: 'none', call: 'aws rds modify' },
    ];
    const { status, run } = await world.play();
    expect([status, served(world)]).toEqual(['restored', 'old']);
    expect(run.problems.map(({ code }) => code)).toEqual(['migration-failed', 'promotion-refused']);
    expect(words(run)).toContain('DBSubnetGroupName');
  });

  test('denied on the second rename: the old one is back, and Slack heard of it at once', async () => {
    const world = worldOf();
    world.cloud.faults.rename = (call) => (call.startsWith(RESTORED) ? fault('aws-denied') : undefined);
    const { status, run } = await world.play();
    expect([status, served(world), run.promotion?.phase]).toEqual(['failed', 'old', 'undone']);
    expect(world.notifier.messages.length).toBe(3);
    expect(words(run)).toContain('so the old one has it again');
  });
});

describe('rollback with promote: rename', () => {
  const playBack = async (prepare: (world: World) => void = () => undefined, change = {}) => {
    const world = new World({ scripts: [HALF], splits: true, request: { onFailure: 'alert' } });
    world.engine.replayed = 'nothing';
    const first = await world.play();
    prepare(world);
    const identity = { ...first.run.identity, runId: '9000' };
    const asked = {
      mode: 'rollback',
      runId: '8123',
      promote: 'rename',
      confirm: 'shop-prod',
      ...change,
    } as const;
    return { world, ...(await world.play({ identity, request: asked })) };
  };

  test('one job does it all, and says for how long nobody served', async () => {
    const { world, status, run } = await playBack();
    expect([status, served(world)]).toEqual(['promoted', 'new']);
    expect(words(run)).toMatch(/shop-prod is the restored database now, after \d+ min/);
  });

  test('nobody serves: said first, with the renames to paste', async () => {
    const { world, status, run } = await playBack(({ cloud }) => {
      cloud.faults.rename = (call) => (call.startsWith('shop-prod ') ? undefined : fault('aws-denied'));
    });
    expect([status, served(world)]).toEqual(['failed', 'nobody']);
    expect(explain(toldOf(run)).headline).toMatch(/^Nobody has the name shop-prod/);
    expect(words(run)).toContain(
      `--db-instance-identifier ${RESTORED} --new-db-instance-identifier shop-prod`,
    );
    expect(words(run)).not.toContain('Production was not touched');
  });

  test('more was written than max-write-loss allows: nothing is renamed', async () => {
    const { world, status, run } = await playBack(
      ({ database }) => {
        for (let n = 0; n < 7; n += 1) database.count(['orders']);
      },
      { maxWriteLoss: 3 },
    );
    expect([status, served(world)]).toEqual(['failed', 'old']);
    expect(run.problems.map(({ code }) => code)).toEqual(['write-loss-exceeded']);
    expect(world.cloud.calls.filter((call) => call.startsWith('rename'))).toEqual([]);
  });

  test('a later mode: promote measures anew, by the counters that the snapshot kept', async () => {
    const { world, run } = await playBack(undefined, { promote: 'never' });
    expect(run.status).toBe('restored');
    for (let n = 0; n < 9; n += 1) world.database.count(['orders']);
    const identity = { ...run.identity, runId: '9001' };
    const asked = { mode: 'promote', promote: 'rename', runId: '8123', confirm: 'shop-prod' } as const;
    const refused = await world.play({ identity, request: { ...asked, maxWriteLoss: 8 } });
    expect([refused.status, refused.run.problems.map(({ code }) => code)]).toEqual([
      'refused',
      ['write-loss-exceeded'],
    ]);
    const done = await world.play({ identity, request: { ...asked, maxWriteLoss: 1000 } });
    expect([done.status, served(world)]).toEqual(['promoted', 'new']);
    expect(done.run.writeLoss?.rows).toBeGreaterThanOrEqual(9);
  });
});
