import { describe, expect, test } from '@jest/globals';
import type { DatabaseState } from '../../src/domain/verdict.ts';
import { differences, isHidden, judge } from '../../src/guard/judge.ts';
import { A, aCase, B, busy, done, files, other, row, snapshot, written } from './cases.ts';

type Options = Parameters<typeof aCase>[0];
type Line = readonly [name: string, options: Options, state: DatabaseState];

const open = (writes = snapshot().writes) => snapshot({ history: [row(A)], writes });
const HIDDEN = {
  sqlState: '25P02',
  migration: A,
  message: 'current transaction is aborted, commands ignored',
};
const TIMED_OUT = {
  code: 'P3018',
  sqlState: '57014',
  migration: A,
  message: 'canceling statement due to statement timeout',
};
const LOCKED = {
  code: 'P3018',
  sqlState: '55P03',
  migration: A,
  message: 'canceling statement due to lock timeout',
};

/** The rows of section 1.3 of the facts about Prisma: which failure leaves what. */
const batch: readonly Line[] = [
  ['several statements, one batch, DDL only', { sql: 'CREATE TABLE a (i int); SELECT 1/0' }, 'unchanged'],
  [
    'several statements, one batch, rows written',
    { sql: 'UPDATE users SET a = 1; UPDATE orders SET b = 2', after: open(written('users')) },
    'unchanged',
  ],
  [
    'BEGIN and COMMIT around everything',
    { sql: 'BEGIN; UPDATE users SET a = 1; COMMIT', after: open(written('users')), outcome: HIDDEN },
    'unchanged',
  ],
  [
    'COMMIT in the middle, DDL before it',
    {
      sql: 'BEGIN; CREATE TABLE coupons (i int); COMMIT; SELECT 1/0',
      after: snapshot({ history: [row(A)], fingerprint: other }),
    },
    'changed',
  ],
  [
    'COMMIT in the middle, rows before it',
    { sql: 'BEGIN; UPDATE users SET a = 1; COMMIT; UPDATE orders SET b = 1', after: open(written('users')) },
    'unknown',
  ],
  ['BEGIN without COMMIT', { sql: 'BEGIN; ALTER TABLE orders ADD COLUMN x int', outcome: {} }, 'unchanged'],
  [
    'BEGIN without COMMIT, rows written',
    { sql: 'BEGIN; UPDATE users SET a = 1', after: open(written('users')), outcome: {} },
    'unknown',
  ],
  [
    'CONCURRENTLY beside another statement',
    {
      sql: 'SET lock_timeout = 1; CREATE INDEX CONCURRENTLY i ON users (a)',
      outcome: { code: 'P3018', sqlState: '25001', migration: A },
    },
    'unchanged',
  ],
  [
    'lone CONCURRENTLY that leaves an invalid index',
    {
      sql: 'CREATE INDEX CONCURRENTLY i ON users (a)',
      after: snapshot({ history: [row(A)], invalidIndexes: ['public.i'], fingerprint: other }),
    },
    'changed',
  ],
  [
    'search_path emptied: script committed',
    {
      sql: "SET search_path = ''; CREATE TABLE coupons (i int)",
      after: snapshot({ history: [row(A)], fingerprint: other }),
      outcome: { code: 'P1014' },
    },
    'changed',
  ],
  [
    'search_path emptied: rows committed',
    {
      sql: "SET search_path = ''; UPDATE users SET a = 1",
      after: open(written('users')),
      outcome: { code: 'P1014' },
    },
    'unknown',
  ],
  [
    'a syntax error that the server found, too',
    {
      sql: 'a syntax error',
      after: open(written('users')),
      outcome: { code: 'P3018', sqlState: '42601', migration: A },
    },
    'unchanged',
  ],
  [
    'a syntax error that only our parser found',
    { sql: 'a syntax error', after: open(written('users')) },
    'unknown',
  ],
  [
    'the session was killed',
    { sql: 'UPDATE users SET a = 1', after: open(written('users')), outcome: { code: 'P1017' } },
    'unknown',
  ],
  [
    'the session was killed, and no table counted a write',
    { sql: 'UPDATE users SET a = 1', outcome: { code: 'P1017' } },
    'unchanged',
  ],
  [
    'the CLI was killed after the row was inserted',
    { sql: 'UPDATE users SET a = 1', after: open(written('orders')), outcome: { migration: A } },
    'unknown',
  ],
];

const split: readonly Line[] = [
  [
    'DDL, then a failure',
    {
      sql: 'CREATE TABLE coupons (i int); SELECT 1/0',
      after: snapshot({ history: [row(A)], fingerprint: other }),
    },
    'changed',
  ],
  [
    'DDL only, equal schema',
    { sql: 'CREATE INDEX IF NOT EXISTS i ON users (a); CREATE INDEX j ON users (b)' },
    'unchanged',
  ],
  [
    'rows first, then a failure that was named by its place',
    {
      sql: 'UPDATE users SET a = 1; UPDATE orders SET nope = 2',
      after: open(written('users')),
      outcome: {
        code: 'P3018',
        sqlState: '42703',
        migration: A,
        message: 'column "nope" of relation "orders" does not exist',
        position: 19,
      },
    },
    'changed',
  ],
  [
    'the first statement failed, named by its place',
    {
      sql: 'UPDATE users SET nope = 1; UPDATE orders SET b = 2',
      after: open(written('orders')),
      outcome: {
        code: 'P3018',
        sqlState: '42703',
        migration: A,
        message: 'column "nope" of relation "users" does not exist',
        position: 18,
      },
    },
    'unchanged',
  ],
  [
    'the first statement is only likely',
    {
      sql: 'UPDATE users SET a = 1; UPDATE orders SET b = 2',
      after: open(written('orders')),
      outcome: { code: 'P3018', sqlState: '23505', migration: A, message: 'relation "users"' },
    },
    'unknown',
  ],
  [
    'seen running, and it timed out',
    {
      sql: 'UPDATE users SET a = 1; UPDATE orders SET b = 2',
      after: open(written('users')),
      watched: 'UPDATE users SET a = 1',
      outcome: TIMED_OUT,
    },
    'unchanged',
  ],
  [
    'seen running, but it failed for another reason',
    {
      sql: 'UPDATE users SET a = 1; UPDATE orders SET b = 2',
      after: open(written('users')),
      watched: 'UPDATE users SET a = 1',
    },
    'unknown',
  ],
  [
    'seen running, a lock timeout shorter than the watcher’s pace',
    {
      sql: 'UPDATE users SET a = 1; ALTER TABLE orders ADD COLUMN x int',
      after: open(written('users')),
      watched: 'UPDATE users SET a = 1',
      outcome: LOCKED,
      limits: { statementTimeoutMs: 30_000, lockTimeoutMs: 500 },
    },
    'unknown',
  ],
  [
    'seen running, but the file sets limits of its own',
    {
      sql: 'SET lock_timeout = 100; UPDATE users SET a = 1; ALTER TABLE orders ADD COLUMN x int',
      after: open(written('users')),
      watched: 'UPDATE users SET a = 1',
      outcome: LOCKED,
    },
    'unknown',
  ],
  [
    'seen running after rows were written',
    {
      sql: 'UPDATE users SET a = 1; ALTER TABLE orders ADD COLUMN x int',
      after: open(written('users')),
      watched: 'ALTER TABLE orders ADD COLUMN x int',
      outcome: LOCKED,
    },
    'changed',
  ],
  [
    'the only statement',
    { sql: 'UPDATE users SET a = 1', after: open(written('users')), outcome: LOCKED },
    'unchanged',
  ],
  ['a DO block may commit by itself', { sql: 'DO $x$ commit $x$', after: open(written('users')) }, 'unknown'],
  [
    'BEGIN and COMMIT around everything',
    { sql: 'BEGIN; UPDATE users SET a = 1; COMMIT', after: open(written('users')), outcome: HIDDEN },
    'unchanged',
  ],
  [
    'DROP and CREATE of one table: same schema, rows gone',
    { sql: 'DROP TABLE orders; CREATE TABLE orders (i int); SELECT 1/0', after: open(written('orders')) },
    'unknown',
  ],
  [
    'TRUNCATE counts no row, but gives a new file',
    {
      sql: 'TRUNCATE users; SELECT 1/0',
      after: open({
        ...snapshot().writes,
        'public.users': { inserted: 5, updated: 5, deleted: 0, file: '99' },
      }),
    },
    'unknown',
  ],
  [
    'a syntax error may have been committed piece by piece',
    {
      sql: 'a syntax error',
      after: open(written('users')),
      outcome: { code: 'P3018', sqlState: '42601', migration: A },
    },
    'unknown',
  ],
];

const both: readonly Line[] = [
  ['the database does not answer', { after: undefined, activity: undefined }, 'unknown'],
  ['nobody could look at the sessions', { activity: undefined }, 'unknown'],
  ['our backend lives', { activity: busy }, 'unknown'],
  [
    'no row: never started',
    { after: snapshot({ writes: written('users') }), outcome: { code: 'P1001' } },
    'unchanged',
  ],
  [
    'an earlier file is finished',
    {
      pending: [
        { name: A, path: 'a' },
        { name: B, path: 'b' },
      ],
      after: snapshot({ history: [done(A), row(B)] }),
      files: files({ [A]: 'UPDATE users SET a = 1', [B]: 'SELECT 1/0' }),
    },
    'changed',
  ],
  [
    'somebody else’s migration was recorded',
    { after: snapshot({ history: [done('20250101000000_theirs')] }) },
    'changed',
  ],
  [
    'the history lost a row',
    { before: snapshot({ history: [done('old')] }), after: snapshot({ history: [row(A)] }) },
    'changed',
  ],
  [
    'the history is gone',
    { before: snapshot({ history: [done('old')] }), after: snapshot({ history: null }) },
    'changed',
  ],
  [
    'every counter was zero before and after, and nobody reported',
    {
      sql: 'UPDATE users SET a = 1',
      before: snapshot({ writes: {} }),
      after: open({}),
      outcome: { code: 'P1017' },
    },
    'unknown',
  ],
  [
    'a counter went back',
    {
      sql: 'UPDATE users SET a = 1',
      after: open({
        ...snapshot().writes,
        'public.users': { inserted: 0, updated: 0, deleted: 0, file: '1' },
      }),
      outcome: { code: 'P1017' },
    },
    'unknown',
  ],
  [
    'an earlier try was rolled back',
    { after: snapshot({ history: [row('x', { id: '1', name: A, rolledBackAt: 5 }), row(A, { id: '2' })] }) },
    'unchanged',
  ],
  [
    'a file that ends in ROLLBACK was recorded as applied',
    { sql: 'BEGIN; CREATE TABLE a (i int); ROLLBACK', after: snapshot({ history: [done(A)] }), outcome: {} },
    'changed',
  ],
];

describe('the state of the database', () => {
  test.each(batch)('Prisma up to 7.3: %s', (_name, options, state) => {
    const verdict = judge(aCase({ ...options, splits: false }));
    expect([verdict.ok, verdict.state]).toEqual([false, state]);
    expect(verdict.evidence.length).toBeGreaterThan(0);
  });
  test.each(split)('Prisma from 7.4: %s', (_name, options, state) => {
    const verdict = judge(aCase({ ...options, splits: true }));
    expect([verdict.ok, verdict.state]).toEqual([false, state]);
    expect(verdict.evidence.length).toBeGreaterThan(0);
  });
  describe.each([false, true])('split %p', (splits) => {
    test.each(both)('%s', (_name, options, state) => {
      const verdict = judge(aCase({ ...options, splits }));
      expect([verdict.ok, verdict.state]).toEqual([false, state]);
    });
  });
});

test.each([
  ['ROLLBACK; UPDATE users SET a = 1; SELECT 1/0', 'unknown'],
  ['ROLLBACK; CREATE TABLE a (i int)', 'unchanged'],
  ['UPDATE users SET a = 1', 'unchanged'],
])('a file leaves its transaction open, and the next is %s', (sql, state) => {
  const verdict = judge(
    aCase({
      pending: [
        { name: A, path: 'a' },
        { name: B, path: 'b' },
      ],
      files: files({ [A]: 'BEGIN; ALTER TABLE orders ADD COLUMN x int', [B]: sql }),
      after: open(written('users')),
      outcome: {},
    }),
  );
  expect(verdict.state).toBe(state);
});

describe('applied and verified', () => {
  const good: Options = { after: snapshot({ history: [done(A)], fingerprint: other }), outcome: {} };

  test('every pending migration is finished', () => {
    expect(judge(aCase(good))).toMatchObject({
      ok: true,
      state: 'changed',
      applied: [A],
      error: undefined,
      openRow: false,
    });
  });

  test('an exit code that says otherwise does not count, and a hung CLI does not either', () => {
    expect(judge(aCase({ ...good, stopReason: 'cli-hung' })).ok).toBe(true);
    expect(judge(aCase({ ...good, outcome: { code: 'P1017' } })).ok).toBe(true);
  });

  test.each<[string, Options]>([
    ['a session of ours is at work', { activity: busy }],
    ['nobody could look at the sessions', { activity: undefined }],
    [
      'an index the file builds is invalid',
      {
        sql: 'CREATE INDEX CONCURRENTLY users_idx ON users (a)',
        after: snapshot({ history: [done(A)], invalidIndexes: ['public.users_idx'] }),
      },
    ],
    [
      'an index without a name is invalid',
      {
        sql: 'CREATE INDEX CONCURRENTLY ON users (a)',
        after: snapshot({ history: [done(A)], invalidIndexes: ['public.users_a_idx'] }),
      },
    ],
    [
      'a REINDEX left one beside the old',
      {
        sql: 'REINDEX INDEX CONCURRENTLY users_idx',
        after: snapshot({ history: [done(A)], invalidIndexes: ['public.users_idx_ccnew'] }),
      },
    ],
    [
      'a second row of the same name is open',
      { after: snapshot({ history: [done(A), row(A, { id: 'again' })], fingerprint: other }) },
    ],
    [
      'a file that ends in ROLLBACK',
      { sql: 'BEGIN; CREATE TABLE a (i int); ROLLBACK', after: snapshot({ history: [done(A)] }) },
    ],
  ])('not when %s', (_name, options) => {
    expect(judge(aCase({ ...good, ...options })).ok).toBe(false);
  });

  test('an index that was invalid before, or that no file mentions, is no reason', () => {
    const after = snapshot({
      history: [done(A)],
      invalidIndexes: ['public.old_idx', 'public.theirs'],
      fingerprint: other,
    });
    expect(
      judge(aCase({ ...good, before: snapshot({ invalidIndexes: ['public.old_idx'] }), after })).ok,
    ).toBe(true);
  });
});

describe('what is told of the failure', () => {
  test.each([
    [LOCKED, true],
    [{ ...LOCKED, sqlState: '40P01' }, true],
    [TIMED_OUT, false],
    [{ code: 'P3018', sqlState: '23505', migration: A }, false],
  ])('retryable: %j', (outcome, retryable) => {
    expect(judge(aCase({ outcome })).retryable).toBe(retryable);
    expect(judge(aCase({ outcome, stopReason: 'migration-timeout' })).retryable).toBe(false);
    expect(
      judge(aCase({ outcome, after: snapshot({ history: [row(A)], fingerprint: other }) })).retryable,
    ).toBe(false);
  });

  test('a lock timeout on Prisma’s own lock, before any row, is tried again and needs no resolve', () => {
    const verdict = judge(
      aCase({
        after: snapshot(),
        outcome: { sqlState: '55P03', message: 'canceling statement due to lock timeout' },
      }),
    );
    expect(verdict).toMatchObject({ state: 'unchanged', retryable: true, openRow: false });
  });

  test('a replayed error wins over the hidden one', () => {
    const the = aCase({
      sql: 'BEGIN; UPDATE users SET a = 1; COMMIT',
      outcome: HIDDEN,
      replayed: { index: 1, code: '23505', message: 'duplicate key' },
    });
    expect(isHidden(the.outcome)).toBe(true);
    expect(judge(the)).toMatchObject({
      error: { code: '23505', message: 'duplicate key' },
      statement: { text: 'UPDATE users SET a = 1', foundBy: 'replayed', line: 1 },
    });
  });

  test('the log of the row speaks when Prisma does not', () => {
    const after = snapshot({ history: [row(A, { logs: 'ERROR: division by zero\nPosition: 3' })] });
    expect(judge(aCase({ after, outcome: {} })).error).toEqual({
      code: undefined,
      message: 'division by zero',
    });
  });

  test('a BEGIN that nothing ends is named', () => {
    expect(judge(aCase({ sql: 'BEGIN; CREATE TABLE a (i int)', outcome: {} })).error?.message).toContain(
      'never commits',
    );
  });

  test('a long statement is cut', () => {
    const verdict = judge(aCase({ sql: `UPDATE users SET a = '${'x'.repeat(9000)}'` }));
    expect(verdict.statement?.text).toHaveLength(2000);
  });
});

describe('differences', () => {
  test('names what changed, came and went, sorted', () => {
    const before = snapshot({ fingerprint: { digest: '1', objects: { a: '1', b: '1', c: '1' } } });
    const after = snapshot({ fingerprint: { digest: '2', objects: { a: '1', b: '2', d: '1' } } });
    expect(differences(before, after)).toEqual(['b', 'c', 'd']);
    expect(differences(before, before)).toEqual([]);
  });

  test('two digests that differ are a difference even when no object explains it', () => {
    const objects = { a: '1' };
    const before = snapshot({ fingerprint: { digest: '1', objects } });
    expect(differences(before, snapshot({ fingerprint: { digest: '2', objects } }))).toHaveLength(1);
  });
});

test('what stopped Prisma before it began a file is blamed on no file', () => {
  const error = { code: 'P1012', message: 'This line is invalid.' };
  const verdict = judge(aCase({ after: snapshot(), outcome: error }));
  expect(verdict).toMatchObject({ state: 'unchanged', error, openRow: false });
  expect(verdict.failedMigration).toBeUndefined();
  const earlier = snapshot({ history: [row(A, { rolledBackAt: 3000 })] });
  expect(judge(aCase({ after: earlier, outcome: error })).failedMigration).toBeUndefined();
  // A file that was begun is named by Prisma, and one that left no word by being the first that is missing.
  for (const outcome of [{ ...error, migration: A }, {}])
    expect(judge(aCase({ after: snapshot(), outcome })).failedMigration).toBe(A);
});
