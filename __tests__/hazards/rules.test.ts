import { describe, expect, test } from '@jest/globals';
import { find, told } from './support/find.ts';

/** A file on tables that exist, without a database: the rules and levels in order. */
const ALONE: readonly (readonly [string, readonly string[]])[] = [
  ['ALTER TABLE t ADD COLUMN c int', []],
  ["ALTER TABLE t ADD COLUMN c text NOT NULL DEFAULT 'x'", []],
  ['ALTER TABLE t ADD COLUMN c timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP', []],
  ['ALTER TABLE t ADD COLUMN c int DEFAULT -1', []],
  ['ALTER TABLE t ADD COLUMN c text[] DEFAULT ARRAY[]::text[]', []],
  ['ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()', ['add-column-volatile-default error']],
  ['ALTER TABLE t ADD COLUMN c text DEFAULT my_id()', ['add-column-volatile-default warning']],
  ['ALTER TABLE t ADD COLUMN c bigserial', ['add-column-serial error']],
  ['ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS IDENTITY', ['add-column-serial error']],
  ['ALTER TABLE t ADD COLUMN c int NOT NULL', ['add-required-column error']],
  ['ALTER TABLE t ADD COLUMN c int REFERENCES p (id)', ['foreign-key-locks-parent notice']],
  ['ALTER TABLE t DROP COLUMN c', ['drop-column error']],
  ['ALTER TABLE t DROP COLUMN c, ADD COLUMN c int', ['drop-and-add-column error']],
  ['ALTER TABLE t ADD COLUMN c int; ALTER TABLE t DROP COLUMN c', []],
  ['ALTER TABLE t RENAME COLUMN a TO b', ['rename-column warning']],
  ['ALTER TABLE t RENAME TO u', ['rename-table warning']],
  ['ALTER TABLE t ALTER c TYPE bigint', ['change-column-type error']],
  ['ALTER TABLE t ALTER c TYPE text', ['change-column-type warning']],
  ['ALTER TABLE t ALTER c SET NOT NULL', ['set-not-null warning']],
  ['ALTER TABLE t ADD CONSTRAINT n NOT NULL c', ['add-check warning']],
  ['ALTER TABLE t ADD CONSTRAINT n CHECK (c > 0) NOT ENFORCED', []],
  ['ALTER TABLE t VALIDATE CONSTRAINT n', []],
  ['CREATE INDEX i ON t (c)', ['create-index warning']],
  ['CREATE INDEX i ON ONLY t (c)', []],
  ['CREATE INDEX CONCURRENTLY i ON t (c)', []],
  ['DROP INDEX i', ['drop-index notice']],
  ['DROP INDEX CONCURRENTLY i', []],
  ['DROP TABLE t', ['drop-table error']],
  ['CREATE TABLE n (a int); CREATE INDEX i ON n (a); ALTER TABLE n DROP COLUMN a; DROP TABLE n', []],
  ['CREATE TABLE n AS SELECT * FROM t; CREATE INDEX i ON n (a)', ['create-index warning']],
  ['TRUNCATE t', ['truncate error']],
  ['DELETE FROM t', ['delete-all-rows error']],
  ["DELETE FROM t WHERE id = 'x'", []],
  ['UPDATE t SET a = 1 WHERE b IS NULL', ['unbatched-backfill warning']],
  ["UPDATE t SET a = 1 WHERE id IN ('a', 'b')", []],
  ['INSERT INTO t VALUES (1)', []],
  ['INSERT INTO t SELECT * FROM s', ['unbatched-backfill warning']],
  ['DO $$ BEGIN END $$', ['opaque-statement warning']],
  ['SELECT my_function()', ['opaque-statement warning']],
  ['CREATE EXTENSION citext', ['opaque-statement warning']],
  ['VACUUM FULL t', ['rewrite-table error']],
  ['ALTER TABLE t SET (fillfactor = 70)', []],
  ['COMMENT ON TABLE t IS $$x$$', []],
  ['REFRESH MATERIALIZED VIEW v', ['refresh-materialized-view error']],
  ['CREATE OR REPLACE VIEW v AS SELECT 1', []],
  ['ALTER TYPE e ADD VALUE $$x$$', []],
  ['COPY t FROM STDIN', ['copy-from-stdin block']],
  ['SET lock_timeout = 0; SELECT 1', ['lifts-timeouts error']],
  ["SET statement_timeout = '10s'; SELECT 1", []],
  ['RESET ALL', ['lifts-timeouts error']],
  ['BEGIN; ALTER TABLE t ADD COLUMN c int', ['uncommitted-transaction error']],
  ['\\restrict abc', ['unreadable-file error']],
  ['-- This is an empty migration.', []],
  ['', []],
];

test.each(ALONE)('%s', async (sql, expected) => {
  expect(told(await find(sql))).toEqual(expected);
});

describe('the way Prisma runs the file decides:', () => {
  const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'CREATE INDEX CONCURRENTLY i ON t (c); SELECT 1',
      ['concurrently-in-transaction error', 'partial-commit notice'],
      ['partial-commit notice'],
    ],
    [
      "ALTER TYPE e ADD VALUE 'x'; ALTER TABLE t ADD COLUMN c e DEFAULT 'x'",
      ['enum-value-used-in-same-transaction block'],
      ['partial-commit warning'],
    ],
    [
      'ALTER TABLE t ADD COLUMN c int; ALTER TABLE u ADD COLUMN c int',
      ['several-tables-locked notice'],
      ['partial-commit warning'],
    ],
    [
      'ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = 1',
      ['unbatched-backfill warning', 'work-under-lock warning'],
      ['partial-commit warning', 'unbatched-backfill warning'],
    ],
    ["BEGIN; SET LOCAL lock_timeout = '1s'; ALTER TABLE t ADD COLUMN c int; COMMIT", [], []],
    ["SET LOCAL lock_timeout = '1s'", [], ['set-local-without-transaction warning']],
    [
      'ALTER TABLE t ADD COLUMN c int; BEGIN; ALTER TABLE t ADD COLUMN d int; COMMIT',
      ['partial-commit warning', 'transaction-control notice'],
      ['partial-commit warning', 'transaction-control notice'],
    ],
    ['LOCK TABLE t', ['lock-table block'], ['lock-table block']],
  ];
  test.each(CASES)('%s', async (sql, whole, each) => {
    expect([...told(await find(sql))].sort()).toEqual(whole);
    expect([...told(await find(sql, { splitsStatements: true }))].sort()).toEqual(each);
  });
});

test('one finding for each clause, at its own line', async () => {
  const hazards = await find(
    '-- é漢\nALTER TABLE t\n  DROP COLUMN a,\n  DROP COLUMN b, -- x, y\n  ALTER c SET NOT NULL;',
  );
  expect(hazards.map(({ rule, line }) => [rule, line])).toEqual([
    ['drop-column', 3],
    ['drop-column', 4],
    ['set-not-null', 5],
  ]);
});

test('a hazard says what, why, and what to do, with SQL of its own', async () => {
  const [hazard] = await find('ALTER TABLE "Order" ALTER COLUMN "userId" SET NOT NULL;');
  expect(hazard?.message).toContain(
    'ACCESS EXCLUSIVE lock on "Order"; every row is read. It is about "Order"."userId".',
  );
  expect(hazard?.suggestion).toContain('CHECK ("userId" IS NOT NULL) NOT VALID');
  expect(hazard).toMatchObject({
    path: 'prisma/migrations/m0/migration.sql',
    tables: ['Order'],
    statement: 'ALTER TABLE "Order"',
  });
});
