import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WriteCounter } from '../../src/domain/facts.ts';
import { TAG } from '../../src/domain/tags.ts';
import {
  decodeMarks,
  encodeMarks,
  MAX_PIECES,
  marksIn,
  marksOf,
  markTags,
  rowsOf,
  sum,
  tableHash,
} from '../../src/domain/write-marks.ts';

const count = fc.oneof(fc.nat(), fc.nat({ max: 1e12 }), fc.constant(0));
const counter = fc.record({ inserted: count, updated: count, deleted: count });
const lsn = fc
  .tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0xffffffff }))
  .map(([high, low]) => `${high.toString(16).toUpperCase()}/${low.toString(16).toUpperCase()}`);
const tables = fc.dictionary(fc.string({ unit: 'binary', maxLength: 80 }), counter, { maxKeys: 60 });
const ALLOWED = /^[A-Za-z0-9 +\-=._:/@]*$/;

const total = (marks: ReturnType<typeof marksOf>): number =>
  rowsOf(Object.values(marks.tables).reduce(sum, marks.rest));

const many = (n: number): Record<string, WriteCounter> =>
  Object.fromEntries(
    Array.from({ length: n }, (_, index) => [
      `public."table ${index}"`,
      { inserted: index * 7919, updated: index % 13, deleted: index % 3 },
    ]),
  );

describe('write marks in tags', () => {
  test('what fits comes back whole, whatever the tables are called', () => {
    fc.assert(
      fc.property(tables, lsn, fc.option(fc.nat(), { nil: undefined }), (counters, at, commits) => {
        const marks = marksOf(counters, at, commits);
        const texts = encodeMarks(marks, MAX_PIECES);
        const back = decodeMarks(texts);
        expect(back?.lsn).toBe(at);
        expect(back?.commits).toBe(commits);
        if (Object.keys(marks.tables).length < 25) expect(back).toEqual(marks);
      }),
    );
  });

  test('never more pieces, longer texts or other characters than AWS takes, and no row is lost', () => {
    fc.assert(
      fc.property(tables, lsn, fc.integer({ min: -3, max: 60 }), (counters, at, room) => {
        const marks = marksOf(counters, at, 12);
        const texts = encodeMarks(marks, room);
        expect(texts.length).toBeLessThanOrEqual(Math.max(0, Math.min(MAX_PIECES, room)));
        for (const text of texts) {
          expect(text.length).toBeLessThanOrEqual(256);
          expect(text).toMatch(ALLOWED);
          expect(text).toBe(text.trim());
        }
        const back = decodeMarks(texts);
        if (texts.length === 0) expect(back).toBeUndefined();
        else expect(back === undefined ? undefined : total(back)).toBe(total(marks));
      }),
    );
  });

  test('five thousand tables: the busiest by name, the others as a sum', () => {
    const counters = many(5000);
    const marks = marksOf(counters, 'A/1B', 99);
    const texts = encodeMarks(marks, MAX_PIECES);
    expect(texts).toHaveLength(MAX_PIECES);
    const back = decodeMarks(texts);
    expect(Object.keys(back?.tables ?? {}).length).toBeGreaterThan(80);
    expect(back?.tables[tableHash('public."table 4999"')]).toEqual({
      inserted: 4999 * 7919,
      updated: 4999 % 13,
      deleted: 4999 % 3,
    });
    expect(back === undefined ? 0 : total(back)).toBe(total(marks));
    expect(encodeMarks(marks, 1)).toHaveLength(1);
  });

  test('no tables at all, and tables in which nothing was written', () => {
    const marks = marksOf({ 'public.a': { inserted: 0, updated: 0, deleted: 0 } }, '0/1', 0);
    expect(encodeMarks(marks, 8)).toEqual(['1+1+0/1+0+0']);
    expect(decodeMarks(['1+1+0/1+0+0'])).toEqual({ ...marks, tables: {} });
  });

  test('what somebody else wrote there, or a piece that is gone, is no mark', () => {
    const texts = encodeMarks(marksOf(many(60), '0/1', 5), 8);
    expect(texts.length).toBeGreaterThan(2);
    expect(decodeMarks([])).toBeUndefined();
    expect(decodeMarks(texts.slice(0, -1))).toBeUndefined();
    expect(decodeMarks([texts[0], undefined, ...texts.slice(2)])).toBeUndefined();
    expect(decodeMarks(['2+1+0/1+0+0'])).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 9 }), (foreign) => {
        const back = decodeMarks(foreign);
        if (back !== undefined) expect(foreign[0]).toMatch(/^1\+/);
      }),
    );
  });

  test('as tags: beside forty-eight others only two are taken, an older longer mark does not disturb', () => {
    const marks = marksOf(many(5000), '0/1', 5);
    const tags = markTags(marks, 48);
    expect(Object.keys(tags)).toEqual([TAG.marks(0), TAG.marks(1)]);
    expect(markTags(marks, 50)).toEqual({});
    expect(markTags(marks, 70)).toEqual({});
    expect(marksIn({ ...markTags(marks, 10), ...tags })).toEqual(marksIn(tags));
    expect(marksIn(tags)).toBeDefined();
    expect(marksIn({ team: 'shop' })).toBeUndefined();
  });
});
