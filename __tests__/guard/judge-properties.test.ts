import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isApplied } from '../../src/domain/history.ts';
import { type Case, judge } from '../../src/guard/judge.ts';
import { A, B, busy, done, files, other, quiet, row, snapshot, written } from './cases.ts';

const statement = fc.constantFrom(
  'CREATE TABLE coupons (i int)',
  'DROP TABLE orders',
  'ALTER TABLE users ADD COLUMN x int',
  'UPDATE users SET a = 1',
  'INSERT INTO orders VALUES (1)',
  'TRUNCATE users',
  'DO $x$ something $x$',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SET lock_timeout = 1',
  'CREATE INDEX CONCURRENTLY i ON users (a)',
  'SELECT 1',
  'a syntax error',
);
const sql = fc.array(statement, { minLength: 1, maxLength: 5 }).map((all) => all.join('; '));
const history = fc.subarray([
  done('old'),
  done(A),
  row(A, { id: 'a2' }),
  row(B),
  done(B),
  row(A, { id: 'a3', rolledBackAt: 9 }),
]);
const fingerprint = fc.constantFrom(snapshot().fingerprint, other);
const writes = fc.constantFrom(snapshot().writes, written('users'), written('orders'), {});

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    a: sql,
    b: sql,
    before: fc.record({ writes, history: fc.constantFrom(null, [], [done('old')]) }),
    after: fc.option(fc.record({ history: fc.option(history), fingerprint, writes }), { nil: undefined }),
    activity: fc.constantFrom(quiet, quiet, quiet, busy, undefined),
    exactCounters: fc.boolean(),
    splits: fc.boolean(),
    outcome: fc.record(
      {
        code: fc.constantFrom('P3018', 'P1017', 'P3009', 'P1014'),
        sqlState: fc.constantFrom('23505', '55P03', '57014', '25P02', '42601'),
        migration: fc.constantFrom(A, B),
        message: fc.constantFrom(
          'relation "users" does not exist',
          'canceling statement due to lock timeout',
          'boom',
        ),
        position: fc.integer({ min: 1, max: 40 }),
      },
      { requiredKeys: [] },
    ),
    stopReason: fc.constantFrom(
      undefined,
      undefined,
      'cancelled',
      'migration-timeout',
      'cli-hung',
      'watch-lost',
    ),
    watched: fc.option(statement, { nil: undefined }),
    replayed: fc.constantFrom(undefined, undefined, { index: 0, code: '23505', message: 'x' }),
  })
  .map(({ a, b, before, after, ...rest }) => ({
    ...rest,
    before: snapshot(before),
    after: after === undefined ? undefined : snapshot(after),
    pending: [
      { name: A, path: 'a' },
      { name: B, path: 'b' },
    ],
    files: files({ [A]: a, [B]: b }),
    limits: { statementTimeoutMs: 30_000, lockTimeoutMs: 5000 },
  }));

const newlyApplied = ({ before, after }: Case): boolean => {
  const known = new Set((before.history ?? []).map((each) => each.id));
  return (after?.history ?? []).some((each) => !known.has(each.id) && isApplied(each));
};

test('unchanged is never said of another schema, of silence, beside a live backend, or after an applied migration', () => {
  let said = 0;
  fc.assert(
    fc.property(anyCase, (the) => {
      const verdict = judge(the);
      if (verdict.state !== 'unchanged') return;
      said += 1;
      expect(the.after?.fingerprint.digest).toBe(the.before.fingerprint.digest);
      expect(the.activity?.ours).toEqual([]);
      expect(newlyApplied(the)).toBe(false);
      const now = (the.after?.history ?? []).map((each) => each.id);
      for (const each of the.before.history ?? []) expect(now).toContain(each.id);
      expect(verdict.applied).toEqual([]);
    }),
    { numRuns: 5000, seed: 7 },
  );
  // The property must not hold because nothing was ever called unchanged.
  expect(said).toBeGreaterThan(100);
});

test('ok is said only with every pending migration finished, nothing open, and nobody of ours at work', () => {
  let said = 0;
  fc.assert(
    fc.property(anyCase, (the) => {
      const verdict = judge(the);
      if (!verdict.ok) return;
      said += 1;
      expect(verdict.applied).toEqual([A, B]);
      expect(the.activity?.ours).toEqual([]);
      const known = new Set((the.before.history ?? []).map((each) => each.id));
      const fresh = (the.after?.history ?? []).filter(
        (each) => !known.has(each.id) && each.rolledBackAt === null,
      );
      expect(fresh.every((each) => each.finishedAt !== null)).toBe(true);
    }),
    { numRuns: 5000, seed: 11 },
  );
  expect(said).toBeGreaterThan(10);
});

test('retryable implies unchanged; a failure always has evidence and an error', () => {
  fc.assert(
    fc.property(anyCase, (the) => {
      const verdict = judge(the);
      if (verdict.retryable) expect([verdict.ok, verdict.state]).toEqual([false, 'unchanged']);
      if (verdict.ok) return;
      expect(verdict.evidence.length).toBeGreaterThan(0);
      expect(verdict.error?.message ?? '').not.toBe('');
    }),
    { numRuns: 2000, seed: 13 },
  );
});
