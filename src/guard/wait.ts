import type { Clock } from '../ports/clock.ts';

const SECOND = 1000;
const FIRST_MS = SECOND;
const NEAR_END_MS = 5 * SECOND;
const FAR_FROM_END_MS = 90 * SECOND;
/**
 * The figure wavers, is stale by up to a minute and need not grow evenly, so a sleep takes only a part of the way to
 * the foreseen end. Both numbers come from `npm run bench -- poller`: 3 seconds late with 35 looks at 20 minutes.
 */
const NEAR_END_PERCENT = 97;
const PART_OF_THE_WAY = 0.4;
/** RDS throttles Describe calls per account and Region; ten seconds is what it bears (facts: 4.2). */
const WITHOUT_PROGRESS_MS = 10 * SECOND;

/**
 * How long to sleep before the next look. With a progress figure the end can be foreseen: look rarely while
 * it is far and every five seconds when it is near. Without one: soon at first, then every ten seconds.
 * The SDK's own waiters sleep up to half an hour (client-rds 3.x, minDelay 30, maxDelay 1800).
 */
export function nextDelay(elapsedMs: number, percent: number | undefined): number {
  if (percent !== undefined && percent >= 2 && percent < 100 && elapsedMs >= 20 * SECOND) {
    const untilNear = (elapsedMs * (NEAR_END_PERCENT - percent)) / percent;
    return Math.min(FAR_FROM_END_MS, Math.max(NEAR_END_MS, untilNear * PART_OF_THE_WAY));
  }
  return Math.min(WITHOUT_PROGRESS_MS, Math.max(FIRST_MS, elapsedMs / 4));
}

export interface Wait<T> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Epoch milliseconds at which waiting ends. */
  readonly deadline: number;
  /** One look; throws to end the wait at once. */
  readonly look: () => Promise<T>;
  readonly until: (seen: T) => boolean;
  readonly percent?: (seen: T) => number | undefined;
}

export type WaitEnd<T> =
  | { readonly end: 'reached'; readonly seen: T }
  | { readonly end: 'deadline' | 'cancelled'; readonly seen: T };

/** Looks until the condition holds, the deadline passes or the run is cancelled. The only poller there is. */
export async function waitUntil<T>(wait: Wait<T>): Promise<WaitEnd<T>> {
  const start = wait.clock.now();
  for (;;) {
    const seen = await wait.look();
    if (wait.until(seen)) return { end: 'reached', seen };
    if (wait.signal.aborted) return { end: 'cancelled', seen };
    const now = wait.clock.now();
    if (now >= wait.deadline) return { end: 'deadline', seen };
    const delay = nextDelay(now - start, wait.percent?.(seen));
    await wait.clock.sleep(Math.min(delay, wait.deadline - now), wait.signal);
  }
}

/** Looks at a fixed pace until told to stop; for things that must be seen within a second. */
export async function every(
  clock: Clock,
  paceMs: number,
  look: () => Promise<'again' | 'stop'>,
  ended: Promise<unknown>,
): Promise<void> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  while (!over.signal.aborted && (await look()) === 'again') await clock.sleep(paceMs, over.signal);
}

/** Growing, jittered pauses between whole deploys: 2, 4, 8 ... seconds up to a minute, each ±50 %. */
export const retryPause = (round: number, random: number): number =>
  Math.round(Math.min(60 * SECOND, 2 * SECOND * 2 ** (round - 1)) * (0.5 + random));
