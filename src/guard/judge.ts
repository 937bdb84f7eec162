import { endsInRollback } from '../domain/atomicity.ts';
import type { HistoryRow } from '../domain/facts.ts';
import { isApplied, isOpen } from '../domain/history.ts';
import type { ParsedFile } from '../domain/sql.ts';
import type { FailedStatement, MigrationError, Verdict } from '../domain/verdict.ts';
import { type Case, differences, invalidIndexes, lostRows, newRows, shortList } from './case.ts';
import { locateStatement } from './locate.ts';
import { migrationError } from './migration-error.ts';
import { type Found, type Judged, rowEvidence, serverReported } from './rows.ts';
import { withSurroundings } from './surroundings.ts';

export { type Case, differences, isHidden } from './case.ts';

/**
 * PostgreSQL: 55P03 lock_not_available, 40P01 deadlock_detected. MySQL: 1205 ER_LOCK_WAIT_TIMEOUT, 1213 ER_LOCK_DEADLOCK.
 */
const LOCK_CODES = new Set(['55P03', '40P01', '1205', '1213']);

/** The verdict of the database, not of an exit code. Pure. */
export function judge(given: Case): Verdict {
  const the = withSurroundings(given);
  const rows = newRows(the);
  const applied = the.pending
    .map((each) => each.name)
    .filter((name) => rows.some((row) => row.name === name && isApplied(row)));
  const complete = completion(the, applied, rows);
  if (complete.length === 0 && the.after !== undefined) return good(applied);
  const open = rows.find(isOpen);
  const failed = failedName(the, open, applied);
  const file = the.files.find((each) => each.migration === failed);
  const error = migrationError(the, open, file, complete);
  // Without a row nothing of the file was sent, so no statement of it can have failed.
  const started = open !== undefined || applied.includes(failed ?? '');
  // What Prisma printed of another file names no place in this one.
  const isTold = the.outcome.migration === undefined || the.outcome.migration === failed;
  const found = file === undefined || !started || !isTold ? undefined : locate(the, file, error);
  const judged = stateOf(the, { applied, open, file, found });
  const statement = file === undefined || found === undefined ? undefined : failedStatement(the, file, found);
  return {
    ok: false,
    state: judged.state,
    applied,
    failedMigration: failed,
    error,
    statement,
    evidence: [...complete, ...judged.evidence],
    openRow: open !== undefined,
    retryable:
      judged.state === 'unchanged' && the.stopReason === undefined && LOCK_CODES.has(error.code ?? ''),
  };
}

const good = (applied: readonly string[]): Verdict => ({
  ok: true,
  state: 'changed',
  applied,
  failedMigration: undefined,
  error: undefined,
  statement: undefined,
  evidence: [
    'every pending migration is finished in the history',
    'no failed row, no invalid index, no session of the migration left',
  ],
  openRow: false,
  retryable: false,
});

/** Reasons why the run is not complete; empty when it is. */
function completion(the: Case, applied: readonly string[], rows: readonly HistoryRow[]): readonly string[] {
  if (the.after === undefined) return ['the database could not be asked after the migration'];
  const missing = the.pending.filter((each) => !applied.includes(each.name));
  const undone = undoneByRollback(the, applied);
  return [
    ...missing.slice(0, 5).map((each) => `migration ${each.name} is not finished in the history`),
    ...rows
      .filter(isOpen)
      .filter((row) => !missing.some((each) => each.name === row.name))
      .map((row) => `migration ${row.name} has an unfinished row`),
    ...invalidIndexes(the).map((name) => `index ${name} is invalid`),
    ...((the.activity?.ours.length ?? 1) > 0 ? ['a session of the migration is still at work'] : []),
    ...(undone === undefined
      ? []
      : [`migration ${undone} ends in ROLLBACK: recorded as applied, but the server undid it`]),
  ];
}

const undoneByRollback = (the: Case, applied: readonly string[]): string | undefined =>
  the.after?.fingerprint.digest === the.before.fingerprint.digest
    ? the.files.find(
        (file) =>
          applied.includes(file.migration) &&
          endsInRollback(file.statements) &&
          // What commits by itself, as on MySQL, no ROLLBACK undoes.
          file.statements.some((each) => each.kind === 'schema' && each.commits !== true),
      )?.migration
    : undefined;

const failedName = (
  the: Case,
  open: HistoryRow | undefined,
  applied: readonly string[],
): string | undefined =>
  open?.name ??
  the.outcome.migration ??
  undoneByRollback(the, applied) ??
  (stoppedBefore(the) ? undefined : the.pending.find((each) => !applied.includes(each.name))?.name);

/**
 * Prisma itself gave up before it began a file (a schema it does not accept, no connection): no file is to blame. A row that
 * is rolled back is one of an earlier try.
 */
const stoppedBefore = (the: Case): boolean =>
  the.after !== undefined &&
  newRows(the).every(({ rolledBackAt }) => rolledBackAt !== null) &&
  the.outcome.message !== undefined;

const locate = (the: Case, file: ParsedFile, error: MigrationError): ReturnType<typeof locateStatement> =>
  locateStatement(file, {
    position: the.replayed === undefined ? the.outcome.position : undefined,
    statementNumber: the.outcome.statementNumber,
    message: error.message,
    watched: the.watched,
    replayed: the.replayed?.index,
    split: the.splits && !file.statements.some((each) => each.kind === 'transaction'),
    sqlState: error.code,
    differing: the.after === undefined ? [] : differences(the.before, the.after),
  });

function failedStatement(
  the: Case,
  file: ParsedFile,
  found: { index: number; foundBy: FailedStatement['foundBy'] },
): FailedStatement | undefined {
  const statement = file.statements[found.index];
  if (statement === undefined) return undefined;
  const path = the.pending.find((each) => each.name === file.migration)?.path ?? file.migration;
  return {
    migration: file.migration,
    path,
    line: statement.line,
    text: statement.text.slice(0, 2000),
    foundBy: found.foundBy,
  };
}

interface Circumstances {
  readonly applied: readonly string[];
  readonly open: HistoryRow | undefined;
  readonly file: ParsedFile | undefined;
  readonly found: Found | undefined;
}

const changed = (evidence: string): Judged => ({ state: 'changed', evidence: [evidence] });

/**
 * MySQL: our session is told by user, host and database. One that came by another address (a NAT, IPv6) is not told, and the
 * server works on for a client that is gone.
 */
const mayBeAtWork = (the: Case): boolean =>
  the.files.some(({ dialect }) => dialect === 'mysql') &&
  !serverReported(the) &&
  (the.activity?.advisoryLockHolders.length ?? 0) > 0;

/** The ladder: untouched, unchanged, changed, unknown. Says `unchanged` only where it is proven. */
function stateOf(the: Case, about: Circumstances): Judged {
  if (the.after === undefined) return { state: 'unknown', evidence: [] };
  if ((the.activity?.ours.length ?? 1) > 0)
    return { state: 'unknown', evidence: ['a session of the migration may still change the database'] };
  const differing = differences(the.before, the.after);
  if (differing.length > 0)
    return changed(`the schema differs from the restore point: ${shortList(differing)}`);
  const lost = lostRows(the);
  if (lost.length > 0) return changed(`rows of the history are gone or were rewritten: ${shortList(lost)}`);
  // Also of a migration that is not ours, and of one that was recorded although the server undid it.
  const finished = newRows(the)
    .filter(isApplied)
    .map((row) => row.name);
  if (finished.length > 0)
    return changed(`recorded as applied since the restore point: ${shortList(finished)}`);
  const same = 'the schema is the one of the restore point';
  if (about.open === undefined) {
    return {
      state: 'unchanged',
      evidence: [same, 'no pending migration was started (no row in the history)'],
    };
  }
  if (mayBeAtWork(the))
    return {
      state: 'unknown',
      evidence: [same, 'a session holds Prisma’s lock that may be the one of the migration, still at work'],
    };
  const rows = rowEvidence(the, about.file, about.found);
  return { state: rows.state, evidence: [same, ...rows.evidence] };
}
