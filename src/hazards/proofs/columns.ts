import type { Proofs } from './proof.ts';

const AE = 'ACCESS EXCLUSIVE' as const;

export const COLUMN_PROOFS: Proofs = {
  'add-column-volatile-default': {
    statement: 'ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();',
    expected: { lock: AE, work: 'rewrite' },
    counter: { statement: 'ALTER TABLE users ADD COLUMN since timestamptz NOT NULL DEFAULT now();' },
  },
  'add-column-serial': {
    statement: 'ALTER TABLE users ADD COLUMN no serial;',
    expected: { lock: AE, work: 'rewrite' },
    counter: { statement: 'ALTER TABLE users ADD COLUMN no int;' },
  },
  'add-column-stored-generated': {
    statement: 'ALTER TABLE users ADD COLUMN low text GENERATED ALWAYS AS (lower(name)) STORED;',
    expected: { lock: AE, work: 'rewrite' },
    counter: {
      statement: 'ALTER TABLE users ADD COLUMN low text GENERATED ALWAYS AS (lower(name)) VIRTUAL;',
      since: 180000,
    },
  },
  'add-required-column': {
    statement: 'ALTER TABLE users ADD COLUMN plan text NOT NULL;',
    expected: { error: '23502' },
    counter: { statement: "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';" },
  },
  'add-column-check': {
    statement: 'ALTER TABLE users ADD COLUMN size int CHECK (size > 0);',
    expected: { lock: AE, work: 'scan' },
    counter: { statement: 'ALTER TABLE users ADD COLUMN size int;' },
  },
  'add-column-unique': {
    statement: 'ALTER TABLE users ADD COLUMN code text UNIQUE;',
    expected: { lock: AE, work: 'build' },
    counter: { statement: 'ALTER TABLE users ADD COLUMN code text;' },
  },
  'add-column-checked-domain': {
    setup: 'CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN plain AS int;',
    statement: 'ALTER TABLE users ADD COLUMN size positive DEFAULT 1;',
    expected: { lock: AE, work: 'rewrite' },
    counter: {
      setup: 'CREATE DOMAIN plain AS int;',
      statement: 'ALTER TABLE users ADD COLUMN size plain DEFAULT 1;',
    },
  },
  'drop-column': {
    statement: 'ALTER TABLE users DROP COLUMN name;',
    expected: { lock: AE, work: 'catalog', breaks: 'SELECT name FROM users' },
  },
  'drop-and-add-column': {
    statement: 'ALTER TABLE users DROP COLUMN age, ADD COLUMN age bigint;',
    expected: { lock: AE, work: 'catalog', shows: 'SELECT count(age) = 0 FROM users' },
    counter: { statement: 'ALTER TABLE users DROP COLUMN age, ADD COLUMN years bigint;' },
  },
  'rename-column': {
    statement: 'ALTER TABLE users RENAME COLUMN name TO title;',
    expected: { lock: AE, work: 'catalog', breaks: 'SELECT name FROM users' },
  },
  'set-not-null': {
    statement: 'ALTER TABLE users ALTER COLUMN age SET NOT NULL;',
    expected: { lock: AE, work: 'scan' },
    counter: {
      setup:
        'ALTER TABLE users ADD CONSTRAINT set CHECK (age IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT set;',
      statement: 'ALTER TABLE users ALTER COLUMN age SET NOT NULL;',
    },
  },
  'drop-not-null': {
    statement: 'ALTER TABLE orders ALTER COLUMN user_id DROP NOT NULL;',
    expected: {
      table: 'orders',
      lock: AE,
      work: 'catalog',
      shows:
        "SELECT NOT attnotnull FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'user_id'",
    },
  },
  'drop-default': {
    setup: "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';",
    statement: 'ALTER TABLE users ALTER COLUMN plan DROP DEFAULT;',
    expected: { lock: AE, work: 'catalog', breaks: 'INSERT INTO users (id) VALUES (-floor(random() * 1e9))' },
  },
  'json-column': {
    statement: 'ALTER TABLE users ADD COLUMN settings json;',
    expected: {
      lock: AE,
      work: 'catalog',
      shows:
        "SELECT count(*) = 1 FROM pg_attribute WHERE attrelid = 'users'::regclass AND atttypid = 'json'::regtype AND NOT EXISTS (SELECT FROM pg_operator WHERE oprname = '=' AND oprleft = 'json'::regtype)",
    },
    counter: { statement: 'ALTER TABLE users ADD COLUMN settings jsonb;' },
  },
  'set-generated-expression': {
    setup: 'ALTER TABLE users ADD COLUMN low text GENERATED ALWAYS AS (lower(name)) STORED;',
    statement: 'ALTER TABLE users ALTER COLUMN low SET EXPRESSION AS (upper(name));',
    since: 170000,
    expected: { lock: AE, work: 'rewrite' },
    counter: {
      setup: 'ALTER TABLE users ADD COLUMN low text GENERATED ALWAYS AS (lower(name)) STORED;',
      statement: 'ALTER TABLE users ALTER COLUMN low DROP EXPRESSION;',
    },
  },
  'rename-table': {
    statement: 'ALTER TABLE users RENAME TO accounts;',
    expected: { breaks: 'SELECT id FROM users' },
  },
  'change-column-type': {
    statement: 'ALTER TABLE users ALTER COLUMN age TYPE bigint;',
    expected: { lock: AE, work: 'rewrite' },
    counter: { statement: 'ALTER TABLE users ALTER COLUMN email TYPE varchar(80);' },
  },
  'remove-enum-value': {
    setup: "ALTER TABLE users ADD COLUMN mood mood DEFAULT 'ok';",
    statement: `BEGIN;
CREATE TYPE mood_new AS ENUM ('ok');
ALTER TABLE users ALTER COLUMN mood DROP DEFAULT;
ALTER TABLE users ALTER COLUMN mood TYPE mood_new USING (mood::text::mood_new);
ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
DROP TYPE mood_old;
COMMIT;`,
    expected: { lock: AE, work: 'rewrite' },
    counter: { statement: "ALTER TYPE mood ADD VALUE 'calm';" },
  },
  'change-type-with-dependents': {
    setup: 'CREATE VIEW names AS SELECT email FROM users;',
    statement: 'ALTER TABLE users ALTER COLUMN email TYPE varchar(80);',
    expected: { error: '0A000' },
    counter: { statement: 'ALTER TABLE users ALTER COLUMN email TYPE varchar(80);' },
  },
  'change-collation': {
    setup: 'CREATE INDEX users_name ON users (name);',
    statement: 'ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";',
    expected: { lock: AE, work: 'build' },
    counter: {
      setup: 'CREATE INDEX users_name ON users (name);',
      statement: 'ALTER TABLE users ALTER COLUMN name TYPE text;',
    },
  },
  'add-domain-constraint': {
    setup: 'CREATE DOMAIN positive AS int; ALTER TABLE users ADD COLUMN size positive;',
    statement: 'ALTER DOMAIN positive ADD CONSTRAINT p CHECK (VALUE > 0);',
    expected: { lock: 'SHARE', work: 'scan' },
    counter: {
      setup: 'CREATE DOMAIN positive AS int; ALTER TABLE users ADD COLUMN size positive;',
      statement: 'ALTER DOMAIN positive ADD CONSTRAINT p CHECK (VALUE > 0) NOT VALID;',
    },
  },
};
