import type { Proofs } from './proof.ts';

const AE = 'ACCESS EXCLUSIVE' as const;
const SRE = 'SHARE ROW EXCLUSIVE' as const;
const KEY = 'FOREIGN KEY (user_id) REFERENCES users (id)';
const VIEW = 'CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM users;';
const PARTS = `CREATE TABLE events (at int) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);
CREATE TABLE events_2 (at int);
INSERT INTO events_2 SELECT 15 FROM generate_series(1, 50);`;

export const TABLE_PROOFS: Proofs = {
  'add-foreign-key': {
    statement: `ALTER TABLE orders ADD CONSTRAINT k ${KEY};`,
    expected: { table: 'orders', lock: SRE, work: 'scan' },
    counter: { statement: `ALTER TABLE orders ADD CONSTRAINT k ${KEY} NOT VALID;` },
  },
  'foreign-key-locks-parent': {
    statement: `CREATE TABLE carts (id int PRIMARY KEY, user_id int REFERENCES users (id));`,
    expected: { lock: SRE, work: 'catalog' },
    counter: { statement: 'CREATE TABLE carts (id int PRIMARY KEY, user_id int);' },
  },
  'add-check': {
    statement: 'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0);',
    expected: { lock: AE, work: 'scan' },
    counter: { statement: 'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;' },
  },
  'add-unique-constraint': {
    statement: 'ALTER TABLE users ADD CONSTRAINT u UNIQUE (email);',
    expected: { lock: AE, work: 'build' },
    counter: {
      setup: 'CREATE UNIQUE INDEX u ON users (email);',
      statement: 'ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;',
    },
  },
  'add-primary-key': {
    statement: 'ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT p PRIMARY KEY (user_id);',
    expected: { table: 'orders', lock: AE, work: 'build' },
    counter: {
      setup: 'CREATE UNIQUE INDEX p ON orders (user_id);',
      statement:
        'ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT p PRIMARY KEY USING INDEX p;',
    },
  },
  'add-exclusion-constraint': {
    statement: 'ALTER TABLE users ADD CONSTRAINT e EXCLUDE USING btree (age WITH =);',
    expected: { lock: AE, work: 'build' },
  },
  'validate-in-same-transaction': {
    statement: `ALTER TABLE orders ADD CONSTRAINT k ${KEY} NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT k;`,
    expected: { table: 'orders', lock: SRE, work: 'scan' },
    counter: {
      setup: `ALTER TABLE orders ADD CONSTRAINT k ${KEY} NOT VALID;`,
      statement: 'ALTER TABLE orders VALIDATE CONSTRAINT k;',
    },
  },
  'drop-foreign-key': {
    setup: `ALTER TABLE orders ADD CONSTRAINT k ${KEY};`,
    statement: 'ALTER TABLE orders DROP CONSTRAINT k;',
    expected: { table: 'users', lock: AE, work: 'catalog' },
  },
  'create-index': {
    statement: 'CREATE INDEX i ON users (name);',
    expected: { lock: 'SHARE', work: 'build' },
    counter: { statement: 'CREATE TABLE n (a int); CREATE INDEX i ON n (a);' },
  },
  'concurrently-if-not-exists': {
    setup: `CREATE INDEX i ON users (name); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass;`,
    statement: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON users (name);',
    expected: {
      keeps: `SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass`,
    },
    counter: { statement: 'CREATE INDEX CONCURRENTLY i ON users (name);' },
  },
  'concurrent-index-corruption': { unproven: 'no server of 14.0 to 14.3 in the lab; release notes of 14.4' },
  'outlasts-statement-timeout': {
    unproven: 'compares an estimate with a limit; takes no lock that stops anybody',
  },
  'drop-index': {
    setup: 'CREATE INDEX i ON users (name);',
    statement: 'DROP INDEX i;',
    expected: { lock: AE, work: 'catalog' },
  },
  reindex: {
    statement: 'REINDEX TABLE users;',
    expected: { lock: 'SHARE', work: 'build' },
  },
  'drop-table': {
    statement: 'DROP TABLE users;',
    expected: { breaks: 'SELECT id FROM users' },
    counter: { statement: 'CREATE TABLE n (a int); DROP TABLE n;' },
  },
  'drop-schema': {
    setup: 'CREATE SCHEMA IF NOT EXISTS proof_old; CREATE TABLE proof_old.a (id int);',
    statement: 'DROP SCHEMA proof_old CASCADE;',
    expected: { breaks: 'SELECT * FROM proof_old.a' },
  },
  'drop-database': { unproven: 'cannot run in a transaction, and needs no proof' },
  'drop-cascade': {
    setup: "ALTER TABLE users ADD COLUMN mood mood DEFAULT 'ok';",
    statement: 'DROP TYPE mood CASCADE;',
    expected: { breaks: 'SELECT mood FROM users' },
    counter: {
      setup: "CREATE TYPE idle AS ENUM ('a'); ALTER TABLE users ADD COLUMN mood mood;",
      statement: 'DROP TYPE idle;',
    },
  },
  truncate: {
    statement: 'TRUNCATE users;',
    expected: { lock: AE, shows: 'SELECT count(*) = 0 FROM users' },
  },
  'rewrite-table': {
    statement: 'ALTER TABLE users SET UNLOGGED;',
    expected: { lock: AE, work: 'rewrite' },
    counter: { statement: 'ALTER TABLE users SET (fillfactor = 90);' },
  },
  'refresh-materialized-view': {
    setup: VIEW,
    statement: 'REFRESH MATERIALIZED VIEW totals;',
    expected: { table: 'totals', lock: AE, work: 'rewrite' },
    counter: {
      setup: `${VIEW} CREATE UNIQUE INDEX totals_n ON totals (n);`,
      statement: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
    },
  },
  'attach-partition': {
    setup: PARTS,
    statement: 'ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (10) TO (20);',
    expected: { table: 'events_2', lock: AE, work: 'scan' },
  },
  'create-partition': {
    setup: PARTS,
    statement: 'CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (20) TO (30);',
    expected: { table: 'events', lock: AE, work: 'catalog' },
    counter: {
      setup: PARTS,
      statement: 'CREATE TABLE events_3 (LIKE events INCLUDING ALL);',
    },
  },
  'detach-partition': {
    setup: PARTS,
    statement: 'ALTER TABLE events DETACH PARTITION events_1;',
    expected: { table: 'events', lock: AE, work: 'catalog' },
  },
  'create-trigger': {
    setup: 'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;',
    statement: 'CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();',
    expected: { lock: SRE, work: 'catalog' },
  },
  'row-level-security': {
    statement: 'ALTER TABLE users ENABLE ROW LEVEL SECURITY;',
    expected: {
      lock: AE,
      work: 'catalog',
      shows: "SELECT relrowsecurity FROM pg_class WHERE oid = 'users'::regclass",
    },
  },
  'brief-exclusive-lock': {
    statement: 'CREATE POLICY own ON users USING (true);',
    expected: { lock: AE, work: 'catalog' },
  },
};
