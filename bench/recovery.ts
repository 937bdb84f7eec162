/** From a failed migration to applications that are served by the restored database, in AWS's durations on a virtual clock. */
import { World } from '../__tests__/fakes/world.ts';
import { HALF } from '../__tests__/scenarios/scripts.ts';
import type { Event } from '../src/domain/event.ts';
import { randomFrom } from './jobs.ts';
import { type Bench, type Line, mean } from './measure.ts';

const NIGHTS = 100;
const MINUTE = 60_000;
const SECOND = 1000;

/** What AWS takes in one night; facts: rds.md section 8. */
interface Night {
  /** How far LatestRestorableTime stays behind. */
  readonly logMs: number;
  readonly provisionMs: number;
  readonly renameMs: number;
}

interface Took {
  readonly ratio: number;
  readonly lateMs: number;
  readonly outageRatio: number;
}

export const recovery: Bench = {
  name: 'recovery',
  about: `recovery time over its lower bound (${NIGHTS} nights with AWS's durations, virtual clock)`,
  async run() {
    const random = randomFrom(4);
    const between = (low: number, high: number): number => low + random() * (high - low);
    const nights = Array.from({ length: NIGHTS }, () => ({
      logMs: between(1 * MINUTE, 5 * MINUTE),
      provisionMs: between(8 * MINUTE, 30 * MINUTE),
      renameMs: between(5 * MINUTE, 12 * MINUTE),
    }));
    const straight: Took[] = [];
    const byHand: Took[] = [];
    for (const night of nights) {
      straight.push(await deployed(night));
      byHand.push(await rolledBack(night));
    }
    return [...told('deploy that cuts over by itself', straight), ...told('rollback by run id', byHand)];
  },
};

function told(who: string, all: readonly Took[]): readonly Line[] {
  const ratios = all.map(({ ratio }) => ratio);
  return [
    {
      what: `${who}: over the lower bound`,
      measured: mean(ratios),
      unit: 'ratio',
      target: 1.05,
      note: `worst ${Math.max(...ratios).toFixed(3)}, ${(mean(all.map(({ lateMs }) => lateMs)) / SECOND).toFixed(0)} s late on average`,
    },
    {
      what: `${who}: outage over its two renames`,
      measured: mean(all.map(({ outageRatio }) => outageRatio)),
      unit: 'ratio',
      target: 1.05,
    },
  ];
}

const REQUEST = { promote: 'rename', confirm: 'shop-prod' } as const;

/** A world in which the instance is `available` as soon as it answers: how long a first backup takes is AWS's affair. */
function worldOf(night: Night, onFailure: 'restore' | 'alert'): World {
  const world = new World({ scripts: [HALF], splits: true, request: { ...REQUEST, onFailure } });
  world.engine.replayed = 'nothing';
  world.cloud.lagMs = night.logMs;
  world.cloud.restoreMs = night.provisionMs;
  world.cloud.restoreEnds = ['available', 'available'];
  world.fleet.renameMs = night.renameMs;
  return world;
}

async function deployed(night: Night): Promise<Took> {
  const world = worldOf(night, 'restore');
  const { events } = await world.play();
  const failed = atOf(events, 'verdict');
  return took(events, failed, night, pointOf(events));
}

/** Somebody looks at it for twenty minutes and decides. */
async function rolledBack(night: Night): Promise<Took> {
  const world = worldOf(night, 'alert');
  const first = await world.play();
  await world.clock.sleep(20 * MINUTE);
  const began = world.clock.now();
  const identity = { ...first.run.identity, runId: '9000' };
  const { events } = await world.play({
    identity,
    request: { ...REQUEST, mode: 'rollback', runId: first.run.identity.runId },
  });
  return took(events, began, night, pointOf(first.events));
}

function took(events: readonly Event[], from: number, night: Night, point: number): Took {
  const promotion = events.flatMap((event) => (event.type === 'promotion' ? [event.promotion] : [])).at(-1);
  const { outageFrom, outageUntil, phase } = promotion ?? {};
  if (outageFrom === undefined || outageUntil === undefined || phase !== 'promoted')
    throw new Error(`not promoted: ${JSON.stringify(events.at(-1))}`);
  const log = Math.max(0, point + night.logMs - from);
  const bound = log + night.provisionMs + 2 * night.renameMs;
  return {
    ratio: (outageUntil - from) / bound,
    lateMs: outageUntil - from - bound,
    outageRatio: (outageUntil - outageFrom) / (2 * night.renameMs),
  };
}

const atOf = (events: readonly Event[], type: Event['type']): number =>
  events.find((event) => event.type === type)?.at ?? Number.NaN;

const pointOf = (events: readonly Event[]): number => {
  const found = events.find((event) => event.type === 'restore-point');
  return found?.type === 'restore-point' ? Date.parse(found.point.time) : Number.NaN;
};
