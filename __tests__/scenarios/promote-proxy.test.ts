/** A cut-over by RDS Proxy, also when the process dies while the proxy has no target. */
import { describe, expect, test } from '@jest/globals';
import type { Event } from '../../src/domain/event.ts';
import { fold } from '../../src/domain/fold.ts';
import { emptyRun, type Run } from '../../src/domain/run.ts';
import { nudgePromotion } from '../../src/guard/back/post-promotion.ts';
import { Guard } from '../../src/guard/context.ts';
import { codes, Killed, PROMOTER, RESTORED, Stage } from './promote-stage.ts';

describe('by proxy', () => {
  const proxied = (): Stage => {
    const stage = new Stage();
    stage.proxies.list.push({
      name: 'shop',
      targetGroup: 'default',
      endpoint: { address: 'shop.proxy-abc', port: 5432 },
      target: 'shop-prod',
      health: 'AVAILABLE',
      reason: undefined,
    });
    stage.engine.databases.set('shop.proxy-abc', stage.database);
    stage.environment = { DATABASE_URL: 'postgresql://app:s3cret-word@shop.proxy-abc:5432/shop' };
    return stage;
  };
  const follow = (stage: Stage) => {
    const name = stage.proxies.list[0]?.target ?? '';
    const behind = stage.engine.databases.get(`${name}.abc.eu-west-1.rds.amazonaws.com`);
    if (behind !== undefined) stage.engine.databases.set('shop.proxy-abc', behind);
  };

  test('sent to the new one and, undone, back again; nothing is renamed', async () => {
    const stage = proxied();
    const first = await stage.promote({ promote: 'proxy' }, { onEvent: () => follow(stage) });
    expect([codes(first.run), first.status]).toEqual([[], 'promoted']);
    expect([stage.proxies.list[0]?.target, first.run.promotion?.proxies]).toEqual([RESTORED, ['shop']]);
    const undone = await stage.promote(
      { promote: 'undo', restoredIdentifier: undefined },
      { onEvent: () => follow(stage) },
    );
    expect([codes(undone.run), undone.status, undone.run.promotion?.phase]).toEqual([
      [],
      'promoted',
      'undone',
    ]);
    expect(stage.proxies.list[0]?.target).toBe('shop-prod');
    expect(stage.renames).toEqual([]);
  });

  /** Killed right after the proxy lost its target; the run as its journal tells it. */
  const cutOff = async (change: object = {}): Promise<{ readonly stage: Stage; readonly run: Run }> => {
    const stage = proxied();
    if ('promote' in change) await stage.promote({ promote: 'proxy' }, { onEvent: () => follow(stage) });
    const journal: Event[] = [];
    let dead = false;
    stage.cloud.faults.retarget = () => {
      dead = true;
      for (const [index, each] of stage.proxies.list.entries())
        stage.proxies.list[index] = { ...each, target: undefined, health: undefined };
      return new Killed();
    };
    const onEvent = (event: Event): void => {
      if (dead) throw new Killed();
      journal.push(event);
    };
    await stage.promote({ promote: 'proxy', ...change }, { onEvent }).catch(() => undefined);
    delete stage.cloud.faults.retarget;
    return { stage, run: journal.reduce(fold, emptyRun(PROMOTER, 0)) };
  };
  const LATER = { ...PROMOTER, runId: '9001' };
  const UNDO = { promote: 'undo', restoredIdentifier: undefined } as const;

  test.each([
    ['a promotion is finished by the next job', {}, { promote: 'proxy' }, RESTORED],
    ['a promotion is undone by the next job', {}, UNDO, 'shop-prod'],
    ['an undo is finished by the next job', UNDO, UNDO, 'shop-prod'],
    ['an undo is taken back by a promotion', UNDO, { promote: 'proxy' }, RESTORED],
  ] as const)('killed between two targets: %s', async (_, first, then, target) => {
    const { stage } = await cutOff(first);
    expect(stage.proxies.list[0]?.target).toBeUndefined();
    const { status, run } = await stage.promote(then, { as: LATER, onEvent: () => follow(stage) });
    expect([codes(run), status, stage.proxies.list[0]?.target]).toEqual([[], 'promoted', target]);
  });

  test.each([
    ['with its journal', true],
    ['by tags alone', false],
  ])('killed between two targets: the post step asks for the new one, %s', async (_, hasJournal) => {
    const { stage, run } = await cutOff();
    const { options } = stage.guard({ promote: 'proxy' }, {});
    const nudged = await nudgePromotion(new Guard(options, hasJournal ? run : undefined));
    expect([nudged?.acted, stage.proxies.list[0]?.target]).toEqual([true, RESTORED]);
  });

  test('no proxy: refused', async () => {
    const stage = new Stage();
    const { status, run } = await stage.promote({ promote: 'proxy' });
    expect([status, codes(run), stage.cloud.mutations]).toEqual(['refused', ['proxy-not-found'], []]);
  });
});
