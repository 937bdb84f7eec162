import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.ts';

describe('the system clock', () => {
  test('sleeps', async () => {
    const before = systemClock.now();
    await systemClock.sleep(20);
    // Timers may be early by a millisecond.
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(19);
  });

  test('wakes when the signal fires, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(3_600_000, controller.signal);
    controller.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });

  test('does not sleep at all when the signal has fired before', async () => {
    await expect(systemClock.sleep(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  test('takes a negative time for none', async () => {
    await expect(systemClock.sleep(-5)).resolves.toBeUndefined();
  });

  test('does not take a time beyond 24.8 days for none', async () => {
    const controller = new AbortController();
    let woke = false;
    const sleeping = systemClock.sleep(2 ** 40, controller.signal).then(() => {
      woke = true;
    });
    await systemClock.sleep(10);
    expect(woke).toBe(false);
    controller.abort();
    await sleeping;
  });

  test('jitter is in [0, 1)', () => {
    const drawn = Array.from({ length: 100 }, () => systemClock.random());
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(90);
  });
});
