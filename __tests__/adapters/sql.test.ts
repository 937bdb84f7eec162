import { expect, test } from '@jest/globals';
import { createParser } from '../../src/adapters/sql/index.ts';
import { KINDS } from './sql-kinds.ts';

const parser = createParser();
const parse = (text: string) => parser.parse('m', Buffer.from(text));
const kindOf = async (text: string): Promise<string> => {
  const file = await parse(text);
  expect(file.syntaxError).toBeUndefined();
  expect(file.statements).toHaveLength(1);
  return file.statements[0]?.kind ?? '';
};

test.each(Object.entries(KINDS).flatMap(([kind, list]) => list.map((sql) => [kind, sql] as const)))(
  '%s: %s',
  async (kind, sql) => {
    expect(await kindOf(sql)).toBe(kind);
  },
);

test.each([
  ['BEGIN', 'begin'],
  ['START TRANSACTION', 'begin'],
  ['COMMIT', 'commit'],
  ['END', 'commit'],
  ["PREPARE TRANSACTION 'x'", 'commit'],
  ['ROLLBACK', 'rollback'],
  ['ABORT', 'rollback'],
  ['SAVEPOINT s', 'savepoint'],
  ['RELEASE s', 'savepoint'],
  ['ROLLBACK TO s', 'savepoint'],
])('%s is a transaction statement: %s', async (sql, transaction) => {
  expect((await parse(sql)).statements[0]).toMatchObject({ kind: 'transaction', transaction });
});

test.each([
  ["SET lock_timeout = '1s'", 'lock_timeout'],
  ["SET LOCAL Statement_Timeout = '1s'", 'statement_timeout'],
  ['RESET statement_timeout', 'statement_timeout'],
  ['RESET ALL', 'all'],
  ['DISCARD ALL', 'all'],
  ['SET ROLE r', 'role'],
  ['SET SESSION AUTHORIZATION r', 'session_authorization'],
  ['SET search_path = a', 'search_path'],
  ["SET TIME ZONE 'UTC'", 'timezone'],
])('%s changes the setting %s', async (sql, setting) => {
  expect((await parse(sql)).statements[0]).toMatchObject({ kind: 'session', setting });
});

test.each([
  ['ALTER TABLE "users" ADD x int', 'ALTER TABLE "users"'],
  ['alter table public."Us" drop x', 'ALTER TABLE public."Us"'],
  [
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_b ON t(c)',
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_b',
  ],
  ['/* x */ UPDATE t SET a = 1', 'UPDATE t'],
  ['INSERT INTO t VALUES (1)', 'INSERT INTO t'],
  ['DO $$ BEGIN END $$', 'DO'],
  ['SELECT 1', 'SELECT'],
])('label of %s', async (sql, label) => {
  expect((await parse(sql)).statements[0]?.label).toBe(label);
});

test('names are lower case and hold no literals', async () => {
  const [statement] = (
    await parse(
      `ALTER TABLE "S"."Users" ADD CONSTRAINT "Fk" FOREIGN KEY (Role_id) REFERENCES roles(id), ADD c mood DEFAULT 'secret'`,
    )
  ).statements;
  expect(statement?.names).toEqual(
    expect.arrayContaining(['s', 'users', 'fk', 'role_id', 'roles', 'id', 'c', 'mood']),
  );
  expect(statement?.names).not.toContain('secret');
});

test('lines and offsets count characters of the file, after comments', async () => {
  const text = "-- é漢😀\nSELECT 'é😀'; -- x\n\n/* ü\n */ CREATE TABLE t (a int);\r\n  DROP TABLE t";
  const { statements } = await parse(text);
  expect(statements.map(({ line, offset }) => [line, offset])).toEqual(
    ['SELECT', 'CREATE', 'DROP'].map((word) => {
      const offset = text.indexOf(word);
      return [text.slice(0, offset).split('\n').length, offset];
    }),
  );
  for (const { offset, text: own } of statements) expect(text.slice(offset).startsWith(own)).toBe(true);
});

test('a body in dollar quotes is one statement', async () => {
  const { statements } = await parse(
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $x$ BEGIN; END; $x$; SELECT 1;',
  );
  expect(statements.map(({ kind }) => kind)).toEqual(['schema', 'read']);
});

test.each([
  ['SELECT 1;\n-- 漢字\nSELEC 1', 3],
  ['\\restrict x\nSELECT 1', 1],
  ['SELECT 1;\n\nCREATE TABLE (', 3],
  ["SELECT 'é😀';\nSELEC", 2],
])('a syntax error in %j is in line %i', async (sql, line) => {
  const file = await parse(sql);
  expect(file.syntaxError?.line).toBe(line);
  expect(file.syntaxError?.message).toMatch(/syntax error|unterminated/);
  expect(file.statements).toEqual([]);
});

test.each(['', ' \n', '-- This is an empty migration.', '/* x */', ';;'])(
  '%j has no statement',
  async (sql) => {
    expect(await parse(sql)).toEqual({ migration: 'm', oddities: [], statements: [] });
  },
);

test('a byte order mark is reported and does not disturb the parser', async () => {
  const file = await parse('\uFEFFSELECT 1;\nSELECT 2');
  expect(file.oddities).toEqual(['byte-order-mark']);
  expect(file.statements.map(({ line, offset }) => [line, offset])).toEqual([
    [1, 1],
    [2, 11],
  ]);
});

test('NUL and invalid UTF-8 are reported', async () => {
  const file = await parser.parse(
    'm',
    Buffer.concat([Buffer.from('SELECT 1;\0\nSELECT '), Buffer.from([0x27, 0xff, 0x27])]),
  );
  expect(file.oddities).toEqual(['nul-byte', 'invalid-utf8']);
  expect(file.statements.map(({ line }) => line)).toEqual([1, 2]);
});

test('deep nesting is an error of the file, not of the parser', async () => {
  const file = await parse(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
  expect(file.syntaxError).toBeDefined();
  expect(await kindOf('SELECT 1')).toBe('read');
});
