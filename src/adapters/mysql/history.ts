import type { HistoryRow } from '../../domain/facts.ts';
import { historyRow } from '../database/history-row.ts';
import type { Link } from './link.ts';
import { HISTORY_TABLE, milliseconds, quoted } from './words.ts';

/** One row when the URL's database has the table; it is also invisible to an account without any right on it. */
export const HISTORY_FOUND = `
SELECT DATABASE() AS name FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${HISTORY_TABLE}'`;

const time = (column: string): string => `${milliseconds(column)} AS ${column}`;

/**
 * All rows in the order in which they were started. The columns are DATETIME(3) without a zone, and Prisma writes UTC
 * (facts: prisma.md, App. A).
 */
export const HISTORY = `
SELECT id, migration_name, checksum, logs, ${['started_at', 'finished_at', 'rolled_back_at'].map(time).join(', ')}
  FROM ${quoted(HISTORY_TABLE)} h ORDER BY h.started_at, h.id`;

export async function readHistory(link: Link): Promise<readonly HistoryRow[] | null> {
  const asked = { purpose: 'read the migration history' };
  const found = await link.rows(HISTORY_FOUND, asked);
  return found.length === 0 ? null : (await link.rows(HISTORY, asked)).map(historyRow);
}
