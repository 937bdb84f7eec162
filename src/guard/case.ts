import type { StopReason } from '../domain/event.ts';
import type { Activity, DatabaseSnapshot, HistoryRow } from '../domain/facts.ts';
import type { PrismaOutcome } from '../domain/prisma-output.ts';
import type { ParsedFile } from '../domain/sql.ts';

/** Everything the verdict rests on. `after` and `activity` are undefined when the database did not answer. */
export interface Case {
  readonly before: DatabaseSnapshot;
  readonly after: DatabaseSnapshot | undefined;
  readonly activity: Activity | undefined;
  readonly pending: readonly { readonly name: string; readonly path: string }[];
  readonly files: readonly ParsedFile[];
  readonly splits: boolean;
  readonly outcome: PrismaOutcome;
  readonly stopReason: StopReason | undefined;
  readonly watched: string | undefined;
  readonly replayed: { readonly index: number; readonly code: string; readonly message: string } | undefined;
  /** Whether equal write counters prove that nothing was written. */
  readonly exactCounters: boolean;
  /** The limits the session ran under; without them a statement seen running is only a likely culprit. */
  readonly limits?: { readonly statementTimeoutMs: number; readonly lockTimeoutMs: number };
}

export const HIDDEN = '25P02';

/** True when a BEGIN in the file made Prisma print the follow-up error instead of the first one (prisma#15295). */
export const isHidden = (outcome: PrismaOutcome): boolean =>
  outcome.sqlState === HIDDEN ||
  (outcome.sqlState === undefined && /current transaction is aborted/.test(outcome.message ?? ''));

/** Objects whose definition differs, or that exist on one side only. */
export function differences(before: DatabaseSnapshot, after: DatabaseSnapshot): readonly string[] {
  if (before.fingerprint.digest === after.fingerprint.digest) return [];
  const names = new Set([
    ...Object.keys(before.fingerprint.objects),
    ...Object.keys(after.fingerprint.objects),
  ]);
  const found = [...names]
    .filter((name) => before.fingerprint.objects[name] !== after.fingerprint.objects[name])
    .sort();
  // Two digests that differ are a difference, also when no single object explains it.
  return found.length > 0 ? found : ['the fingerprint as a whole'];
}

/** Rows of the history that appeared since the restore point. */
export const newRows = (the: Case): readonly HistoryRow[] => {
  const known = new Set((the.before.history ?? []).map((row) => row.id));
  return (the.after?.history ?? []).filter((row) => !known.has(row.id));
};

/** Migrations whose rows of the restore point are gone or were rewritten: the history is data, too. */
export function lostRows(the: Case): readonly string[] {
  const now = new Map((the.after?.history ?? []).map((row) => [row.id, row]));
  return (the.before.history ?? [])
    .filter((then) => {
      const row = now.get(then.id);
      return row?.finishedAt !== then.finishedAt || row.rolledBackAt !== then.rolledBackAt;
    })
    .map((row) => row.name);
}

export const shortList = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;

/**
 * Invalid indexes that appeared since the restore point and may come from a pending file. Another session that
 * builds an index concurrently shows an invalid one, too, and that one is not ours to judge or to drop.
 */
export const invalidIndexes = (the: Pick<Case, 'before' | 'after' | 'files'>): readonly string[] =>
  (the.after?.invalidIndexes ?? []).filter(
    (name) => !the.before.invalidIndexes.includes(name) && the.files.some((file) => mayBuild(file, name)),
  );

const UNNAMED = /\bcreate\s+(unique\s+)?index\s+concurrently\s+on\b|\breindex\b/i;

const mayBuild = (file: ParsedFile, name: string): boolean =>
  file.syntaxError !== undefined ||
  file.statements.some((each) => each.kind === 'opaque' || UNNAMED.test(each.text)) ||
  namesIndex(file, name);

/** The file names the index; a failed REINDEX leaves `name_ccnew` beside it. */
export function namesIndex(file: ParsedFile, name: string): boolean {
  const bare = (name.split('.').at(-1) ?? name).replaceAll('"', '').toLowerCase();
  const plain = bare.replace(/_cc(?:new|old)\d*$/, '');
  return file.statements.some((each) => each.names.includes(bare) || each.names.includes(plain));
}
