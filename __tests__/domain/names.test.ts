import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isIdentifier, restoredName, snapshotName } from '../../src/domain/names.ts';
import { identity } from '../fakes/world.ts';

const run = fc.record({
  runId: fc.integer({ min: 1, max: 99_999_999_999 }).map(String),
  attempt: fc.integer({ min: 1, max: 99 }).map(String),
});
/** What AWS lets a DB instance be called. */
const instance = fc.stringMatching(/^[A-Za-z](-?[A-Za-z0-9]){0,31}$/);

test('names are those the documentation promises', () => {
  expect(snapshotName('shop-prod', identity)).toBe('gm-shop-prod-8123-1');
  expect(restoredName('shop-prod', identity)).toBe('shop-prod-gm-r-8123-1');
});

test('every name is one AWS accepts, and the same run gives the same name', () => {
  fc.assert(
    fc.property(instance, run, (name, ids) => {
      const who = { ...identity, ...ids };
      for (const made of [snapshotName(name, who), restoredName(name, who)]) {
        expect(isIdentifier(made)).toBe(true);
        expect(made).toBe(made.toLowerCase());
      }
      expect(snapshotName(name, who)).toBe(snapshotName(name, { ...who }));
      expect(snapshotName(name, who).startsWith('gm-')).toBe(true);
    }),
  );
});

test('another run or another attempt never gets the same name', () => {
  fc.assert(
    fc.property(instance, run, run, (name, a, b) => {
      fc.pre(a.runId !== b.runId || a.attempt !== b.attempt);
      const [one, two] = [
        { ...identity, ...a },
        { ...identity, ...b },
      ];
      expect(snapshotName(name, one)).not.toBe(snapshotName(name, two));
      expect(restoredName(name, one)).not.toBe(restoredName(name, two));
    }),
  );
});

test('the restored name keeps what a policy of the pattern <db>-gm-* allows', () => {
  const long = `a${'b'.repeat(40)}`;
  expect(restoredName(long, identity)).toBe(`${long}-gm-r-8123-1`);
  expect(restoredName('x'.repeat(63), identity)).toHaveLength(63);
});

test.each([
  ['shop', true],
  ['Shop-1', true],
  ['1shop', false],
  ['shop-', false],
  ['sh--op', false],
  ['', false],
  ['shop_prod', false],
  ['s'.repeat(64), false],
])('identifier %s: %p', (text, expected) => {
  expect(isIdentifier(text)).toBe(expected);
});

test('long names that differ only where they do not fit still give different names', () => {
  const run = { ...identity, runId: '17345678901', attempt: '1' };
  const long = (end: string): string => `customer-database-of-the-european-production-${end}`;
  expect(snapshotName(long('one-of-them'), run)).not.toBe(snapshotName(long('two-of-them'), run));
  expect(restoredName(long('one-of-them'), run)).not.toBe(restoredName(long('two-of-them'), run));
});
