/** A promotion without an end stops every other job; one that was refused before it touched anything says so. */
import { describe, expect, test } from '@jest/globals';
import type { RunIdentity } from '../../src/domain/request.ts';
import { TAG, type Tags } from '../../src/domain/tags.ts';
import { problemWords } from '../../src/report/text.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { changed } from '../fakes/database.ts';
import { fault } from '../fakes/engine.ts';
import { identity, type Played, World } from '../fakes/world.ts';
import { RESTORED, Stage } from './promote-stage.ts';
import { ADD_STATUS, HALF } from './scripts.ts';

const as = (runId: string): RunIdentity => ({ ...identity, runId });
const codes = ({ run }: Pick<Played, 'run'>): readonly string[] => run.problems.map(({ code }) => code);
const pair = (phase: string): Tags => ({
  [TAG.promotion]: '9000-1',
  [TAG.production]: 'shop-prod',
  [TAG.parked]: 'shop-prod-replaced-9000-1',
  [TAG.restored]: 'shop-prod-gm-r-8123-1',
  [TAG.oldResourceId]: 'db-SOURCE',
  [TAG.newResourceId]: 'db-RESTORED',
  [TAG.phase]: phase,
});

describe('a deploy that finds a promotion by its tags', () => {
  test('half done: refused before anything is touched, with the job that ends it', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.cloud.source = { ...SOURCE, tags: { ...SOURCE.tags, ...pair('promoting') } };
    const played = await world.play();
    expect([played.status, codes(played)]).toEqual(['refused', ['promotion-half-done']]);
    expect([world.cloud.mutations, world.migrator.rounds]).toEqual([[], []]);
    const [problem] = played.run.problems;
    const words = problem === undefined ? undefined : problemWords(problem);
    expect(words?.what).toContain('shop-prod was begun by run 9000-1 and has no end');
    expect(words?.next).toContain('promote: undo');
    expect(words?.run).toBe(
      'mode: promote\ndb-instance-identifier: shop-prod\nrestored-identifier: shop-prod-gm-r-8123-1\npromote: rename\nconfirm: shop-prod',
    );
  });

  test.each(['promoted', 'undone', 'replaced'])('%s: it goes on', async (phase) => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.cloud.source = { ...SOURCE, tags: { ...SOURCE.tags, ...pair(phase) } };
    expect((await world.play()).status).toBe('applied');
  });

  test('tags that a copy has from its source tell nothing', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.cloud.source = { ...SOURCE, resourceId: 'db-COPY', tags: pair('promoting') };
    expect((await world.play()).status).toBe('applied');
  });

  test('the failed row of the run before it: nothing is restored either', async () => {
    const world = new World({ scripts: [HALF], splits: true, request: { onFailure: 'alert' } });
    await world.play();
    world.cloud.source = { ...SOURCE, tags: { ...SOURCE.tags, ...pair('promoting') } };
    const before = world.cloud.mutations.length;
    const played = await world.play({ identity: as('8200'), request: { onFailure: 'restore' } });
    expect([played.status, codes(played)]).toEqual(['refused', ['promotion-half-done']]);
    expect(world.cloud.mutations).toHaveLength(before);
  });

  test('nobody has the name: not only "unreachable"', async () => {
    const world = new World({ scripts: [HALF], splits: true, request: { onFailure: 'alert' } });
    await world.play();
    world.onEvent = (event) => {
      if (event.type === 'promotion' && event.promotion.phase === 'outage') world.cancel();
    };
    const rollback = { mode: 'rollback', runId: '8123', promote: 'rename', confirm: 'shop-prod' } as const;
    expect((await world.play({ identity: as('9000'), request: rollback })).status).toBe('cancelled');
    world.onEvent = undefined;
    const before = world.cloud.mutations.length;
    const played = await world.play({ identity: as('8200') });
    expect([played.status, codes(played)]).toEqual([
      'refused',
      ['database-unreachable', 'promotion-half-done'],
    ]);
    expect(world.cloud.mutations).toHaveLength(before);
  });

  test('AWS does not answer that question: the first problem stands', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.outage(world.clock.now(), Number.POSITIVE_INFINITY);
    world.cloud.faults.all = () => fault('aws-denied');
    const played = await world.play();
    expect([played.status, codes(played)]).toEqual(['refused', ['database-unreachable']]);
  });
});

test('what was put back is not half done: deploys go on, and a promotion may begin anew', async () => {
  const stage = new Stage();
  stage.cloud.faults.rename = (call) => (call.startsWith(RESTORED) ? fault('aws-denied') : undefined);
  const first = await stage.promote();
  expect([first.status, first.run.promotion?.phase]).toEqual(['failed', 'undone']);
  const phases = stage.cloud.list().map(({ tags }) => tags[TAG.phase]);
  expect(phases).toEqual(['undone', 'undone']);
  stage.cloud.faults.rename = () => undefined;
  const again = await stage.promote();
  expect([again.status, stage.served]).toEqual(['promoted', 'new']);
});

describe('a cut-over that is refused', () => {
  test('AWS denies the first look: refused', async () => {
    const stage = new Stage();
    stage.cloud.faults.byResource = () => fault('aws-denied');
    const ended = await stage.promote();
    expect([ended.status, codes(ended), stage.cloud.mutations]).toEqual(['refused', ['aws-denied'], []]);
  });

  test('the copy was mended before: failed, because something was changed', async () => {
    const stage = new Stage();
    const difference = { wanted: 'private', got: 'default', call: 'aws rds ...' } as const;
    stage.settings.differences = [
      { ...difference, name: 'VpcSecurityGroupIds', mend: 'modify' },
      { ...difference, name: 'DBSubnetGroupName', mend: 'none' },
    ];
    const ended = await stage.promote();
    expect([ended.status, ended.run.mended]).toEqual(['failed', ['VpcSecurityGroupIds']]);
    expect(stage.renames).toEqual([]);
  });

  test('a rollback that found its restore changed nothing; one that asked for it did', async () => {
    const world = new World({ scripts: [HALF], splits: true, request: { onFailure: 'alert' } });
    await world.play();
    world.database.count(['orders']);
    world.database.commit('application', changed(world.database.image, { rows: ['orders'] }));
    const wanted = { mode: 'rollback', runId: '8123', promote: 'rename', confirm: 'shop-prod' } as const;
    const request = { ...wanted, maxWriteLoss: 0 };
    const first = await world.play({ identity: as('9000'), request });
    expect([first.status, codes(first)]).toEqual(['failed', ['write-loss-exceeded']]);
    const second = await world.play({ identity: as('9001'), request });
    expect([second.status, codes(second)]).toEqual(['refused', ['write-loss-exceeded']]);
    expect(second.run.restore?.identifier).toBe(RESTORED);
    expect(world.fleet.renames).toEqual([]);
  });
});
