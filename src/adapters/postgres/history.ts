import type { HistoryRow } from '../../domain/facts.ts';
import { historyRow } from '../database/history-row.ts';
import { HISTORY_TABLE } from './catalog/words.ts';
import type { Link } from './link.ts';

/** Qualified name of the table that Prisma would use under this search_path, or null. */
export const HISTORY_NAME = `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('${HISTORY_TABLE}')`;

const milliseconds = (column: string): string =>
  `floor(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}`;

/** All rows in the order in which they were started. */
export const historyQuery = (table: string): string => `
SELECT id, migration_name, checksum, logs, ${['started_at', 'finished_at', 'rolled_back_at'].map(milliseconds).join(', ')}
  FROM ${table} h ORDER BY h.started_at, h.id`;

export async function readHistory(link: Link): Promise<readonly HistoryRow[] | null> {
  const asked = { purpose: 'read the migration history' };
  const [found] = await link.rows(`SELECT (${HISTORY_NAME}) AS name`, [], asked);
  if (found?.name === null || found?.name === undefined) return null;
  return (await link.rows(historyQuery(found.name), [], asked)).map(historyRow);
}
