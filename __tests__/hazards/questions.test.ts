import { describe, expect, test } from '@jest/globals';
import type { LiveCheck } from '../../src/domain/live-check.ts';
import { liveChecks } from '../../src/hazards/index.ts';
import { analyse, catalog, table } from './support/find.ts';

const column = (type: string, notNull = false) => ({ type, notNull });
const FACTS = catalog({
  'public.users': table({
    columns: {
      id: column('integer', true),
      email: column('text'),
      name: column('text'),
      'Odd "Name"': column('text'),
      checked: column('text'),
    },
    checkedNotNull: ['checked'],
    children: ['public.orders'],
    indexes: ['users_email_key'],
  }),
  'public.orders': table({ columns: { id: column('integer', true), note: column('text') } }),
  'sales.users': table({ columns: { email: column('text') } }),
});

async function checks(
  scripts: string | readonly string[],
  splitsStatements = false,
): Promise<readonly LiveCheck[]> {
  const texts = typeof scripts === 'string' ? [scripts] : scripts;
  return liveChecks({
    files: await Promise.all(texts.map((text, index) => analyse(text, `m${index}`))),
    splitsStatements,
    catalog: FACTS,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    allowDataLoss: [],
  });
}

/** `kind schema.table columns -> rules`. */
const told = ({ question, rules }: LiveCheck): string =>
  `${question.kind} ${question.schema}.${question.table} ${question.columns.join(',')} -> ${rules.join(',')}`.trim();

describe('what is asked', () => {
  test.each<readonly [string, readonly string[]]>([
    ['CREATE UNIQUE INDEX i ON users (email)', ['duplicates public.users email -> create-index']],
    ['CREATE UNIQUE INDEX i ON sales.users (email)', ['duplicates sales.users email -> create-index']],
    [
      'CREATE UNIQUE INDEX CONCURRENTLY i ON users (email, name DESC)',
      ['duplicates public.users email,name -> create-index'],
    ],
    [
      'CREATE UNIQUE INDEX i ON users ("Odd ""Name""")',
      ['duplicates public.users Odd "Name" -> create-index'],
    ],
    [
      'CREATE UNIQUE INDEX IF NOT EXISTS other ON users (email)',
      ['duplicates public.users email -> create-index'],
    ],
    ['ALTER TABLE users ADD UNIQUE (email)', ['duplicates public.users email -> add-unique-constraint']],
    ['ALTER TABLE users ADD PRIMARY KEY (id)', ['duplicates public.users id -> add-primary-key']],
    [
      'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY (email)',
      ['duplicates public.users email -> add-primary-key', 'nulls public.users email -> add-primary-key'],
    ],
    ['ALTER TABLE users ALTER email SET NOT NULL', ['nulls public.users email -> set-not-null']],
    [
      'ALTER TABLE users ALTER email SET NOT NULL, ALTER name SET NOT NULL',
      ['nulls public.users email -> set-not-null', 'nulls public.users name -> set-not-null'],
    ],
    ['ALTER TABLE users ADD CONSTRAINT n NOT NULL email', ['nulls public.users email -> add-check']],
    ['ALTER TABLE users ADD CHECK (email IS NOT NULL)', ['nulls public.users email -> add-check']],
    [
      'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER email SET NOT NULL',
      ['nulls public.users email ->'],
    ],
    ['ALTER TABLE users ADD COLUMN plan text NOT NULL', ['rows public.users  -> add-required-column']],
    [
      'ALTER TABLE users DROP COLUMN name, ADD COLUMN name int NOT NULL',
      ['rows public.users  -> add-required-column'],
    ],
  ])('%s', async (sql, expected) => {
    expect((await checks(sql)).map(told)).toEqual(expected);
  });

  test('NULLS NOT DISTINCT is part of the question', async () => {
    const asked = await checks(
      'CREATE UNIQUE INDEX i ON users (email) NULLS NOT DISTINCT; ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (email), ADD UNIQUE (name)',
    );
    expect(asked.map(({ question }) => question.kind === 'duplicates' && question.nullsEqual)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('where it is found: the line of the clause, and whether half of the file would stay', async () => {
    const sql =
      '-- note\nALTER TABLE users\n  ADD COLUMN x int,\n  ALTER email SET NOT NULL;\nCREATE UNIQUE INDEX i\n  ON orders (note);\n';
    for (const splits of [false, true]) {
      expect(await checks(sql, splits)).toMatchObject([
        {
          migration: 'm0',
          path: 'prisma/migrations/m0/migration.sql',
          line: 4,
          endLine: 4,
          label: 'users',
          leavesHalf: false,
        },
        { line: 5, endLine: 6, label: 'orders', leavesHalf: splits },
      ]);
    }
  });
});

describe('what is not asked', () => {
  test.each([
    'CREATE INDEX i ON users (email)',
    'CREATE UNIQUE INDEX i ON users (lower(email))',
    'CREATE UNIQUE INDEX i ON users (email) WHERE name IS NULL',
    'CREATE UNIQUE INDEX i ON users (email COLLATE "C")',
    'CREATE UNIQUE INDEX i ON users (email text_pattern_ops)',
    'CREATE UNIQUE INDEX i ON ONLY users (email)',
    'CREATE UNIQUE INDEX IF NOT EXISTS users_email_key ON users (email)',
    'CREATE UNIQUE INDEX i ON unknown (email)',
    'CREATE UNIQUE INDEX i ON users (unknown)',
    'ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX i',
    'ALTER TABLE users ALTER id SET NOT NULL',
    'ALTER TABLE users ALTER checked SET NOT NULL',
    'ALTER TABLE users ADD CHECK (email IS NOT NULL) NOT VALID',
    'ALTER TABLE users ADD COLUMN IF NOT EXISTS email text NOT NULL',
    "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'x'",
    'ALTER TABLE users ADD COLUMN no bigserial NOT NULL',
    'ALTER TABLE users ADD COLUMN plan text',
  ])('%s', async (sql) => {
    expect((await checks(sql)).map(told)).toEqual([]);
  });

  test.each([
    ['the table is new', 'CREATE TABLE n (a int)', 'CREATE UNIQUE INDEX i ON n (a)'],
    [
      'it was dropped and made again',
      'DROP TABLE users; CREATE TABLE users (email text)',
      'CREATE UNIQUE INDEX i ON users (email)',
    ],
    [
      'another took its name',
      'ALTER TABLE users RENAME TO old; ALTER TABLE orders RENAME TO users',
      'CREATE UNIQUE INDEX i ON users (id)',
    ],
    ['the column is new', 'ALTER TABLE users ADD COLUMN x text', 'ALTER TABLE users ALTER x SET NOT NULL'],
    [
      'the column has another type',
      'ALTER TABLE users ALTER email TYPE varchar(9)',
      'CREATE UNIQUE INDEX i ON users (email)',
    ],
    [
      'the column was renamed',
      'ALTER TABLE users RENAME email TO name2; ALTER TABLE users RENAME name TO email',
      'ALTER TABLE users ALTER email SET NOT NULL',
    ],
    [
      'rows were changed',
      "UPDATE users SET email = '' WHERE email IS NULL",
      'ALTER TABLE users ALTER email SET NOT NULL',
    ],
    ['rows were deleted', 'DELETE FROM users', 'ALTER TABLE users ADD COLUMN x int NOT NULL'],
    [
      'rows were changed in a WITH',
      'WITH gone AS (DELETE FROM users RETURNING id) SELECT 1 FROM gone',
      'ALTER TABLE users ADD COLUMN x int NOT NULL',
    ],
    ['the table was emptied', 'TRUNCATE users', 'ALTER TABLE users ADD COLUMN x int NOT NULL'],
    ['a foreign key carries it on', 'DELETE FROM users', 'ALTER TABLE orders ALTER note SET NOT NULL'],
    [
      'anything may have happened',
      'DO $$ BEGIN DELETE FROM users; END $$',
      'ALTER TABLE orders ALTER note SET NOT NULL',
    ],
  ])('because %s, in the same file or an earlier one', async (_, before, after) => {
    expect((await checks(`${before};\n${after};`)).map(told)).toEqual([]);
    expect((await checks([before, after])).map(told)).toEqual([]);
  });

  test.each([
    ['another table', "UPDATE orders SET note = ''"],
    ['the same name in another schema', 'DELETE FROM sales.users'],
    ['an extension', 'CREATE EXTENSION IF NOT EXISTS citext'],
    ['another column', 'ALTER TABLE users DROP COLUMN name'],
  ])('but %s before it changes nothing', async (_, before) => {
    expect(await checks([before, 'ALTER TABLE users ALTER email SET NOT NULL'])).toHaveLength(1);
  });

  test('without a catalog, or in a file that cannot be read', async () => {
    const files = [await analyse('ALTER TABLE users ALTER email SET NOT NULL')];
    const request = {
      files,
      splitsStatements: false,
      statementTimeoutMs: 0,
      lockTimeoutMs: 0,
      allowDataLoss: [],
    };
    expect(liveChecks(request)).toEqual([]);
    expect(await checks('ALTER TABLE users ALTER email SET NOT')).toEqual([]);
  });
});
