import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { T0 } from '../fakes/clock.ts';
import { changed } from '../fakes/database.ts';
import { World } from '../fakes/world.ts';
import { BACKFILL, HALF } from './scripts.ts';

test('the restore point holds every commit before the mark and none of the migration, whatever the clocks say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        skewMs: fc.integer({ min: -300_000, max: 300_000 }),
        start: fc.integer({ min: 0, max: 5000 }),
        traffic: fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 20 }),
        splits: fc.boolean(),
      }),
      async ({ skewMs, start, traffic, splits }) => {
        const world = new World({
          scripts: [BACKFILL, HALF],
          splits,
          skewMs,
          start: T0 + start,
          request: { snapshot: 'skip', waitForRestore: false },
        });
        for (const after of traffic) {
          world.clock.at(world.clock.now() + after, () =>
            world.database.commit('application', changed(world.database.image, { rows: ['users'] })),
          );
        }
        const { run, events } = await world.play();
        const time = run.restorePoint?.time ?? '';
        expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        const second = Date.parse(time);
        const marked = (events.find((each) => each.type === 'restore-point')?.at ?? 0) + skewMs;
        for (const commit of world.database.commits) {
          // Twenty milliseconds: the mark is made between two round trips.
          if (commit.by === 'application' && commit.at <= marked - 20)
            expect(commit.at).toBeLessThanOrEqual(second);
          if (commit.by === 'migration') expect(commit.at).toBeGreaterThan(second);
        }
        // PostgreSQL compares with microseconds; a whole second must lie between the mark and the migration.
        const first = world.database.commits.find((each) => each.by === 'migration')?.at ?? 0;
        expect(first - second).toBeGreaterThanOrEqual(1000);
        expect(world.database.asOf(second).objects).toEqual(run.restorePoint?.state.fingerprint.objects);
        expect(world.cloud.restores[0]?.time).toBe(time);
      },
    ),
    { numRuns: 60 },
  );
});

test('marking costs no more than two seconds and a bit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -60_000, max: 60_000 }), async (skewMs) => {
      const world = new World({ scripts: [BACKFILL], skewMs, request: { snapshot: 'skip' } });
      const { events } = await world.play();
      const at = (type: string): number =>
        events.find((each) => ('step' in each ? `${each.type} ${each.step}` : each.type) === type)?.at ?? 0;
      const took = at('step-done restore-point') - at('step-intended restore-point');
      expect(took).toBeGreaterThanOrEqual(1000);
      expect(took).toBeLessThan(2100);
    }),
    { numRuns: 30 },
  );
});
