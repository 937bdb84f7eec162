import type { ServerIdentity } from '../../domain/server-identity.ts';
import { historyLines } from '../database/history-row.ts';
import { clockOf, clockQuery } from './clock.ts';
import { readHistory } from './history.ts';
import type { Link } from './link.ts';
import type { Server } from './server.ts';

/**
 * MySQL keeps `server_uuid` in `auto.cnf`, which a copy of the files may bring along; MariaDB's `server_uid` is made of
 * the network card and the port. So host, port and the second of the start stand beside it: equal texts mean one server
 * process. All of it is open to every account. There is no timeline.
 */
export async function readIdentity(link: Link, server: Server): Promise<ServerIdentity> {
  const uid = server.flavor === 'mariadb' ? 'server_uid' : 'server_uuid';
  const [status = [], found = []] = await link.batch(
    [clockQuery(server), `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('${uid}', 'hostname', 'port')`],
    { purpose: 'find out which server answers' },
  );
  const values = new Map(found.map((row) => [row.Variable_name?.toLowerCase(), row.Value]));
  const address = `${values.get('hostname') ?? ''}:${values.get('port') ?? ''}`;
  const started = new Date(clockOf(status).startedAt).toISOString().replace('.000Z', 'Z');
  const history = await readHistory(link);
  return {
    startedAt: `${values.get(uid) ?? ''} ${address} ${started}`.trim(),
    timeline: undefined,
    address,
    history: historyLines(history),
  };
}
