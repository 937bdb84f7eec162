import type { ServerIdentity } from '../../domain/server-identity.ts';
import { historyLines } from '../database/history-row.ts';
import { readHistory } from './history.ts';
import type { Link } from './link.ts';

/** All of it is open to every role. A standby writes no WAL, so it has no current file. */
const IDENTITY = `
SELECT extract(epoch FROM pg_postmaster_start_time())::text AS started,
       CASE WHEN pg_is_in_recovery() THEN NULL ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline,
       host(inet_server_addr()) || ':' || inet_server_port() AS address`;

export async function readIdentity(link: Link): Promise<ServerIdentity> {
  const [row = {}] = await link.rows(IDENTITY, [], { purpose: 'find out which server answers' });
  const history = await readHistory(link);
  return {
    startedAt: row.started ?? undefined,
    timeline: row.timeline ?? undefined,
    address: row.address ?? undefined,
    history: historyLines(history),
  };
}
