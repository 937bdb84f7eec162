import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/index.ts';
import type { CatalogFacts } from '../../src/domain/hazard.ts';
import type { LiveQuestion } from '../../src/domain/live-check.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';

const SCHEMA = `
CREATE TYPE "Role" AS ENUM ('a', 'b');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN plain AS text;
CREATE TABLE users (id serial PRIMARY KEY, email varchar(20) NOT NULL, age positive, role "Role", born timestamp(3),
  double_age int GENERATED ALWAYS AS (2) STORED, CONSTRAINT email_there CHECK (email IS NOT NULL));
CREATE TABLE "Order" (id int PRIMARY KEY, user_id int REFERENCES users (id), note text);
CREATE INDEX lower_email ON users (lower(email));
CREATE INDEX adults ON users (age) WHERE role = 'a';
CREATE VIEW names AS SELECT email FROM users;
CREATE TABLE parts (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE FUNCTION tomorrow() RETURNS date LANGUAGE sql STABLE AS 'SELECT current_date + 1';
INSERT INTO users (email, born) SELECT 'u' || (n % 90), CASE WHEN n > 5 THEN now() END FROM generate_series(1, 100) n;
INSERT INTO parts SELECT n, '2026-02-01' FROM generate_series(1, 500) n;
ALTER TABLE users ADD CONSTRAINT born_there CHECK (born IS NOT NULL) NOT VALID;
ANALYZE users, parts;`;

let cluster: Cluster;
let session: Session;
let facts: CatalogFacts;

beforeAll(async () => {
  cluster = await startCluster({ archive: false, users: [{ name: 'reader', password: 'reader-lab-1' }] });
  const owner = await createEngine().connect(new Secret(cluster.url()));
  await cluster.query(SCHEMA);
  await cluster.query('CREATE TABLE empty (id int)');
  await cluster.query(
    'ALTER TABLE users OWNER TO app; ALTER TABLE "Order" OWNER TO app; ALTER TABLE empty OWNER TO app',
  );
  session = owner;
  facts = await session.study.catalog();
});

afterAll(async () => {
  await session?.close();
  await cluster?.stop();
});

describe('the catalog', () => {
  test('server, schema and time zone', () => {
    expect(facts.serverVersion).toBeGreaterThanOrEqual(180_000);
    expect(facts).toMatchObject({ schema: 'public', timeZone: expect.any(String), oldestTransactionMs: 0 });
  });

  test('sizes: analysed, partitioned as the sum of its leaves, never analysed is measured', () => {
    expect(facts.tables['public.users']).toMatchObject({ rows: 100, bytes: expect.any(Number) });
    expect(facts.tables['public.parts']?.rows).toBe(500);
    expect(facts.tables['public.empty']).toMatchObject({ rows: undefined, bytes: 0 });
  });

  test('columns with type and nullability', () => {
    expect(facts.tables['public.users']?.columns).toMatchObject({
      email: { type: 'character varying(20)', notNull: true },
      born: { type: 'timestamp(3) without time zone', notNull: false },
      role: { type: '"Role"', notNull: false },
    });
  });

  test('only a validated CHECK proves NOT NULL', () => {
    expect(facts.tables['public.users']?.checkedNotNull).toEqual(['email']);
    expect(facts.tables['public.users']?.constraints.born_there).toEqual({ kind: 'check', validated: false });
  });

  test('foreign keys from both sides', () => {
    expect(facts.tables['public.Order']?.parents).toEqual(['public.users']);
    expect(facts.tables['public.users']?.children).toEqual(['public.Order']);
    expect(facts.tables['public.Order']?.constraints.Order_user_id_fkey).toEqual({
      kind: 'foreign',
      validated: true,
      parent: 'public.users',
    });
  });

  test('what hangs on a column', () => {
    const found = facts.tables['public.users']?.dependents ?? [];
    expect(found).toEqual(
      expect.arrayContaining([
        { column: 'email', kind: 'expression-index', name: 'lower_email' },
        { column: 'role', kind: 'partial-index', name: 'adults' },
        { column: 'email', kind: 'view', name: 'names' },
        { column: 'born', kind: 'check', name: 'born_there' },
      ]),
    );
    expect(facts.tables['public.users']?.indexes).toEqual(expect.arrayContaining(['users_pkey', 'adults']));
  });

  test('types and functions', () => {
    expect(facts.types).toMatchObject({
      'public.Role': { kind: 'enum', checked: false },
      'public.positive': { kind: 'domain', checked: true },
      'public.plain': { kind: 'domain', checked: false },
    });
    expect(facts.functions).toMatchObject({
      now: 'stable',
      random: 'volatile',
      lower: 'immutable',
      'public.tomorrow': 'stable',
    });
  });

  test('it reads past a table that somebody holds', async () => {
    const holder = cluster.query(
      'BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(2); COMMIT',
    );
    expect((await session.study.catalog()).tables['public.users']?.rows).toBe(100);
    await holder;
  });

  test('a role without any grant reads the same', async () => {
    const reader = await createEngine().connect(new Secret(cluster.url('app', 'reader')));
    try {
      const seen = await reader.study.catalog();
      expect(seen.tables['public.users']?.columns).toEqual(facts.tables['public.users']?.columns);
    } finally {
      await reader.close();
    }
  });
});

test.each<[LiveQuestion, string]>([
  [{ kind: 'duplicates', table: 'public.users', columns: ['email'] }, 'yes'],
  [{ kind: 'duplicates', table: 'public.users', columns: ['id'] }, 'no'],
  [{ kind: 'nulls', table: 'public.users', columns: ['born'] }, 'yes'],
  [{ kind: 'nulls', table: 'public.users', columns: ['email'] }, 'no'],
  [{ kind: 'rows', table: 'public.Order', columns: [] }, 'no'],
  [{ kind: 'rows', table: 'public.users', columns: [] }, 'yes'],
  [{ kind: 'rows', table: 'public.gone', columns: [] }, 'unknown'],
  [{ kind: 'nulls', table: 'public.users', columns: ['x" IS NULL); DROP TABLE users; --'] }, 'unknown'],
])('%j is answered %s', async (question, answer) => {
  expect(await session.study.ask(question)).toBe(answer);
});
