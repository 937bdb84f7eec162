import { describe, expect, test } from '@jest/globals';
import { createParser } from '../../src/adapters/mysql-sql/index.ts';
import { endsInRollback, isAtomic, isWrapped, leavesTransactionOpen } from '../../src/domain/atomicity.ts';
import { atRisk, mayOutliveRollback, uncounted } from '../../src/domain/row-risk.ts';

const parser = createParser();
const parse = (sql: string) => parser.parse('m', Buffer.from(sql));

test.each([
  ['ALTER TABLE a ADD COLUMN b INT', true],
  ['INSERT INTO a VALUES (1)', true],
  ['', true],
  ['INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)', false],
  ['BEGIN; INSERT INTO a VALUES (1); UPDATE a SET i = 2; COMMIT', true],
  ['START TRANSACTION; INSERT INTO other.a VALUES (1); SAVEPOINT s; COMMIT', true],
  ['BEGIN; INSERT INTO a VALUES (1); CREATE TABLE b (i INT); COMMIT', false],
  ['BEGIN; INSERT INTO a VALUES (1); TRUNCATE b; COMMIT', false],
  ['BEGIN; INSERT INTO a VALUES (1); SET autocommit = 1; COMMIT', false],
  ['BEGIN; INSERT INTO a VALUES (1); CALL p(); COMMIT', false],
  ['BEGIN; INSERT INTO a VALUES (1)', true],
  ['BEGIN; INSERT INTO a VALUES (1); CREATE TABLE b (i INT)', false],
  ['CALL p()', false],
  ['OPTIMIZE TABLE a', false],
  ['DROP DATABASE other', false],
  ["SELECT 'open", false],
])('a failure of "%s" leaves nothing behind: %s', async (sql, atomic) => {
  expect(isAtomic(await parse(sql), true)).toBe(atomic);
});

test.each([
  ['BEGIN; SELECT 1; COMMIT', true, false, false],
  ['BEGIN; SELECT 1', false, true, false],
  ['BEGIN; INSERT INTO a VALUES (1); CREATE TABLE b (i INT)', false, false, false],
  ['BEGIN; CREATE TABLE b (i INT); BEGIN', false, true, false],
  ['SET autocommit = 0; INSERT INTO a VALUES (1)', false, true, false],
  ['SET autocommit = 0; INSERT INTO a VALUES (1); SET autocommit = 1', false, false, false],
  ['SET autocommit = 0; INSERT INTO a VALUES (1); COMMIT', false, true, false],
  ['BEGIN; INSERT INTO a VALUES (1); SET autocommit = 1', false, true, false],
  ['BEGIN; INSERT INTO a VALUES (1); UNLOCK TABLES', false, true, false],
  ['BEGIN; SELECT 1; COMMIT AND CHAIN', false, true, false],
  ['BEGIN; SELECT 1; ROLLBACK', false, false, true],
])('%s', async (sql, wrapped, open, undone) => {
  const { statements } = await parse(sql);
  expect([isWrapped(statements), leavesTransactionOpen(statements), endsInRollback(statements)]).toEqual([
    wrapped,
    open,
    undone,
  ]);
});

describe('what an equal schema does not prove', () => {
  test.each([
    // sql, at risk, and not seen by the counters either (indexes)
    ['ALTER TABLE a ADD COLUMN b INT', [], []],
    ['ALTER TABLE a AUTO_INCREMENT = 5', [0], [0]],
    ['ALTER TABLE a auto_increment 5', [0], [0]],
    ['CREATE TABLE a (i INT AUTO_INCREMENT PRIMARY KEY); CREATE TABLE b (i INT)', [], []],
    ['DROP TABLE a', [], []],
    ['DROP TABLE a; CREATE TABLE a (i INT)', [0], [0]],
    ['ALTER TABLE a DROP COLUMN b, ADD COLUMN b INT', [0], [0]],
    ['ALTER TABLE a MODIFY b INT; ALTER TABLE a MODIFY b BIGINT', [0, 1], [0, 1]],
    ['RENAME TABLE a TO c, b TO a, c TO b', [0], [0]],
    ['RENAME TABLE a TO c', [], []],
    ['INSERT INTO a VALUES (1); SELECT 1', [0], []],
    ['TRUNCATE a', [0], []],
    // The change of the index set the counters of its table to zero.
    ['UPDATE a SET b = 1; DROP INDEX i ON a; CREATE INDEX i ON a (b)', [0], [0]],
    ['UPDATE a SET b = 1; DROP INDEX i ON c; CREATE INDEX i ON c (d)', [0], []],
    ['DROP INDEX i ON a; CREATE INDEX i ON a (b); UPDATE a SET b = 1', [2], []],
    ['ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b', [0], [0]],
    ['INSERT INTO other.a VALUES (1)', [0], [0]],
    ['CREATE TABLE other.a (i INT)', [0], [0]],
    ['GRANT ALL ON *.* TO u', [0], [0]],
    ['SET GLOBAL x = 1; SET y = 1', [0], [0]],
    ['USE other; DELETE FROM a; SELECT 1', [0, 1], [0, 1]],
    ['CALL p(); DO SLEEP(1)', [0], [0]],
  ] as const)('%s', async (sql, risky, unseen) => {
    const { statements, dialect } = await parse(sql);
    const places = (found: typeof statements) => found.map((each) => statements.indexOf(each));
    expect(dialect).toBe('mysql');
    expect(places(atRisk(statements, dialect))).toEqual(risky);
    expect(places(uncounted(statements, dialect))).toEqual(unseen);
  });

  test.each([
    ['UPDATE a SET b = 1', false],
    ['ALTER TABLE a ADD COLUMN b INT', false],
    ['UPDATE other.a SET b = 1', false],
    ['CALL p()', true],
    ['DROP DATABASE other', true],
    ['GRANT SELECT ON a TO u, v', true],
  ])('%s may outlive its own failure: %s', async (sql, outlives) => {
    const { statements, dialect } = await parse(sql);
    expect(mayOutliveRollback(statements[0], dialect)).toBe(outlives);
  });
});
