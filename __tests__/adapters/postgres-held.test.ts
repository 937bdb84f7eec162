import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';

/** What Prisma itself makes: defaults, keys, indexes, foreign keys. */
const SCHEMA = `SET ROLE app;
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL DEFAULT 'x', at timestamp(3) DEFAULT now());
CREATE UNIQUE INDEX users_email ON users (email);
CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users (id));
CREATE TABLE days (day date) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`;

let cluster: Cluster;
let session: Session;
let holder: pg.Client;

beforeAll(async () => {
  cluster = await startCluster({ archive: false });
  await cluster.query(SCHEMA);
  session = await createEngine().connect(new Secret(cluster.url()));
  holder = new pg.Client({ connectionString: cluster.superuserUrl() });
  await holder.connect();
});

afterAll(async () => {
  await holder?.end();
  await session?.close();
  await cluster?.stop();
});

test('a table that somebody holds with ACCESS EXCLUSIVE is looked past, with the same fingerprint', async () => {
  const before = await session.state();
  await holder.query('BEGIN; LOCK TABLE users, orders, days_1 IN ACCESS EXCLUSIVE MODE');
  const during = await session.state();
  const { tables } = await session.study.catalog();
  await holder.query('ROLLBACK');
  expect(during.fingerprint).toEqual(before.fingerprint);
  expect(Object.keys(tables)).toContain('public.users');
});
