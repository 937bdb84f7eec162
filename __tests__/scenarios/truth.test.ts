import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Act } from '../fakes/backend-run.ts';
import type { Image } from '../fakes/database.ts';
import { World } from '../fakes/world.ts';

/** What a statement does in truth; the guard sees the schema, the counters and the history, never this. */
const ACTS: readonly Act[] = [
  { sql: 'CREATE TABLE coupons (i int)', change: { objects: { 'table public.coupons': 'i int' } } },
  { sql: 'DROP TABLE coupons', change: { objects: { 'table public.coupons': null } } },
  { sql: 'ALTER TABLE users ADD COLUMN x int', change: { objects: { 'column public.users.x': 'int' } } },
  { sql: 'UPDATE users SET a = 1', change: { rows: ['users'] } },
  { sql: 'INSERT INTO orders VALUES (1)', change: { rows: ['orders'] } },
  { sql: 'DO $x$ something $x$', change: { rows: ['orders'] } },
  { sql: 'DROP TABLE orders', change: { objects: { 'table public.orders': null }, rows: ['orders'] } },
  { sql: 'CREATE TABLE orders (id int)', change: { objects: { 'table public.orders': 'id int' } } },
  { sql: 'BEGIN' },
  { sql: 'COMMIT' },
  { sql: 'ROLLBACK' },
  { sql: 'SELECT 1' },
];

const ERRORS = [
  { code: '23505', message: 'duplicate key value violates unique constraint "users_key"' },
  { code: '42P01', message: 'relation "orders" does not exist' },
  { code: '40P01', message: 'deadlock detected' },
];

/** Once in so many times. */
const sometimes = <T, N>(oneIn: number, arbitrary: fc.Arbitrary<T>, otherwise: N): fc.Arbitrary<T | N> =>
  fc.oneof({ weight: 1, arbitrary }, { weight: oneIn - 1, arbitrary: fc.constant(otherwise) });

const act = fc
  .record({
    which: fc.nat(ACTS.length - 1),
    ms: fc.constantFrom(5, 5, 400, 2500, 12_000),
    error: sometimes(6, fc.nat(ERRORS.length - 1), undefined),
    locked: sometimes(10, fc.integer({ min: 1000, max: 40_000 }), 0),
  })
  .map(({ which, ms, error, locked }) => {
    const base = ACTS[which] ?? { sql: 'SELECT 1' };
    const transaction = /^(begin|commit|rollback)/i.test(base.sql);
    const failure = error === undefined || transaction ? undefined : ERRORS[error];
    return {
      locked: transaction ? 0 : locked,
      act: { ...base, ms, ...(failure === undefined ? {} : { error: failure }) },
    };
  });

const world = fc.record({
  files: fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  splits: fc.boolean(),
  zeroed: fc.boolean(),
  statementTimeoutMs: fc.constantFrom(800, 5000, 30_000),
  lockTimeoutMs: fc.constantFrom(300, 5000),
  migrationTimeoutMs: fc.constantFrom(6000, 60_000),
  crash: sometimes(4, fc.integer({ min: 1500, max: 20_000 }), undefined),
  cancel: sometimes(6, fc.integer({ min: 1500, max: 20_000 }), undefined),
});

const truth = (image: Image): unknown => ({
  objects: image.objects,
  rows: image.rows,
  // An unfinished or rolled-back row is a note of Prisma's; a finished one is a change.
  finished: (image.history ?? [])
    .filter((row) => row.finishedAt !== null && row.rolledBackAt === null)
    .map((row) => row.name),
});

test('what is called unchanged is unchanged in truth, whatever happened on the way', async () => {
  const said = { unchanged: 0, changed: 0, unknown: 0, ok: 0 };
  await fc.assert(
    fc.asyncProperty(world, async ({ files, splits, zeroed, crash, cancel, ...limits }) => {
      const the = new World({ splits, request: { ...limits, snapshot: 'skip', onFailure: 'alert' } });
      the.engine.replayed = 'nothing';
      the.migrator.scripts = files.map((acts, index) => ({
        name: `2026010${index}000000_file`,
        acts: acts.map((each) => ({
          ...each.act,
          lockedUntil: each.locked === 0 ? 0 : the.clock.now() + each.locked,
        })),
      }));
      if (zeroed)
        for (const table of Object.keys(the.database.counters))
          the.database.counters[table] = { inserted: 0, updated: 0, deleted: 0, file: '1' };
      const before = truth(the.database.image);
      if (crash !== undefined) the.outage(the.clock.now() + crash, the.clock.now() + crash + 5000, true);
      if (cancel !== undefined) the.clock.at(the.clock.now() + cancel, () => the.cancel());
      const { run, status } = await the.play();
      const { verdict } = run;
      if (verdict === undefined) {
        expect(truth(the.database.image)).toEqual(before);
        return;
      }
      said[verdict.ok ? 'ok' : verdict.state] += 1;
      if (verdict.state === 'unchanged') expect(truth(the.database.image)).toEqual(before);
      if (verdict.ok) {
        const names = the.migrator.scripts.map((each) => each.name);
        expect(truth(the.database.image)).toMatchObject({ finished: names });
        expect(the.database.backends).toEqual([]);
      }
      expect(status === 'applied').toBe(verdict.ok);
    }),
    { numRuns: 600, seed: 3 },
  );
  for (const count of [said.unchanged, said.changed, said.unknown, said.ok])
    expect(count).toBeGreaterThan(15);
});
