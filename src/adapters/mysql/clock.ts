import type { ServerClock } from '../../ports/engine.ts';
import type { Link, Row } from './link.ts';
import type { Server } from './server.ts';
import { milliseconds } from './words.ts';

/** From MySQL 8.0.30, MariaDB, and every other one; the last starts anew with the server. Aurora's is always 0. */
const LSN = ['innodb_redo_log_current_lsn', 'innodb_lsn_current', 'innodb_os_log_written'];
const STATUS = [...LSN, 'handler_commit', 'uptime'];

/** Clock and status variables, one row for each. Every account may read them. */
export const clockQuery = (server: Server): string => `
SELECT ${milliseconds('NOW(3)')} AS now, UNIX_TIMESTAMP() AS second, LOWER(VARIABLE_NAME) AS name, VARIABLE_VALUE AS value
  FROM ${server.status} WHERE VARIABLE_NAME IN (${STATUS.map((name) => `'${name}'`).join(', ')})`;

export interface ClockReading extends ServerClock {
  /** Epoch milliseconds of the server's start, a whole second. */
  readonly startedAt: number;
}

/** PostgreSQL's way to write a position: two halves of 64 bits in hex. Empty when the server tells none. */
function written(position: string | null | undefined): string {
  if (!position || !/^[1-9]\d*$/.test(position)) return '';
  const value = BigInt(position);
  const hex = (half: bigint): string => half.toString(16).toUpperCase();
  return `${hex(value >> 32n)}/${hex(value & 0xffffffffn)}`;
}

/**
 * `Uptime` and `UNIX_TIMESTAMP()` are both taken at the start of the statement, in whole seconds, so their difference is
 * the same in every answer of one server process.
 */
export function clockOf(rows: readonly Row[]): ClockReading {
  const status = new Map(rows.map((row) => [row.name, row.value]));
  const [first] = rows;
  const position = LSN.map((name) => status.get(name)).find((value) => value && value !== '0');
  return {
    now: Number(first?.now),
    lsn: written(position),
    commits: Number(status.get('handler_commit') ?? 0),
    startedAt: (Number(first?.second) - Number(status.get('uptime'))) * 1000,
  };
}

export async function readClock(link: Link, server: Server): Promise<ServerClock> {
  const { now, lsn, commits } = clockOf(
    await link.rows(clockQuery(server), { purpose: 'read the clock of the server' }),
  );
  return { now, lsn, commits };
}
