import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { every, nextDelay, retryPause, waitUntil } from '../../src/guard/wait.ts';
import { FakeClock } from '../fakes/clock.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

describe('the pause before the next look', () => {
  test.each([
    [0, undefined, 1000],
    [2000, undefined, 1000],
    [8000, undefined, 2000],
    [40_000, undefined, 10_000],
    [3_600_000, undefined, 10_000],
    [5000, 50, 1250],
    [30_000, 1, 7500],
    [60_000, 50, 22_560],
    [600_000, 50, 90_000],
    [600_000, 95, 5053],
    [600_000, 99, 5000],
    [600_000, 100, 10_000],
  ])('after %i ms at %s percent: %i ms', (elapsed, percent, expected) => {
    expect(Math.round(nextDelay(elapsed, percent))).toBe(expected);
  });

  test('is never shorter than a second nor longer than a minute and a half', () => {
    fc.assert(
      fc.property(
        fc.nat(10 * 3_600_000),
        fc.option(fc.integer({ min: -5, max: 120 }), { nil: undefined }),
        (ms, percent) => {
          const delay = nextDelay(ms, percent);
          expect(delay).toBeGreaterThanOrEqual(1000);
          expect(delay).toBeLessThanOrEqual(1.5 * MINUTE);
        },
      ),
    );
  });
});

interface Job {
  readonly lateMs: number;
  readonly looks: number;
}

/** A snapshot of twenty minutes, give or take, whose percentage jumps about as that of RDS does. */
async function follow(seed: number): Promise<Job> {
  const clock = new FakeClock(0, seed);
  const total = (15 + 10 * clock.random()) * MINUTE;
  let looks = 0;
  await waitUntil({
    clock,
    signal: never,
    deadline: 60 * MINUTE,
    look: async () => {
      looks += 1;
      const noise = (clock.random() - 0.5) * 6;
      return {
        over: clock.now() >= total,
        percent: Math.max(0, Math.min(99, Math.floor((clock.now() / total) * 100 + noise))),
      };
    },
    until: (seen) => seen.over,
    percent: (seen) => seen.percent,
  });
  return { lateMs: clock.now() - total, looks };
}

describe('waiting', () => {
  test('a long job: noticed within five seconds on average, with fewer looks than every thirty seconds', async () => {
    const jobs: Job[] = [];
    for (let seed = 1; seed <= 60; seed += 1) jobs.push(await follow(seed));
    const mean = (pick: (job: Job) => number): number =>
      jobs.reduce((sum, job) => sum + pick(job), 0) / jobs.length;
    expect(mean((job) => job.lateMs)).toBeLessThanOrEqual(5000);
    expect(mean((job) => job.looks)).toBeLessThan((20 * MINUTE) / 30_000);
  });

  test('ends at the deadline, not after it', async () => {
    const clock = new FakeClock(0);
    const end = await waitUntil({
      clock,
      signal: never,
      deadline: 12_345,
      look: async () => 'no',
      until: () => false,
    });
    expect([end, clock.now()]).toEqual([{ end: 'deadline', seen: 'no' }, 12_345]);
  });

  test('a thing that is there is seen without a pause', async () => {
    const clock = new FakeClock(0);
    const end = await waitUntil({
      clock,
      signal: never,
      deadline: 0,
      look: async () => 1,
      until: () => true,
    });
    expect([end.end, clock.now()]).toEqual(['reached', 0]);
  });

  test('a cancelled run wakes at once', async () => {
    const clock = new FakeClock(0);
    const cancel = new AbortController();
    clock.at(3333, () => cancel.abort());
    const end = await waitUntil({
      clock,
      signal: cancel.signal,
      deadline: MINUTE,
      look: async () => 1,
      until: () => false,
    });
    expect([end.end, clock.now()]).toEqual(['cancelled', 3333]);
  });

  test('a look that throws ends the wait', async () => {
    const look = async (): Promise<number> => {
      throw new Error('denied');
    };
    await expect(
      waitUntil({ clock: new FakeClock(0), signal: never, deadline: MINUTE, look, until: () => true }),
    ).rejects.toThrow('denied');
  });
});

describe('a fixed pace', () => {
  test('looks until it is told to stop', async () => {
    const clock = new FakeClock(0);
    const seen: number[] = [];
    const look = async (): Promise<'again' | 'stop'> => {
      seen.push(clock.now());
      return seen.length < 3 ? 'again' : 'stop';
    };
    await every(clock, 1000, look, new Promise(() => undefined));
    expect(seen).toEqual([0, 1000, 2000]);
  });

  test('ends in the middle of a pause when the work has ended', async () => {
    const clock = new FakeClock(0);
    await every(clock, 1000, async () => 'again', clock.sleep(2500));
    expect(clock.now()).toBe(2500);
  });
});

test('pauses between tries grow, are spread by half, and stop growing at a minute', () => {
  expect([1, 2, 3, 4].map((round) => retryPause(round, 0.5))).toEqual([2000, 4000, 8000, 16_000]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (round, random) => {
        const middle = Math.min(MINUTE, 2000 * 2 ** (round - 1));
        expect(retryPause(round, random)).toBeGreaterThanOrEqual(middle * 0.5);
        expect(retryPause(round, random)).toBeLessThanOrEqual(middle * 1.5);
      },
    ),
  );
});
