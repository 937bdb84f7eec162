import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { readCatalog } from '../../lab/oracle/catalog.ts';
import { observe } from '../../lab/oracle/observe.ts';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { find } from './support/find.ts';

/** From, to, and what PostgreSQL does; each is tried on the server and asked of the rules. */
const CHANGES: readonly (readonly [string, string, 'keeps' | 'rewrites', string?])[] = [
  ['varchar(10)', 'varchar(20)', 'keeps'],
  ['varchar(10)', 'varchar', 'keeps'],
  ['varchar(10)', 'text', 'keeps'],
  ['text', 'varchar', 'keeps'],
  ['varchar(20)', 'varchar(10)', 'rewrites'],
  ['text', 'varchar(191)', 'rewrites'],
  ['char(3)', 'text', 'rewrites'],
  ['char(3)', 'char(5)', 'rewrites'],
  ['bit varying(3)', 'bit varying(5)', 'keeps'],
  ['timestamp(3)', 'timestamp(6)', 'keeps'],
  ['timestamp(3)', 'timestamp', 'keeps'],
  ['timestamp(6)', 'timestamp(3)', 'rewrites'],
  ['timestamp', 'timestamp(6)', 'keeps'],
  ['time(3)', 'time', 'keeps'],
  ['numeric(10,2)', 'numeric(12,2)', 'keeps'],
  ['numeric(10,2)', 'numeric', 'keeps'],
  ['numeric(10,2)', 'numeric(12,3)', 'rewrites'],
  ['numeric(65,30)', 'numeric(10,2)', 'rewrites'],
  ['numeric', 'numeric(10,2)', 'rewrites'],
  ['numeric(10,2)', 'int', 'rewrites'],
  ['timestamp', 'timestamptz', 'keeps'],
  ['timestamp(3)', 'timestamptz', 'keeps'],
  ['timestamp', 'timestamptz(6)', 'keeps'],
  ['timestamp(3)', 'timestamptz(3)', 'rewrites'],
  ['timestamp(3)', 'timestamptz(6)', 'keeps'],
  ['timestamptz', 'timestamp', 'keeps'],
  ['timestamptz(3)', 'timestamp(3)', 'rewrites'],
  ['cidr', 'inet', 'keeps'],
  ['inet', 'cidr', 'rewrites'],
  ['int', 'bigint', 'rewrites'],
  ['int', 'text', 'rewrites'],
  ['int', 'int', 'keeps'],
  ['uuid', 'text', 'rewrites'],
  ['text', 'uuid', 'rewrites', 'c::uuid'],
  ['json', 'jsonb', 'rewrites'],
  ['boolean', 'int', 'rewrites', 'c::int'],
  ['varchar(10)[]', 'varchar(20)[]', 'rewrites'],
  ['text[]', 'text[]', 'keeps'],
  ['varchar(10)', 'varchar(20)', 'keeps', 'c::varchar(20)'],
  ['varchar(10)', 'varchar(20)', 'rewrites', 'lower(c)'],
  ['text', 'plain', 'keeps'],
  ['text', 'checked', 'rewrites'],
];

let cluster: Cluster;
let client: pg.Client;
beforeAll(async () => {
  cluster = await startCluster({ name: 'types', archive: false });
  client = new pg.Client({ connectionString: cluster.superuserUrl() });
  await client.connect();
  await client.query(`CREATE DOMAIN plain AS text; CREATE DOMAIN checked AS text CHECK (VALUE <> 'x')`);
});
afterAll(async () => {
  await client?.end();
  await cluster?.stop();
});

// Rows of one length: jest takes a parameter too many for a callback.
const rows = CHANGES.map(([from, to, expected, using = '']) => [from, to, expected, using] as const);

test.each(rows)('%s to %s %s %s', async (from, to, expected, using) => {
  const sql = `ALTER TABLE changed ALTER COLUMN c TYPE ${to}${using === '' ? '' : ` USING ${using}`}`;
  await client.query('BEGIN');
  try {
    await client.query(`CREATE TABLE changed (c ${from})`);
    const catalog = await readCatalog(client);
    const seen = await observe(client, sql);
    expect(seen.work.get('public.changed') === 'rewrite' ? 'rewrites' : 'keeps').toBe(expected);
    const rules = (await find(sql, { catalog })).map(({ rule }) => rule);
    expect(rules.includes('change-column-type') ? 'rewrites' : 'keeps').toBe(expected);
  } finally {
    await client.query('ROLLBACK');
  }
});
