import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAnalyser, createParser } from '../../src/adapters/mysql-sql/index.ts';
import type { Statement } from '../../src/domain/sql.ts';
import { MYSQL_KINDS } from './mysql-sql-kinds.ts';

const parser = createParser();
const parse = (text: string) => parser.parse('m', Buffer.from(text));
const only = async (text: string): Promise<Statement> => {
  const { statements, syntaxError } = await parse(text);
  expect(syntaxError).toBeUndefined();
  expect(statements.map((each) => each.text)).toEqual([text]);
  return statements[0] as Statement;
};
const marked = ({ kind, commits, elsewhere }: Statement): string =>
  `${kind}${commits ? '!' : ''}${elsewhere ? '~' : ''}`;

test.each(Object.entries(MYSQL_KINDS).flatMap(([kind, list]) => list.map((sql) => [kind, sql] as const)))(
  '%s: %s',
  async (kind, sql) => {
    expect(marked(await only(sql))).toBe(kind);
  },
);

test.each([
  ['BEGIN WORK', 'begin'],
  ['START TRANSACTION', 'begin'],
  ['COMMIT', 'commit'],
  ['COMMIT AND NO CHAIN', 'commit'],
  ['ROLLBACK', 'rollback'],
  ['ROLLBACK AND CHAIN', 'begin'],
  ['ROLLBACK WORK TO s', 'savepoint'],
  ['RELEASE SAVEPOINT s', 'savepoint'],
])('%s is a transaction statement: %s', async (sql, transaction) => {
  expect(await only(sql)).toMatchObject({ kind: 'transaction', transaction });
});

test.each([
  ['SET Lock_Wait_Timeout = 1', 'lock_wait_timeout'],
  ['SET SESSION `sql_mode` = 1', 'sql_mode'],
  ['SET @@session.max_execution_time = 1', 'max_execution_time'],
  ['SET a = 1, autocommit = 0', 'autocommit'],
  ['SET @lock_wait_timeout = 1', '@lock_wait_timeout'],
  ['SET NAMES utf8mb4', 'names'],
  ['SET TRANSACTION READ ONLY', 'transaction'],
  ['USE other', 'database'],
])('%s changes the setting %s', async (sql, setting) => {
  expect(await only(sql)).toMatchObject({ kind: 'session', setting });
});

/** What a server (MySQL 9.7 or MariaDB 10.11) was seen to take as one statement, with one more behind it. */
const WHOLE = [
  'SELECT \'a\'\'b;\\\';\', "x;\\"""", `c;``d`',
  'SELECT 1 /* a /* b; */, 2',
  'SELECT 1 #c;\n, 2',
  'SELECT 5--1, 6 -- 7;\n, 8',
  '/*!50000 SELECT 1 */',
  'CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; ELSEIF 2 THEN SELECT 2; ELSE SELECT 3; END IF; END',
  'CREATE PROCEDURE p() SELECT CASE WHEN 1 THEN 2 END',
  'CREATE PROCEDURE p() BEGIN CASE 1 WHEN 1 THEN SELECT IF(1, 2, 3); ELSE BEGIN END; END CASE; END',
  'CREATE PROCEDURE IF NOT EXISTS p() IF EXISTS (SELECT 1) THEN SELECT 1; END IF',
  'CREATE PROCEDURE p() IF (1) AND CASE WHEN 1 THEN 1 END THEN SELECT CASE 1 WHEN 1 THEN IF(1,2,3) ELSE IF(1,2,3) END; END IF',
  'CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; START TRANSACTION; COMMIT; END',
  'CREATE PROCEDURE p() a: BEGIN b: LOOP LEAVE b; END LOOP b; WHILE 0 DO SET @a = REPEAT(1, 2); END WHILE; END a',
  'CREATE PROCEDURE p() REPEAT SET @a = 1; UNTIL 1 END REPEAT',
  'CREATE PROCEDURE p() BEGIN SELECT t.end, t.begin, begin FROM t; DROP TABLE IF EXISTS x; END',
  'CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN IF(1, CASE 1 WHEN 1 THEN 2 END, 3)',
  'CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW IF NEW.i = 1 THEN SET NEW.i = 2; END IF',
  'CREATE TRIGGER `t` BEFORE INSERT ON `c` FOR EACH ROW BEGIN SET NEW.i = 1; SET NEW.i = 2; END',
  'CREATE PROCEDURE p() BEGIN SELECT i FROM `c` FOR UPDATE; SELECT 2; END',
  'CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW FOLLOWS s BEGIN SET NEW.i = 1; SET NEW.i = 2; END',
  "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DISABLE DO BEGIN SELECT 1; END",
  'ALTER EVENT e DO BEGIN SELECT 1; END',
  "CREATE DEFINER = 'a'@'%' FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $js$ return 1; $js$",
  'BEGIN NOT ATOMIC SELECT 1; SELECT 2; END',
  'BEGIN NOT ATOMIC FOR i IN 1..2 DO SELECT i; END FOR; END',
  'CREATE PROCEDURE p() FOR i IN REVERSE 1..2 DO SELECT i; END FOR',
  'CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW FOR i IN 1..2 DO SET NEW.i = i; END FOR',
  'CREATE PROCEDURE p() BEGIN FOR r IN (SELECT i FROM c WHERE i IN (1) FOR UPDATE) DO SELECT r.i; END FOR; END',
];

test.each(WHOLE)('one statement, and another: %s', async (sql) => {
  const { statements, syntaxError } = await parse(`-- before\n${sql};\n\nSELECT 2;`);
  expect(syntaxError).toBeUndefined();
  expect(statements.map((each) => each.text)).toEqual([sql, 'SELECT 2']);
  expect(statements.map((each) => each.line)).toEqual([2, sql.split('\n').length + 3]);
});

test('a transaction is no block', async () => {
  const { statements } = await parse('BEGIN; UPDATE a SET begin = 1, end = 2; COMMIT;');
  expect(statements.map((each) => each.kind)).toEqual(['transaction', 'write', 'transaction']);
});

test.each([
  ['ALTER TABLE `users` ADD x INT', 'ALTER TABLE `users`'],
  ['alter table `shop`.`Us` drop x', 'ALTER TABLE `shop`.`Us`'],
  ['CREATE DEFINER=`a`@`b` PROCEDURE p() SELECT 1', 'CREATE PROCEDURE p'],
  ['/*!50001 CREATE TABLE t (i INT) */', 'CREATE TABLE t'],
  ['INSERT INTO t VALUES (1)', 'INSERT INTO t'],
  ['SELECT 1', 'SELECT'],
])('%s is labelled %s', async (sql, label) => {
  expect((await only(sql)).label).toBe(label);
});

test('names are identifiers, not variables, words or texts', async () => {
  const { names } = await only('UPDATE `My``Table` SET Price = @v, b = \'c\', `d` = "e" WHERE shop.x.y = 1');
  expect([...names].sort()).toEqual(['b', 'd', 'my`table', 'price', 'shop', 'x', 'y']);
});

describe('what cannot be read', () => {
  test.each([
    ['DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;', 1, 'mysql client'],
    ['SELECT 1;\n-- x\ndelimiter $$\nSELECT 2$$', 3, 'mysql client'],
    ["SELECT 1;\nSELECT 'a\\';", 2, 'a string'],
    ['SELECT 1;\nSELECT `a;', 2, 'a name'],
    ['SELECT 1;\n/* a;', 2, 'a comment'],
    ['SELECT 1;\n/*!50000 SELECT 2;', 2, 'a comment'],
    ['SELECT 1;\nCREATE PROCEDURE p()\nBEGIN SELECT 1;', 3, 'BEGIN has no END'],
    ["SET sql_mode = 'ANSI_QUOTES';\nSELECT 1", 1, 'sql_mode'],
    ["SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');\nSELECT 1", 1, 'sql_mode'],
  ])('%j', async (sql, line, message) => {
    const file = await parse(sql);
    expect(file).toMatchObject({ dialect: 'mysql', statements: [] });
    expect(file.syntaxError).toEqual({
      line,
      message: expect.stringContaining(message),
      ...(sql.startsWith('DELIMITER') ? { first: true } : {}),
    });
  });

  test('a giant file', async () => {
    const file = await parser.parse('m', Buffer.alloc(10_000_001, 32));
    expect(file.syntaxError).toMatchObject({ line: 1, message: expect.stringContaining('too large') });
  });
});

test('after USE every change is elsewhere', async () => {
  const { statements } = await parse('INSERT INTO a VALUES (1); USE b; DELETE FROM a; SELECT 1; COMMIT');
  expect(statements.map(marked)).toEqual(['write', 'session~', 'write~', 'read', 'transaction']);
});

test('a byte order mark, a NUL byte, bytes that are no UTF-8: told, and offsets are those of the file', async () => {
  const bytes = Buffer.concat([
    Buffer.from('\uFEFFSELECT 1;\0\n'),
    Buffer.from([0x2d, 0x2d, 0x20, 0xff, 0x0a]),
    Buffer.from('SELECT 2'),
  ]);
  const file = await parser.parse('m', bytes);
  expect(file.oddities).toEqual(['byte-order-mark', 'nul-byte', 'invalid-utf8']);
  expect(file.statements.map(({ line, offset }) => [line, offset])).toEqual([
    [1, 1],
    [3, 17],
  ]);
});

test('the analyser tells comments and the last line of a statement; there are no trees', async () => {
  const file = await createAnalyser().analyse('m', 'a/b.sql', Buffer.from('# a\nSELECT\n 1; /* b\n*/ -- c'));
  expect(file).toMatchObject({ path: 'a/b.sql', dialect: 'mysql', oddities: [] });
  expect(file.comments.map(({ text, line, endLine }) => [text, line, endLine])).toEqual([
    ['# a', 1, 1],
    ['/* b\n*/', 3, 4],
    ['-- c', 4, 4],
  ]);
  expect(file.statements).toMatchObject([{ line: 2, endLine: 3, tree: {}, clauseLines: [] }]);
});

test('any statements, joined, come back one by one', async () => {
  const pieces = fc.array(fc.constantFrom(...WHOLE, ...Object.values(MYSQL_KINDS).flat()), {
    minLength: 1,
    maxLength: 6,
  });
  const between = fc.constantFrom(';', ' ;\n', '; -- x;\n', ';/* y; */');
  await fc.assert(
    fc.asyncProperty(pieces, between, async (list, sign) => {
      const { statements, syntaxError } = await parse(list.map((each) => `${each}${sign}`).join('\n'));
      expect(syntaxError).toBeUndefined();
      expect(statements.map((each) => each.text)).toEqual(list);
    }),
    { numRuns: 60 },
  );
});

test('whatever the bytes, it answers', async () => {
  const bits = fc.constantFrom(
    "'",
    '"',
    '`',
    '/*',
    '*/',
    '/*!',
    '--',
    ' ',
    '\n',
    ';',
    'BEGIN',
    'END',
    'IF',
    'THEN',
    'CASE',
    'CREATE PROCEDURE p()',
    'a',
    '(',
    ')',
    '$$',
    'AS',
    '@',
    '.',
    '=',
    'SET',
    ',',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(bits, { maxLength: 30 }), async (list) => {
      const { statements, syntaxError } = await parse(list.join(' '));
      expect(syntaxError === undefined || statements.length === 0).toBe(true);
    }),
  );
});
