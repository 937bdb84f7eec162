/** What a post step does after main was killed or cancelled in a promotion: one request, and no long wait. */
import { describe, expect, test } from '@jest/globals';
import type { Event } from '../../src/domain/event.ts';
import { fold } from '../../src/domain/fold.ts';
import { emptyRun, type Run } from '../../src/domain/run.ts';
import { type Nudged, nudgePromotion } from '../../src/guard/back/post-promotion.ts';
import { Guard } from '../../src/guard/context.ts';
import { fault } from '../fakes/engine.ts';
import { Killed, NEW, OLD, PARKED, PROMOTER, Stage } from './promote-stage.ts';

const MUTATING = ['rename', 'tag', 'mend'] as const;

/** Main dies when `isLast` says so; the run as its journal tells it. */
async function dies(stage: Stage, isLast: (event: Event) => boolean): Promise<Run> {
  const journal: Event[] = [];
  let dead = false;
  for (const call of MUTATING) stage.cloud.faults[call] = () => (dead ? new Killed() : undefined);
  await stage
    .promote(
      {},
      {
        onEvent: (event) => {
          if (!dead) journal.push(event);
          dead ||= isLast(event);
          if (dead) throw new Killed();
        },
      },
    )
    .catch(() => undefined);
  for (const call of MUTATING) delete stage.cloud.faults[call];
  expect(dead).toBe(true);
  return journal.reduce(fold, emptyRun(PROMOTER, 0));
}

const post = async (stage: Stage, run: Run | undefined): Promise<Nudged | undefined> => {
  const { options } = stage.guard({}, {});
  const before = stage.clock.now();
  const nudged = await nudgePromotion(new Guard(options, run));
  expect(stage.clock.now() - before).toBeLessThan(30_000);
  return nudged;
};

const inPhase =
  (phase: string) =>
  (event: Event): boolean =>
    event.type === 'promotion' && event.promotion.phase === phase;

describe.each([
  ['with its journal', true],
  ['by tags alone', false],
] as const)('%s', (_, hasJournal) => {
  const play = async (isLast: (event: Event) => boolean) => {
    const stage = new Stage();
    const run = await dies(stage, isLast);
    return { stage, run: hasJournal ? run : undefined };
  };

  test('in the outage window it asks for the second rename at once', async () => {
    const { stage, run } = await play(inPhase('outage'));
    await stage.clock.sleep(200_000);
    expect(stage.served).toBe('nobody');
    const nudged = await post(stage, run);
    expect(nudged).toMatchObject({ acted: true, line: expect.stringContaining('requested') });
    await stage.clock.sleep(200_000);
    expect([stage.served, stage.names]).toEqual(['new', [PARKED, 'shop-prod']]);
    // The next job only has to settle it.
    const { status } = await stage.promote();
    expect([status, stage.phases]).toEqual(['promoted', ['replaced', 'promoted']]);
  });

  test('asked twice it asks AWS once', async () => {
    const { stage, run } = await play(inPhase('outage'));
    await stage.clock.sleep(200_000);
    await post(stage, run);
    await stage.clock.sleep(30_000);
    expect((await post(stage, run))?.acted).toBe(false);
    expect(stage.renames).toHaveLength(2);
  });

  test('a first rename that ends in half a minute is waited for, and the second one asked for', async () => {
    const { stage, run } = await play(inPhase('outage'));
    await stage.clock.sleep(110_000);
    expect(stage.byId(OLD)?.status).toBe('renaming');
    expect(await post(stage, run)).toMatchObject({ acted: true });
    await stage.clock.sleep(200_000);
    expect([stage.served, stage.renames.length]).toEqual(['new', 2]);
  });

  test('while the first rename runs longer it only tells', async () => {
    const { stage, run } = await play(inPhase('outage'));
    expect(await post(stage, run)).toMatchObject({
      acted: false,
      line: expect.stringContaining('mode: promote'),
    });
    expect(stage.renames).toHaveLength(1);
  });

  test('denied: it says so and does not throw', async () => {
    const { stage, run } = await play(inPhase('outage'));
    await stage.clock.sleep(200_000);
    stage.cloud.faults.rename = () => fault('aws-denied');
    expect(await post(stage, run)).toMatchObject({
      acted: false,
      line: expect.stringContaining('half done'),
    });
  });
});

test('nothing was begun: nothing to say', async () => {
  const stage = new Stage();
  const run = await dies(stage, inPhase('not-started'));
  expect(await post(stage, run)).toBeUndefined();
  expect([stage.renames, stage.byId(OLD)?.identifier, stage.byId(NEW)?.identifier]).toEqual([
    [],
    'shop-prod',
    'shop-prod-gm-r-8123-1',
  ]);
});

test('all was done: nothing to say', async () => {
  const stage = new Stage();
  const run = await dies(stage, inPhase('promoted'));
  expect(await post(stage, run)).toBeUndefined();
});
