import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WHOLE_SERVER, type WriteCounter } from '../../src/domain/facts.ts';
import { OTHER_TABLES, walBytes, writeLoss } from '../../src/domain/write-loss.ts';
import { decodeMarks, encodeMarks, marksOf } from '../../src/domain/write-marks.ts';
import type { WriteReading } from '../../src/domain/write-reading.ts';

const SINCE = '2026-11-21T02:00:00Z';
const at = Date.parse(SINCE);
const counts = (inserted = 0, updated = 0, deleted = 0): WriteCounter => ({ inserted, updated, deleted });
const reading = (tables: Record<string, WriteCounter>, change: Partial<WriteReading> = {}): WriteReading => ({
  now: at + 60_000,
  lsn: '0/2000',
  commits: 150,
  resetAt: undefined,
  tables,
  ...change,
});
const then = { 'public.orders': counts(100, 5, 1), 'public.users': counts(10) };
const marks = marksOf(then, '0/1000', 100);

describe('what a cut-over would lose', () => {
  test('rows by table, commits and bytes of the log since; tables without writes are left out', () => {
    const loss = writeLoss(SINCE, marks, reading({ ...then, 'public.orders': counts(103, 9, 2) }));
    expect(loss).toEqual({
      since: SINCE,
      until: at + 60_000,
      commits: 50,
      walBytes: 0x1000,
      tables: [{ table: 'public.orders', inserted: 3, updated: 4, deleted: 1 }],
      rows: 8,
      unknown: undefined,
    });
  });

  test('a new table counts wholly, one that is gone not at all', () => {
    const loss = writeLoss(
      SINCE,
      marks,
      reading({ 'public.users': counts(10), 'public.coupons': counts(7), 'public.empty': counts() }),
    );
    expect(loss.tables).toEqual([{ table: 'public.coupons', inserted: 7, updated: 0, deleted: 0 }]);
    expect(loss.rows).toBe(7);
  });

  test('a changed table counts anew, so the count of the whole server stands in, or nothing is known', () => {
    const now = { ...then, 'public.users': counts(), [WHOLE_SERVER]: counts(530) };
    const renewed = { 'public.users': at + 1000 };
    const known = marksOf({ ...then, [WHOLE_SERVER]: counts(500) }, '0/1000', 100);
    expect(writeLoss(SINCE, known, reading(now, { renewed })).tables).toEqual([
      { table: WHOLE_SERVER, inserted: 30, updated: 0, deleted: 0 },
    ]);
    const loss = writeLoss(SINCE, marks, reading(now, { renewed }));
    expect([loss.rows, loss.unknown]).toEqual([
      undefined,
      expect.stringContaining('public.users was changed'),
    ]);
    const before = { ...now, 'public.users': counts(12) };
    const old = { renewed: { 'public.users': at - 2000 } };
    expect(writeLoss(SINCE, known, reading(before, old)).rows).toBe(2);
    // The counters were read within the second before, and the time of a change is cut to its second.
    const same = { renewed: { 'public.users': at - 1000 } };
    expect(writeLoss(SINCE, known, reading(before, same)).rows).toBe(30);
    const { 'public.users': _, ...gone } = before;
    expect(writeLoss(SINCE, known, reading(gone, old)).rows).toBe(30);
    // More tables than the tags hold: of most only the sum was kept.
    const carried = { ...known, rest: counts(70) };
    expect(writeLoss(SINCE, carried, reading(now, { renewed }))).toMatchObject({
      rows: 30,
      unknown: undefined,
    });
    // This account may not read the counters of the tables.
    expect(writeLoss(SINCE, carried, reading({ [WHOLE_SERVER]: counts(530) })).rows).toBe(30);
  });

  test('the most rows first', () => {
    const loss = writeLoss(
      SINCE,
      marks,
      reading({ 'public.orders': counts(101, 5, 1), 'public.users': counts(99) }),
    );
    expect(loss.tables.map((each) => each.table)).toEqual(['public.users', 'public.orders']);
  });

  test.each([
    ['counters that are lower', { ...then, 'public.orders': counts(3) }, {}, /counters of public\.orders/],
    ['fewer commits', then, { commits: 4 }, /count of commits/],
    ['a reset that was written down', then, { resetAt: at + 1000 }, /reset since/],
  ] as const)('%s: nobody knows, and why', (_, tables, change, why) => {
    const loss = writeLoss(SINCE, marks, reading(tables, change));
    expect(loss.rows).toBeUndefined();
    expect(loss.unknown).toMatch(why);
  });

  test('a reset before the restore point is none', () => {
    expect(writeLoss(SINCE, marks, reading(then, { resetAt: at - 1000 })).rows).toBe(0);
  });

  test('without marks nobody knows', () => {
    expect(writeLoss(SINCE, undefined, reading(then))).toMatchObject({
      rows: undefined,
      unknown: 'no write counters were recorded at that moment',
    });
  });

  test.each([
    ['0/0', '0/1000', undefined],
    ['0/1000', '0/1000', 0],
    ['FFFFFFFF/FFFFFFFF', 'FFFFFFFF/FFFFFFFF', 0],
    ['0/FFFFFFFF', '1/0', 1],
    ['1/0', '3/10', 2 * 2 ** 32 + 16],
    ['3/0', '1/0', undefined],
    ['', '0/1', undefined],
    ['0/1', 'nonsense', undefined],
  ])('from %s to %s: %s bytes of the log', (from, to, bytes) => {
    expect(walBytes(from, to)).toBe(bytes);
  });

  test('by the marks in tags the sum is the same as by all counters, however many tables there are', () => {
    const counter = fc.record({ inserted: fc.nat(1e6), updated: fc.nat(1e6), deleted: fc.nat(1e6) });
    const table = fc.record({ before: counter, after: counter });
    fc.assert(
      fc.property(fc.array(table, { maxLength: 300 }), fc.integer({ min: 1, max: 8 }), (all, room) => {
        const before = Object.fromEntries(all.map((each, index) => [`public.t${index}`, each.before]));
        const now = Object.fromEntries(
          all.map(({ before: old, after }, index) => [
            `public.t${index}`,
            counts(old.inserted + after.inserted, old.updated + after.updated, old.deleted + after.deleted),
          ]),
        );
        const whole = marksOf(before, '0/1', 1);
        const kept = decodeMarks(encodeMarks(whole, room));
        const direct = writeLoss(SINCE, whole, reading(now));
        const carried = writeLoss(SINCE, kept, reading(now));
        expect(carried.rows).toBe(direct.rows);
        const named = carried.tables.filter((each) => each.table !== OTHER_TABLES);
        for (const each of named) expect(direct.tables).toContainEqual(each);
      }),
      { numRuns: 60 },
    );
  });
});
