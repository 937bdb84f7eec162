import { isAtomic, keptBefore, leavesTransactionOpen } from '../domain/atomicity.ts';
import { WHOLE_SERVER, type WriteCounter } from '../domain/facts.ts';
import { atRisk, mayOutliveRollback, uncounted } from '../domain/row-risk.ts';
import type { ParsedFile, Statement } from '../domain/sql.ts';
import type { DatabaseState, FailedStatement } from '../domain/verdict.ts';
import { type Case, HIDDEN, shortList } from './case.ts';

export interface Judged {
  readonly state: DatabaseState;
  readonly evidence: readonly string[];
}

export interface Found {
  readonly index: number;
  readonly foundBy: FailedStatement['foundBy'];
}

const unchanged = (...evidence: readonly string[]): Judged => ({ state: 'unchanged', evidence });
const unknown = (...evidence: readonly string[]): Judged => ({ state: 'unknown', evidence });

/** With an equal schema and an equal history only rows can differ. */
export function rowEvidence(the: Case, file: ParsedFile | undefined, found: Found | undefined): Judged {
  const written = writtenTables(the);
  const quiet = written.length === 0 && countersHold(the) && the.exactCounters;
  if (quiet && isCounted(the, file)) return unchanged('no table counted a write since the restore point');
  if (file === undefined) return unknown('the failing file is not known');
  if (leaks(the)) return leakedRows(the);
  if (
    file.syntaxError === undefined &&
    atRisk(file.statements, file.dialect).length === 0 &&
    !mayHaveCrashed(the)
  )
    return unchanged('the file has no statement that changes rows');
  if (!serverReported(the)) {
    const moved =
      written.length === 0 ? [] : [`tables were written to since the restore point: ${shortList(written)}`];
    return unknown('nobody saw how the statement ended on the server', ...moved);
  }
  if (ranAsOne(the, file))
    return unchanged('the file ran as one transaction, and the server reported its failure');
  if (refusedAsBatch(the, file))
    return unchanged('the server refused the file as one transaction, so nothing of it was kept');
  if (refusedUnread(the, file))
    return unchanged('the server refused the first statement of the file as a mistake in the SQL');
  return partialRows(the, file, found, written);
}

/** A crash of the server empties MySQL's tables in memory, whatever the file does. */
const mayHaveCrashed = (the: Case): boolean =>
  !serverReported(the) && [the.before, the.after].some((each) => each?.withoutRollback !== undefined);

/** MySQL reads a file statement by statement: what it could not even parse (ER_PARSE_ERROR) has not run. */
const UNPARSED = '1064';

const refusedUnread = ({ outcome }: Case, { dialect, syntaxError }: ParsedFile): boolean =>
  dialect === 'mysql' &&
  syntaxError?.first === true &&
  outcome.sqlState === UNPARSED &&
  outcome.statementNumber === 1;

/** A procedure may meet SQL that cannot be parsed when it has already done something. */
const wasNotParsed = ({ outcome }: Case, { dialect }: ParsedFile, { text }: Statement): boolean =>
  dialect === 'mysql' && outcome.sqlState === UNPARSED && !/\b(?:call|execute)\b/i.test(text);

/** Whether the counters would show whatever the file did; of an unknown file, whatever any of them did elsewhere. */
function isCounted({ files }: Case, file: ParsedFile | undefined): boolean {
  if (file === undefined)
    return !files.some(({ statements }) => statements.some((each) => each.elsewhere === true));
  if (file.dialect === 'mysql' && file.syntaxError !== undefined) return false;
  return uncounted(file.statements, file.dialect).length === 0;
}

/**
 * A statement that must run alone was refused because the file came in one piece, which Prisma from 7.4 on falls back to
 * as well. An explicit COMMIT before it would have been kept, and a DO block or a function gets another message.
 */
const refusedAsBatch = ({ outcome }: Case, { statements }: ParsedFile): boolean =>
  outcome.sqlState === '25001' &&
  /cannot run inside a transaction block/.test(outcome.message ?? '') &&
  statements.length > 1 &&
  !statements.some((each) => each.kind === 'transaction' || each.kind === 'opaque');

/**
 * All files run in one session. A transaction that one leaves open swallows the history rows of the next, and a
 * COMMIT or ROLLBACK there (on MySQL also a change of the schema) lets statements through that no row tells of.
 */
const leaks = ({ files }: Case): boolean => {
  const first = files.findIndex((each) => leavesTransactionOpen(each.statements));
  return (
    first >= 0 &&
    files
      .slice(first + 1)
      .some(
        (each) =>
          each.syntaxError !== undefined ||
          each.statements.some(({ kind, commits }) => kind === 'transaction' || commits === true),
      )
  );
};

const leakedRows = ({ files }: Case): Judged =>
  files.some((each) => each.syntaxError !== undefined) ||
  atRisk(
    files.flatMap((each) => each.statements),
    files[0]?.dialect,
  ).length > 0
    ? unknown('a file leaves its transaction open, so the history does not tell which files ran')
    : unchanged('no pending file has a statement that changes rows');

/** A server that takes what our parser refuses ran a file we have not read. */
const ranAsOne = (the: Case, file: ParsedFile): boolean =>
  isAtomic(file, the.splits) && (file.syntaxError === undefined || the.outcome.sqlState === '42601');

function partialRows(
  the: Case,
  file: ParsedFile,
  found: Found | undefined,
  written: readonly string[],
): Judged {
  if (found === undefined)
    return unknown('statements of the file were committed one by one, and which one failed is not known');
  const failed = file.statements[found.index];
  const ran = failed !== undefined && wasNotParsed(the, file, failed) ? undefined : failed;
  const sent = file.statements.slice(0, found.index);
  const before = file.dialect === 'mysql' ? keptBefore(sent, ran) : sent;
  const earlier = atRisk(before, file.dialect);
  const tables = written.map((name) => name.split('.').at(-1)?.replaceAll('"', '').toLowerCase() ?? name);
  const hit = earlier.find(
    (each) => each.kind === 'write' && each.names.some((name) => tables.includes(name)),
  );
  // What was seen running comes after everything before it, whatever failed later.
  if (hit !== undefined && found.foundBy !== 'named')
    return {
      state: 'changed',
      evidence: [`line ${hit.line} was committed before the failure: ${hit.label}`],
    };
  if (!isSure(the, file, found))
    return unknown('the file was committed piece by piece, and the failing statement is only likely');
  if (earlier.length === 0 && !mayOutliveRollback(ran, file.dialect))
    return unchanged('no statement before the failing one changes rows');
  return unknown('statements before the failing one may have changed rows');
}

/** Longer than the watcher's pace: a statement that ran this long was seen, and nothing can have run after it. */
const SEEN_FOR_SURE_MS = 3000;

function isSure(the: Case, file: ParsedFile, { foundBy }: Found): boolean {
  if (foundBy !== 'watched') return foundBy !== 'named';
  const { sqlState, message = '' } = the.outcome;
  const limit =
    sqlState === '55P03'
      ? the.limits?.lockTimeoutMs
      : sqlState === '57014' && /statement timeout/.test(message)
        ? the.limits?.statementTimeoutMs
        : undefined;
  return (limit ?? 0) >= SEEN_FOR_SURE_MS && !file.statements.some((each) => each.kind === 'session');
}

/** The server said that the script failed: then a single transaction was certainly rolled back. */
export const serverReported = ({ outcome, stopReason }: Case): boolean =>
  stopReason !== 'watch-lost' &&
  ((outcome.code === 'P3018' && outcome.sqlState !== undefined) || outcome.sqlState === HIDDEN);

const NONE: WriteCounter = { inserted: 0, updated: 0, deleted: 0 };

/** Tables whose write counters or files moved; a counter that went back (a reset) counts as moved. */
function writtenTables(the: Case): readonly string[] {
  const after = the.after?.writes ?? {};
  const names = new Set([...Object.keys(the.before.writes), ...Object.keys(after)]);
  // Of the whole server: Prisma's own history is among them.
  names.delete(WHOLE_SERVER);
  return [...names].filter((table) => {
    const then = the.before.writes[table] ?? NONE;
    const now = after[table];
    return (
      now === undefined ||
      now.inserted !== then.inserted ||
      now.updated !== then.updated ||
      now.deleted !== then.deleted ||
      (then.file !== undefined && now.file !== then.file)
    );
  });
}

/**
 * A crash of the server sets every counter to zero. Where one of them stands as high as before there was none;
 * where all were zero before, only a server that lived to report the failure excludes it.
 */
const countersHold = (the: Case): boolean =>
  serverReported(the) ||
  Object.entries(the.before.writes).some(
    ([name, each]) => name !== WHOLE_SERVER && each.inserted + each.updated + each.deleted > 0,
  );
