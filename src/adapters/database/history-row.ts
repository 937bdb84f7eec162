import type { HistoryRow } from '../../domain/facts.ts';
import type { Row } from './rows.ts';

const timeOf = (text: string | null | undefined): number | null =>
  text === null || text === undefined ? null : Number(text);

/** A row of `_prisma_migrations`, whose times the query has turned into epoch milliseconds. */
export const historyRow = (row: Row): HistoryRow => ({
  id: row.id ?? '',
  name: row.migration_name ?? '',
  checksum: row.checksum ?? '',
  startedAt: Number(row.started_at),
  finishedAt: timeOf(row.finished_at),
  rolledBackAt: timeOf(row.rolled_back_at),
  logs: row.logs ?? null,
});

/** What of the history tells one database from another: one line for each row, in one order. */
export const historyLines = (history: readonly HistoryRow[] | null): readonly string[] | undefined =>
  history?.map(({ id, finishedAt, rolledBackAt }) => `${id} ${finishedAt} ${rolledBackAt}`).sort();
