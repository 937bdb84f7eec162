import type { Proofs } from './proof.ts';

const AE = 'ACCESS EXCLUSIVE' as const;
const NOT_SQL = 'says something about a comment of ours, which no server reads';

export const FILE_PROOFS: Proofs = {
  'enum-value-used-in-same-transaction': {
    setup: 'ALTER TABLE users ADD COLUMN mood mood;',
    statement: "ALTER TYPE mood ADD VALUE 'calm';\nALTER TABLE users ALTER COLUMN mood SET DEFAULT 'calm';",
    expected: { error: '55P04' },
    counter: {
      setup: 'ALTER TABLE users ADD COLUMN mood mood;',
      statement: "ALTER TYPE mood ADD VALUE 'calm';\nALTER TABLE users ALTER COLUMN mood SET DEFAULT 'calm';",
      splits: true,
    },
  },
  'rename-enum-value': {
    statement: "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';",
    expected: { breaks: "SELECT 'ok'::mood" },
  },
  'drop-type': {
    statement: 'DROP TYPE mood;',
    expected: { breaks: "SELECT 'ok'::mood" },
  },
  'rename-type': {
    statement: 'ALTER TYPE mood RENAME TO feeling;',
    expected: { breaks: "SELECT 'ok'::mood" },
  },
  'drop-view': {
    setup: 'CREATE VIEW names AS SELECT name FROM users;',
    statement: 'DROP VIEW names;',
    expected: { breaks: 'SELECT * FROM names' },
    counter: {
      setup: 'CREATE VIEW names AS SELECT name FROM users;',
      statement: 'DROP VIEW names; CREATE VIEW names AS SELECT name, id FROM users;',
    },
  },
  'delete-all-rows': {
    statement: 'DELETE FROM orders;',
    expected: { table: 'orders', lock: 'ROW EXCLUSIVE', shows: 'SELECT count(*) = 0 FROM orders' },
    counter: { statement: 'DELETE FROM orders WHERE id = 1;' },
  },
  'unbatched-backfill': {
    statement: 'UPDATE users SET age = age + 1;',
    expected: {
      lock: 'ROW EXCLUSIVE',
      shows: 'SELECT count(DISTINCT xmin::text) = 1 AND min(age) = 2 FROM users',
    },
    counter: { statement: 'UPDATE users SET age = age + 1 WHERE id = 1;' },
  },
  'lock-table': {
    statement: 'LOCK TABLE users;\nSELECT 1;',
    expected: { lock: AE, work: 'catalog' },
    counter: { statement: 'LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE;\nSELECT 1;' },
  },
  revoke: {
    setup: 'GRANT SELECT ON users TO app;',
    statement: 'REVOKE SELECT ON users FROM app;',
    expected: { shows: "SELECT NOT has_table_privilege('app', 'users', 'SELECT')" },
  },
  'copy-from-stdin': { unproven: 'the driver decides what happens, not the server' },
  'opaque-statement': { unproven: 'says that nothing is known' },
  'lifts-timeouts': {
    statement: 'SET lock_timeout = 0;\nALTER TABLE users ADD COLUMN x int;',
    expected: { shows: "SELECT current_setting('lock_timeout') = '0'" },
    counter: { statement: "SET lock_timeout = '1s';" },
  },
  'set-local-without-transaction': {
    splits: true,
    statement:
      "SET LOCAL lock_timeout = '1s';\nCREATE TABLE seen AS SELECT current_setting('lock_timeout') AS v;",
    expected: { shows: "SELECT v = '5s' FROM seen" },
    counter: {
      statement:
        "SET LOCAL lock_timeout = '1s';\nCREATE TABLE seen AS SELECT current_setting('lock_timeout') AS v;",
    },
  },
  'setting-leaks': {
    statement: "SET time zone 'Asia/Tokyo';",
    expected: { shows: "SELECT current_setting('timezone') = 'Asia/Tokyo'" },
    counter: { statement: "SET LOCAL time zone 'Asia/Tokyo';" },
  },
  'unreadable-file': { statement: 'ALTER TABLE users ADD COLUMN;', expected: { error: '42601' } },
  'odd-bytes': { statement: '\uFEFFSELECT 1;', expected: { error: '42601' } },
  'concurrently-in-transaction': {
    statement: 'CREATE INDEX CONCURRENTLY i ON users (name);\nSELECT 1;',
    expected: { error: '25001' },
    counter: { statement: 'CREATE INDEX CONCURRENTLY i ON users (name);\nSELECT 1;', splits: true },
  },
  'uncommitted-transaction': {
    statement: 'BEGIN;\nALTER TABLE users ADD COLUMN x int;',
    expected: {
      shows:
        "SELECT pg_current_xact_id_if_assigned() IS NOT NULL FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'x'",
    },
    counter: { statement: 'BEGIN;\nALTER TABLE users ADD COLUMN x int;\nCOMMIT;' },
  },
  'ends-in-rollback': {
    statement: 'CREATE TABLE gone (a int);\nROLLBACK;\nCREATE TABLE kept (a int);',
    expected: { shows: "SELECT to_regclass('gone') IS NULL AND to_regclass('kept') IS NOT NULL" },
  },
  'transaction-control': {
    statement:
      'CREATE TABLE a (x int);\nBEGIN;\nCREATE TABLE b (x int);\nCOMMIT;\nCREATE TABLE c (x int);\nSELECT 1/0;',
    expected: { error: '22012', shows: "SELECT to_regclass('a') IS NOT NULL AND to_regclass('c') IS NULL" },
    counter: { statement: 'BEGIN;\nCREATE TABLE a (x int);\nCOMMIT;' },
  },
  'partial-commit': {
    splits: true,
    statement: 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE users ADD CONSTRAINT c CHECK (age < 0);',
    expected: {
      error: '23514',
      shows: "SELECT count(*) = 1 FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'x'",
    },
    counter: { statement: 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE users ADD COLUMN y int;' },
  },
  'newer-than-server': {
    statement: 'ALTER TABLE users ADD CONSTRAINT old_enough CHECK (age > 0) NOT ENFORCED;',
    until: 180000,
    expected: { error: '42601' },
    counter: { statement: 'ALTER TABLE users ADD CONSTRAINT old_enough CHECK (age > 0) NOT VALID;' },
  },
  'work-under-lock': {
    statement: 'ALTER TABLE users ADD COLUMN x int;\nCREATE INDEX i ON orders (note);',
    expected: { lock: AE },
    counter: {
      statement: 'ALTER TABLE users ADD COLUMN x int;\nCREATE INDEX i ON orders (note);',
      splits: true,
    },
  },
  'several-tables-locked': {
    statement: 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE orders ADD COLUMN x int;',
    expected: { table: 'users', lock: AE, work: 'catalog' },
    counter: {
      statement: 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE orders ADD COLUMN x int;',
      splits: true,
    },
  },
  'long-transaction-in-the-way': { unproven: 'is about sessions of others at one moment' },
  'merge-alter-tables': {
    statement:
      'ALTER TABLE users ALTER COLUMN age SET NOT NULL;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;',
    expected: { lock: AE, work: 'scan' },
    counter: {
      statement: 'ALTER TABLE users ALTER COLUMN age SET NOT NULL, ALTER COLUMN name SET NOT NULL;',
      silentOnly: true,
    },
  },
  'rows-in-the-way': { unproven: 'counts rows of one database; its tests ask a real server' },
  'prisma-warning': { unproven: 'compares a comment of Prisma with the other findings' },
  'ignore-without-reason': { unproven: NOT_SQL },
  'ignore-unused': { unproven: NOT_SQL },
  'ignore-not-possible': { unproven: NOT_SQL },
};
