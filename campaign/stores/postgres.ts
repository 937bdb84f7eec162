import { createHash } from 'node:crypto';
import type { Cluster } from '../../lab/databases.ts';
import { startCluster } from '../../lab/postgres/index.ts';
import type { QueryRow } from '../../lab/postgres/types.ts';
import { type Entry, INIT_NAME, type Store, type Truth } from './store.ts';

export const INIT = {
  name: INIT_NAME,
  sql: 'CREATE TABLE "orders" ("id" SERIAL PRIMARY KEY, "total" INTEGER NOT NULL);\n',
};

/** What every case's database is a copy of. */
export async function seed(cluster: Cluster): Promise<void> {
  const checksum = createHash('sha256').update(INIT.sql).digest('hex');
  await cluster.query(`SET ROLE app; ${INIT.sql}
    INSERT INTO "orders" ("total") SELECT n * 20 FROM generate_series(1, 100) n;
    CREATE TABLE "ledger" ("id" BIGSERIAL PRIMARY KEY, "at" TIMESTAMPTZ NOT NULL);
    CREATE TABLE "_prisma_migrations" (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
    INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
      VALUES (gen_random_uuid()::text, '${checksum}', now(), '${INIT.name}', 1)`);
}

const one = async (cluster: Cluster, sql: string, database: string): Promise<string> =>
  String((await cluster.query(sql, [], database))[0]?.text ?? '');

async function truth(cluster: Cluster, database: string): Promise<Truth> {
  const schema = await one(
    cluster,
    `SELECT (SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name)
               FROM information_schema.columns WHERE table_name = 'orders') || ' | ' ||
            (SELECT string_agg(conname, ', ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'orders'::regclass) || ' | ' ||
            (SELECT string_agg(indexrelid::regclass::text || indisvalid, ', ' ORDER BY 1) FROM pg_index WHERE indrelid = 'orders'::regclass) || ' | ' ||
            (SELECT string_agg(table_name, ', ' ORDER BY table_name) FROM information_schema.tables WHERE table_schema = 'public') AS text`,
    database,
  );
  const rows = await one(
    cluster,
    `SELECT string_agg(o::text, ';' ORDER BY id) AS text FROM orders o`,
    database,
  );
  const history = await cluster.query(
    `SELECT migration_name || ':' || CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled-back'
              WHEN finished_at IS NOT NULL THEN 'applied' ELSE 'open' END AS text
       FROM _prisma_migrations ORDER BY started_at`,
    [],
    database,
  );
  return { schema, rows, history: history.map((row) => String(row.text)) };
}

async function left(cluster: Cluster, database: string): Promise<readonly string[]> {
  const rows = await cluster.query(
    `SELECT 'session ' || application_name AS text FROM pg_stat_activity
      WHERE datname = $1 AND application_name LIKE 'guarded-migrate/%'
     UNION ALL SELECT 'advisory lock ' || l.classid || ' ' || l.objid FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = $1)`,
    [database],
    'postgres',
  );
  return rows.map((row) => String(row.text));
}

const COLUMNS = 'id::text AS id, extract(epoch FROM at) * 1000 AS at';
const entry = (row: QueryRow): Entry => ({ id: String(row.id), at: Number(row.at) });

export const POSTGRES: Store = {
  dialect: 'postgresql',
  server: 'postgresql',
  product: 'PostgreSQL 18',
  init: INIT,
  migrations: {
    good: 'ALTER TABLE "orders" ADD COLUMN "note" TEXT;\nUPDATE "orders" SET "note" = \'old\';\nSELECT pg_sleep(0.3);\nCREATE INDEX "orders_total_idx" ON "orders" ("total");\n',
    half: 'ALTER TABLE "orders" ADD COLUMN "half" TEXT;\nDELETE FROM "orders" WHERE "id" % 2 = 0;\nSELECT pg_sleep(0.3);\nALTER TABLE "orders" ADD CONSTRAINT "orders_total_check" CHECK ("total" > 1000);\n',
  },
  async start(name) {
    const cluster = await startCluster({ name });
    try {
      await seed(cluster);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  },
  create: async (cluster, database) =>
    void (await cluster.query(`CREATE DATABASE ${database} TEMPLATE app OWNER app`, [], 'postgres')),
  drop: async (cluster, database) =>
    void (await cluster.query(`DROP DATABASE ${database} WITH (FORCE)`, [], 'postgres')),
  truth,
  left,
  cut: async (cluster, database) =>
    void (await cluster.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = $1 AND application_name LIKE 'guarded-migrate/%'`,
      [database],
      'postgres',
    )),
  async write(cluster, database) {
    const sql = `INSERT INTO ledger (at) VALUES (clock_timestamp()) RETURNING ${COLUMNS}`;
    const [row] = await cluster.query(sql, [], database);
    return row === undefined ? undefined : entry(row);
  },
  ledger: async (cluster, database) =>
    (await cluster.query(`SELECT ${COLUMNS} FROM ledger ORDER BY ledger.id`, [], database)).map(entry),
};
