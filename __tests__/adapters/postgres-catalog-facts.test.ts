import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import type { CatalogFacts } from '../../src/domain/hazard.ts';
import { COUNTED_TO, type LiveAnswer, type LiveQuestion } from '../../src/domain/live-check.ts';
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
  await cluster.query(
    `CREATE TABLE many AS SELECT n FROM generate_series(1, 2000) n; CREATE TABLE docs (doc json); CREATE TABLE hidden (note text);
     CREATE TABLE tenants (id int); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; ALTER TABLE hidden FORCE ROW LEVEL SECURITY;
     ALTER TABLE many OWNER TO app; ALTER TABLE docs OWNER TO app; ALTER TABLE hidden OWNER TO app; ALTER TABLE tenants OWNER TO reader`,
  );
  session = owner;
  facts = await session.study.catalog();
});

afterAll(async () => {
  await session?.close();
  await cluster?.stop();
});

/** Somebody holds the table until `look` has ended, so that whatever waits for them never ends. */
async function whileHeld<Value>(table: string, look: () => Promise<Value>): Promise<Value> {
  const holder = new pg.Client({ connectionString: cluster.superuserUrl() });
  await holder.connect();
  try {
    await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return await look();
  } finally {
    await holder.query('COMMIT');
    await holder.end();
  }
}

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
    const { tables } = await whileHeld('users', () => session.study.catalog());
    expect(tables['public.users']?.rows).toBe(100);
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

describe('the rows themselves', () => {
  const at = { schema: 'public', table: 'users' };
  const NONE = { state: 'none' } as const;
  const found = (count: number): LiveAnswer => ({ state: 'found', count });
  const unknown = (why: string): LiveAnswer => ({ state: 'unknown', why });

  test.each<[LiveQuestion, LiveAnswer]>([
    [{ ...at, kind: 'duplicates', columns: ['email'], nullsEqual: false }, found(10)],
    [{ ...at, kind: 'duplicates', columns: ['id'], nullsEqual: false }, NONE],
    [{ ...at, kind: 'duplicates', columns: ['age'], nullsEqual: false }, NONE],
    [{ ...at, kind: 'duplicates', columns: ['age'], nullsEqual: true }, found(1)],
    [{ ...at, kind: 'duplicates', columns: ['email', 'born'], nullsEqual: false }, found(5)],
    [{ ...at, kind: 'nulls', columns: ['born'] }, found(5)],
    [{ ...at, kind: 'nulls', columns: ['email'] }, NONE],
    [{ ...at, table: 'Order', kind: 'rows', columns: [] }, NONE],
    [{ ...at, kind: 'rows', columns: [] }, found(100)],
    [{ ...at, table: 'many', kind: 'rows', columns: [] }, found(COUNTED_TO + 1)],
    [{ ...at, table: 'gone', kind: 'rows', columns: [] }, unknown('the table is not there')],
    [{ ...at, table: 'a.b', kind: 'rows', columns: [] }, unknown('the table is not there')],
    [
      { ...at, kind: 'nulls', columns: ['x" IS NULL); DROP TABLE users; --'] },
      unknown('the column is not there'),
    ],
    [
      { ...at, table: 'docs', kind: 'duplicates', columns: ['doc'], nullsEqual: false },
      unknown('the server answered with 42883'),
    ],
  ])('%j is answered %j', async (question, answer) => {
    expect(await session.study.ask(question)).toEqual(answer);
  });

  test('a table that hides rows from the role is not taken for a clean one', async () => {
    const question: LiveQuestion = { ...at, table: 'hidden', kind: 'nulls', columns: ['note'] };
    expect(await session.study.ask(question)).toEqual(
      unknown('the role may not read every row of the table'),
    );
  });

  test('a role that may not read, a table that somebody holds, and the session goes on', async () => {
    const question: LiveQuestion = { ...at, kind: 'rows', columns: [] };
    const reader = await createEngine().connect(new Secret(cluster.url('app', 'reader')));
    try {
      expect(await reader.study.ask(question)).toEqual(
        unknown('the role may not read every row of the table'),
      );
    } finally {
      await reader.close();
    }
    const held = await whileHeld('users', () => session.study.ask(question));
    expect(held).toEqual(unknown('somebody else holds a lock on the table'));
    expect(await session.study.ask(question)).toEqual(found(100));
  });

  test('it changes nothing', async () => {
    expect(await cluster.query('SELECT count(*)::text AS n FROM users')).toEqual([{ n: '100' }]);
  });
});

test('tables of owners whose rights the role does not have', async () => {
  expect(await session.study.foreignTables()).toEqual({
    count: 3,
    names: ['public.parts', 'public.parts_1', 'public.tenants'],
    owners: [expect.any(String), 'reader'],
  });
  await cluster.query('GRANT reader TO app');
  expect((await session.study.foreignTables()).names).not.toContain('public.tenants');
  await cluster.query('REVOKE reader FROM app');
});
