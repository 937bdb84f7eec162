import { describe, expect, test } from '@jest/globals';
import { createParser } from '../../src/adapters/mysql-sql/index.ts';
import type { PrismaOutcome } from '../../src/domain/prisma-output.ts';
import type { DatabaseState } from '../../src/domain/verdict.ts';
import { judge } from '../../src/guard/judge.ts';
import { A, aCase, B, busy, done, other, quiet, row, snapshot, written } from './cases.ts';

type Change = NonNullable<Parameters<typeof aCase>[0]>;

const parser = createParser();
const parse = (name: string, sql: string) => parser.parse(name, Buffer.from(sql));
const failing = (statementNumber: number | undefined, sqlState = '1062'): PrismaOutcome => ({
  code: 'P3018',
  sqlState,
  migration: A,
  message: "Duplicate entry '1' for key 'PRIMARY'",
  ...(statementNumber === undefined ? {} : { statementNumber }),
});

/** A server without exact counters, unless said otherwise. */
async function verdict(sql: string, change: Change = {}) {
  return judge(aCase({ splits: true, exactCounters: false, files: [await parse(A, sql)], ...change }));
}

const same = (writes = snapshot().writes) => snapshot({ history: [row(A)], writes });
const stranger = { ...quiet, advisoryLockHolders: busy.ours };
const TWO = 'INSERT INTO users VALUES (1); INSERT INTO orders VALUES (1)';

describe('what a failure on MySQL leaves', () => {
  test.each<[string, string, PrismaOutcome, Change, DatabaseState]>([
    ['the first statement', TWO, failing(1), {}, 'unchanged'],
    ['the second, after rows', TWO, failing(2), {}, 'unknown'],
    [
      'the second, after rows that were counted',
      TWO,
      failing(2),
      { after: same(written('users')) },
      'changed',
    ],
    ['no number', TWO, failing(undefined), {}, 'unknown'],
    ['exact counters that did not move', TWO, failing(2), { exactCounters: true }, 'unchanged'],
    [
      'a change of the schema that ran',
      'CREATE TABLE coupons (i INT); SELEC 1',
      failing(2, '1064'),
      { after: snapshot({ history: [row(A)], fingerprint: other }) },
      'changed',
    ],
    [
      'a schema that is the same',
      'CREATE TABLE IF NOT EXISTS users (i INT); SELEC 1',
      failing(2, '1064'),
      {},
      'unchanged',
    ],
    ['one statement', 'UPDATE users SET a = 1', failing(undefined), {}, 'unchanged'],
    ['a transaction around rows', `BEGIN; ${TWO}; COMMIT`, failing(3), {}, 'unchanged'],
    [
      'a transaction that a change of the schema ended',
      'BEGIN; INSERT INTO users VALUES (1); CREATE TABLE IF NOT EXISTS users (i INT); INSERT INTO users VALUES (1); COMMIT',
      failing(4),
      {},
      'unknown',
    ],
    ['the number counts answers: a CALL before it', `CALL p(); ${TWO}`, failing(2), {}, 'unknown'],
    [
      'the next key of a table, set',
      'ALTER TABLE users AUTO_INCREMENT = 9; SELEC 1',
      failing(2, '1064'),
      { exactCounters: true },
      'unknown',
    ],
    [
      'rows of another database',
      'INSERT INTO other.users VALUES (1); SELEC 1',
      failing(2, '1064'),
      { exactCounters: true },
      'unknown',
    ],
    [
      'a table of another database',
      'CREATE TABLE other.users (i INT); SELEC 1',
      failing(2, '1064'),
      { exactCounters: true },
      'unknown',
    ],
    [
      'another database from here on',
      'USE other; DELETE FROM users; SELEC 1',
      failing(3, '1064'),
      { exactCounters: true },
      'unknown',
    ],
    ['rights', 'GRANT SELECT ON users TO u; SELEC 1', failing(2, '1064'), { exactCounters: true }, 'unknown'],
    [
      'another database, whose engines are not known, and the statement itself failed',
      'INSERT INTO other.users VALUES (1); SELECT 1',
      failing(1),
      {},
      'unknown',
    ],
    [
      'a table without transactions',
      'INSERT INTO users VALUES (1), (1)',
      failing(1),
      { before: snapshot({ withoutRollback: ['shop.users'] }) },
      'unknown',
    ],
    [
      'a table without transactions beside it',
      'INSERT INTO users VALUES (1), (1)',
      failing(1),
      { before: snapshot({ withoutRollback: ['shop.old'] }) },
      'unchanged',
    ],
    [
      'a schema change that fails has committed what came before',
      'BEGIN; INSERT INTO users VALUES (1); ALTER TABLE missing ADD COLUMN a INT; COMMIT',
      failing(3, '1146'),
      { after: same(written('users')) },
      'changed',
    ],
    [
      'rows in a transaction that nothing ends',
      'SET autocommit = 0; INSERT INTO users VALUES (1); SELEC 1',
      failing(3, '1064'),
      { after: same(written('users')) },
      'unchanged',
    ],
    [
      'rows after a rollback',
      'BEGIN; INSERT INTO users VALUES (1); ROLLBACK; INSERT INTO users VALUES (2); SELEC 1',
      failing(5, '1064'),
      {},
      'unknown',
    ],
    [
      'a session that holds Prisma’s lock and is not told as ours, when nobody saw the end',
      'ALTER TABLE users ADD COLUMN a INT',
      {},
      { exactCounters: true, activity: stranger },
      'unknown',
    ],
    [
      'the same, when the server told the end',
      'ALTER TABLE users ADD COLUMN a INT',
      failing(1),
      { activity: stranger },
      'unchanged',
    ],
    ['half a DROP DATABASE', 'DROP DATABASE other; SELECT 1', failing(1, '1010'), {}, 'unknown'],
    ['DELIMITER, at the beginning', 'DELIMITER //\nSELECT 1//', failing(1, '1064'), {}, 'unchanged'],
    [
      'DELIMITER, behind something',
      'DELETE FROM users;\nDELIMITER //\nSELECT 1//',
      failing(2, '1064'),
      { exactCounters: true },
      'unknown',
    ],
    ['a procedure that met SQL it could not parse', 'CALL p(); SELECT 1', failing(1, '1064'), {}, 'unknown'],
    [
      'a text that does not end, behind a procedure',
      "CALL p(); SELECT 'x",
      failing(1, '1064'),
      {},
      'unknown',
    ],
    ['nobody knows how it ended', TWO, { migration: A }, {}, 'unknown'],
    [
      'the guard cancelled the first statement',
      'UPDATE users SET a = 1; SELECT 1',
      failing(1, '1317'),
      {},
      'unchanged',
    ],
  ])('%s', async (_name, sql, outcome, change, state) => {
    const found = await verdict(sql, { after: same(), outcome, ...change });
    expect([found.state, found.ok]).toEqual([state, false]);
  });

  test('the failing statement is named with its line', async () => {
    const found = await verdict('INSERT INTO users VALUES (1);\nINSERT INTO orders VALUES (1);', {
      outcome: failing(2),
    });
    expect(found.error).toMatchObject({ code: '1062' });
    expect(found.statement).toMatchObject({
      line: 2,
      text: 'INSERT INTO orders VALUES (1)',
      foundBy: 'position',
    });
  });

  test('without a word of Prisma the log of the row has the message', async () => {
    const logs =
      "A migration failed to apply.\n\nDatabase error code: 1060\n\nDatabase error:\nDuplicate column name 'a'\n";
    const after = snapshot({ history: [row(A, { logs })] });
    expect((await verdict('SELECT 1', { after, outcome: {} })).error?.message).toBe(
      "Duplicate column name 'a'",
    );
  });

  test.each([
    ['BEGIN; INSERT INTO users VALUES (1)', /opens a transaction with BEGIN .* everything after the BEGIN/],
    [
      'SET autocommit = 0; INSERT INTO users VALUES (1)',
      /switches autocommit off .* not committed at its end/,
    ],
  ])('%s: Prisma reported success, and the message names what left it open', async (sql, message) => {
    expect((await verdict(sql, { after: snapshot(), outcome: {} })).error?.message).toMatch(message);
  });

  test.each([
    ['1205', true],
    ['1213', true],
    ['1062', false],
  ])('%s: tried again: %s', async (errno, retryable) => {
    expect((await verdict(TWO, { outcome: failing(1, errno) })).retryable).toBe(retryable);
    expect((await verdict(TWO, { outcome: failing(2, errno) })).retryable).toBe(false);
  });
});

test('a ROLLBACK at the end undoes no change of the schema', async () => {
  const sql = 'CREATE TABLE IF NOT EXISTS users (i INT); ROLLBACK';
  const found = await verdict(sql, { after: snapshot({ history: [done(A)] }), outcome: {} });
  expect(found.ok).toBe(true);
});

test('a transaction left open swallows rows of the history until a change of the schema lets them through', async () => {
  const files = [
    await parse(A, 'BEGIN; INSERT INTO users VALUES (1)'),
    await parse(B, 'ALTER TABLE users ADD COLUMN IF NOT EXISTS a INT; SELEC 1'),
  ];
  const found = judge(
    aCase({
      splits: true,
      exactCounters: false,
      files,
      pending: [A, B].map((name) => ({ name, path: name })),
      outcome: { ...failing(2, '1064'), migration: B },
      after: snapshot({ history: [row(B)] }),
    }),
  );
  expect(found.state).toBe('unknown');
});
