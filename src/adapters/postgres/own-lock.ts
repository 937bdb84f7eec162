import type { LockAttempt } from '../../ports/engine.ts';
import { backendOf } from './activity.ts';
import type { Link } from './link.ts';

/** "guardmig" in ASCII as one bigint: pg_locks shows it as classid "guar" and objid "dmig". */
const HIGH = 0x67756172;
const LOW = 0x646d6967;
const KEY = (BigInt(HIGH) << 32n) | BigInt(LOW);

const HOLDER = `
SELECT a.pid, a.application_name AS application, a.usename AS "user", a.state, left(a.query, 200) AS query, NULL AS waiting,
       floor(extract(epoch FROM clock_timestamp() - a.backend_start) * 1000)::bigint AS age, '' AS blocked_by
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.classid = ${HIGH} AND l.objid = ${LOW} AND l.objsubid = 1 AND l.granted
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** A session lock: it needs no transaction, and the server releases it when the session ends, however it ends. */
export async function takeOwnLock(link: Link): Promise<LockAttempt> {
  const [row] = await link.rows(`SELECT pg_try_advisory_lock($1::bigint) AS held`, [String(KEY)], {
    purpose: 'take the guard’s own lock',
  });
  if (row?.held === 't') return { held: true, holder: undefined };
  const [holder] = await link.rows(HOLDER, [], { purpose: 'find who holds the guard’s own lock' });
  return { held: false, holder: holder === undefined ? undefined : backendOf(holder) };
}
