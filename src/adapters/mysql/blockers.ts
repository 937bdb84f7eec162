import type { Backend } from '../../domain/facts.ts';
import { backendOf, isIdle } from './backend.ts';
import type { Link, Row } from './link.ts';
import { SESSION_COLUMNS } from './ours.ts';
import { errnoOf } from './problems.ts';
import type { Server } from './server.ts';

/** Holders of what the session waits for. Needs SELECT on performance_schema, which must be on. */
const METADATA = (pid: number): string => `
SELECT DISTINCT t.PROCESSLIST_ID AS pid
  FROM performance_schema.threads me
  JOIN performance_schema.metadata_locks w ON w.OWNER_THREAD_ID = me.THREAD_ID AND w.LOCK_STATUS = 'PENDING'
  JOIN performance_schema.metadata_locks g ON g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID
   AND g.OBJECT_TYPE = w.OBJECT_TYPE AND g.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA AND g.OBJECT_NAME <=> w.OBJECT_NAME
  JOIN performance_schema.threads t ON t.THREAD_ID = g.OWNER_THREAD_ID AND t.PROCESSLIST_ID IS NOT NULL
 WHERE me.PROCESSLIST_ID = ${pid} LIMIT 20`;

const ROWS_MYSQL = (pid: number): string => `
SELECT DISTINCT t.PROCESSLIST_ID AS pid
  FROM performance_schema.threads me
  JOIN performance_schema.data_lock_waits w ON w.REQUESTING_THREAD_ID = me.THREAD_ID
  JOIN performance_schema.threads t ON t.THREAD_ID = w.BLOCKING_THREAD_ID AND t.PROCESSLIST_ID IS NOT NULL
 WHERE me.PROCESSLIST_ID = ${pid} LIMIT 20`;

/** Needs PROCESS. InnoDB gives a copy that it renews only when nobody has read it for 0.1 s: who looks faster sees the past. */
const ROWS_MARIADB = (pid: number): string => `
SELECT DISTINCT b.trx_mysql_thread_id AS pid
  FROM information_schema.INNODB_TRX r
  JOIN information_schema.INNODB_LOCK_WAITS w ON w.requesting_trx_id = r.trx_id
  JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id
 WHERE r.trx_mysql_thread_id = ${pid} LIMIT 20`;

const sessions = (isMariadb: boolean, pids: readonly number[]): string => `
SELECT ${SESSION_COLUMNS(isMariadb)} FROM information_schema.PROCESSLIST p WHERE p.ID IN (${pids.join(', ')})`;

const asked = { purpose: 'look for what blocks the migration' };

/** Who blocks is worth telling, but nothing rests on it: an account that may not look sees nobody. */
async function pidsOf(link: Link, sql: string): Promise<readonly number[]> {
  try {
    return (await link.rows(sql, asked)).map((row) => Number(row.pid));
  } catch (error) {
    if (/^\d+$/.test(errnoOf(error))) return [];
    throw error;
  }
}

/** An idle blocker has an open transaction, at least as old as its idleness. */
function blockerOf(pid: number, row: Row | undefined): Backend {
  const backend = backendOf(pid, row);
  if (row === undefined || !isIdle(row)) return backend;
  return { ...backend, state: 'idle in transaction', ageMs: Number(row.age) };
}

export interface Blocking {
  readonly blockers: readonly Backend[];
  /** It waits for rows, which the list of sessions does not show. */
  readonly onRows: boolean;
}

export async function readBlockers(link: Link, server: Server, pid: number): Promise<Blocking> {
  const isMariadb = server.flavor === 'mariadb';
  const rowQuery = isMariadb ? ROWS_MARIADB : ROWS_MYSQL;
  const onMetadata = server.performanceSchema ? await pidsOf(link, METADATA(pid)) : [];
  const onRows = isMariadb || server.performanceSchema ? await pidsOf(link, rowQuery(pid)) : [];
  const pids = [...new Set([...onMetadata, ...onRows])].filter((each) => each !== pid);
  if (pids.length === 0) return { blockers: [], onRows: false };
  const rows = await link.rows(sessions(isMariadb, pids), asked);
  const blockers = pids.map((each) =>
    blockerOf(
      each,
      rows.find((row) => row.pid === String(each)),
    ),
  );
  return { blockers, onRows: onRows.length > 0 };
}
