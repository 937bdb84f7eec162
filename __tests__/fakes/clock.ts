import type { Clock } from '../../src/ports/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Start of every world: a Saturday night in UTC. */
export const T0 = Date.UTC(2026, 10, 21, 2, 0, 0, 0);

/**
 * Virtual time. Whenever nothing else is left to do, the earliest timer fires and time jumps to it, so a two-hour
 * restore takes milliseconds and two runs of a test see the very same order.
 */
export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  #order = 0;
  #pumping = false;
  #seed: number;

  constructor(start = T0, seed = 1) {
    this.#now = start;
    this.#seed = seed;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (Number.isNaN(ms)) throw new Error('slept for NaN');
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.at(this.#now + Math.max(0, ms), resolve);
      signal?.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }

  /** Mulberry32: small, and the same on every machine. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Calls `fire` at that moment (never, for Infinity); returns how to call it off. */
  at(when: number, fire: () => void): () => void {
    const timer: Timer = { at: when, order: this.#order++, fire };
    if (Number.isFinite(when)) {
      this.#timers.push(timer);
      this.#pump();
    }
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    // A macrotask: every promise that can settle has settled before time moves on.
    setImmediate(() => {
      this.#pumping = false;
      const next = this.#timers.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) return;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      if (this.#timers.length > 0) this.#pump();
    });
  }
}
