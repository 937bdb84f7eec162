import type { Activity, Backend } from '../../domain/facts.ts';
import type { Link, Row } from './link.ts';

/** Prisma's session-level advisory lock, split into the columns of `pg_locks`. */
const ADVISORY_LOCK = `l.locktype = 'advisory' AND l.classid = 0 AND l.objid = 72707369 AND l.objsubid = 1 AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/**
 * One look. `pg_blocking_pids` names pid 0 for a prepared transaction, which has no backend; another role's
 * backend shows `<insufficient privilege>` and no state. Both are kept.
 */
const ACTIVITY = `
WITH ours AS MATERIALIZED (
  SELECT pid, pg_blocking_pids(pid) AS blocked_by FROM pg_stat_activity
   WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()),
blocking AS (SELECT DISTINCT unnest(blocked_by) AS pid FROM ours),
holding AS (SELECT DISTINCT l.pid FROM pg_locks l WHERE ${ADVISORY_LOCK}),
seen AS (SELECT pid FROM ours UNION SELECT pid FROM blocking UNION SELECT pid FROM holding)
SELECT s.pid, coalesce(a.application_name, '') AS application, a.usename AS "user",
       CASE WHEN s.pid = 0 THEN 'prepared transaction' ELSE a.state END AS state, left(a.query, 2000) AS query,
       CASE WHEN a.wait_event_type IS NULL THEN NULL ELSE a.wait_event_type || ':' || a.wait_event END AS waiting,
       CASE WHEN a.state = 'idle' THEN NULL
            ELSE floor(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start)) * 1000)::bigint END AS age,
       array_to_string(CASE WHEN o.pid IS NULL AND s.pid <> 0 THEN pg_blocking_pids(s.pid) ELSE o.blocked_by END, ' ') AS blocked_by,
       o.pid IS NOT NULL AS ours, s.pid IN (SELECT pid FROM blocking) AS blocker,
       s.pid IN (SELECT pid FROM holding) AS holder
  FROM seen s LEFT JOIN ours o ON o.pid = s.pid LEFT JOIN pg_stat_activity a ON a.pid = s.pid
 WHERE a.pid IS NOT NULL OR s.pid = 0
 ORDER BY s.pid`;

const numberOrNull = (text: string | null | undefined): number | null =>
  text === null || text === undefined ? null : Number(text);

export const backendOf = (row: Row): Backend => ({
  pid: Number(row.pid),
  applicationName: row.application ?? '',
  user: row.user ?? null,
  state: row.state ?? null,
  query: row.query ?? null,
  waiting: row.waiting ?? null,
  ageMs: numberOrNull(row.age),
  blockedBy: [...new Set((row.blocked_by ?? '').split(' ').filter((pid) => pid !== ''))].map(Number),
});

export async function readActivity(link: Link, applicationName: string): Promise<Activity> {
  const rows = await link.rows(ACTIVITY, [applicationName], {
    purpose: 'look for the backends of the migration',
  });
  const those = (flag: 'ours' | 'blocker' | 'holder'): readonly Backend[] =>
    rows.filter((row) => row[flag] === 't').map(backendOf);
  return { ours: those('ours'), blockers: those('blocker'), advisoryLockHolders: those('holder') };
}
