import type { HistoryRow, MigrationOnDisk, ProjectFacts } from './facts.ts';

/** The folder held against the history table, computed by ourselves: `migrate status` is wrong in several states. */
export interface HistoryComparison {
  readonly pending: readonly MigrationOnDisk[];
  /** Rows neither finished nor rolled back: a deploy would stop with P3009. */
  readonly open: readonly HistoryRow[];
  /** Applied, but the file has changed since. */
  readonly edited: readonly string[];
  /** Applied, but the folder is gone. */
  readonly gone: readonly string[];
  /** Pending, but a later one is applied already. */
  readonly outOfOrder: readonly string[];
}

export const isApplied = (row: HistoryRow): boolean => row.finishedAt !== null && row.rolledBackAt === null;
export const isOpen = (row: HistoryRow): boolean => row.finishedAt === null && row.rolledBackAt === null;

export function compareHistory(
  project: Pick<ProjectFacts, 'migrations'>,
  history: readonly HistoryRow[] | null,
): HistoryComparison {
  const rows = history ?? [];
  const applied = new Map(rows.filter(isApplied).map((row) => [row.name, row]));
  const known = new Set(rows.filter((row) => row.rolledBackAt === null).map((row) => row.name));
  const onDisk = new Set(project.migrations.map((each) => each.name));
  const lastApplied = project.migrations.findLastIndex((each) => applied.has(each.name));
  const pending = project.migrations.filter((each) => !known.has(each.name));
  const position = new Map(project.migrations.map((each, index) => [each.name, index]));
  return {
    pending,
    open: rows.filter(isOpen),
    edited: project.migrations.flatMap((each) => {
      const row = applied.get(each.name);
      return row === undefined || row.checksum === '' || each.checksums.includes(row.checksum)
        ? []
        : [each.name];
    }),
    gone: [...applied.keys()].filter((name) => !onDisk.has(name)),
    outOfOrder: pending
      .filter((each) => (position.get(each.name) ?? 0) < lastApplied)
      .map((each) => each.name),
  };
}
