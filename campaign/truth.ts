/** What is really so, read as superuser and without anything of the guard. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../lab/postgres/index.ts';

export interface Truth {
  /** Columns and constraints of the orders, one text. */
  readonly schema: string;
  /** Every order, one text. */
  readonly rows: string;
  /** `name:state` of the history, state one of applied, open, rolled-back. */
  readonly history: readonly string[];
}

const one = async (cluster: Cluster, sql: string, database: string): Promise<string> =>
  String((await cluster.query(sql, [], database))[0]?.text ?? '');

export async function readTruth(cluster: Cluster, database: string): Promise<Truth> {
  const schema = await one(
    cluster,
    `SELECT (SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name)
               FROM information_schema.columns WHERE table_name = 'orders') || ' | ' ||
            (SELECT string_agg(conname, ', ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'orders'::regclass) || ' | ' ||
            (SELECT string_agg(indexrelid::regclass::text || indisvalid, ', ' ORDER BY 1) FROM pg_index WHERE indrelid = 'orders'::regclass) AS text`,
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

export const sameContent = (a: Truth, b: Truth): boolean => a.schema === b.schema && a.rows === b.rows;

export const isOpen = (truth: Truth, name: string): boolean => truth.history.includes(`${name}:open`);
export const isApplied = (truth: Truth, name: string): boolean => truth.history.includes(`${name}:applied`);

/** Sessions and advisory locks of ours in that database. */
export async function leftInside(cluster: Cluster, database: string): Promise<readonly string[]> {
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

/** Ends every session of ours, as a failover would. */
export const cutSessions = async (cluster: Cluster, database: string): Promise<void> =>
  void (await cluster.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = $1 AND application_name LIKE 'guarded-migrate/%'`,
    [database],
    'postgres',
  ));

export interface Writer {
  /** Ids whose commit was acknowledged, with the server's time just before it. */
  readonly acknowledged: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** The application at work meanwhile: a committed row every few milliseconds. */
export function startWriter(cluster: Cluster, database: string): Writer {
  const acknowledged = new Map<string, number>();
  const over = new AbortController();
  const work = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      const [row] = await cluster.query(
        `INSERT INTO ledger (at) VALUES (clock_timestamp()) RETURNING id::text AS id, extract(epoch FROM at) * 1000 AS at`,
        [],
        database,
      );
      if (row !== undefined) acknowledged.set(String(row.id), Number(row.at));
      await pause(60);
    }
  })().catch(() => undefined);
  return {
    acknowledged,
    stop: async () => {
      over.abort();
      await work;
    },
  };
}
