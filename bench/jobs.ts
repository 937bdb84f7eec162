/** Simulated snapshots: how long they take and what PercentProgress they show on the way. */

export interface Job {
  readonly endMs: number;
  /** What AWS would show at that moment. */
  percentAt(ms: number): number;
}

/** Mulberry32: small, and the same on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Jobs of `minutes` ± 15 %. Progress is what one must expect of a figure nobody promises anything about: a whole
 * number, refreshed every 5 to 60 seconds, bent (faster first or last, by up to 1.5 times), off by up to 3 points, and
 * never 100 before the end.
 */
export function simulatedJobs(count: number, minutes: number, seed = 1): readonly Job[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => oneJob(minutes * 60_000 * (0.85 + 0.3 * random()), random));
}

function oneJob(endMs: number, random: () => number): Job {
  const bend = 1.5 ** (2 * random() - 1);
  const refreshMs = 5000 + 55_000 * random();
  const noise = Array.from({ length: Math.ceil(endMs / refreshMs) + 1 }, () => 6 * random() - 3);
  return {
    endMs,
    percentAt: (ms) => {
      const step = Math.floor(ms / refreshMs);
      const share = Math.min(1, (step * refreshMs) / endMs) ** bend;
      return Math.max(0, Math.min(99, Math.floor(100 * share + (noise[step] ?? 0))));
    },
  };
}
