import { isAtomic } from '../domain/atomicity.ts';
import type { WriteCounter } from '../domain/facts.ts';
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
  if (written.length === 0 && countersHold(the))
    return unchanged('no table counted a write since the restore point');
  if (file === undefined) return unknown('the failing file is not known');
  if (file.syntaxError === undefined && atRisk(file.statements).length === 0)
    return unchanged('the file has no statement that changes rows');
  if (!serverReported(the)) {
    const moved =
      written.length === 0 ? [] : [`tables were written to since the restore point: ${shortList(written)}`];
    return unknown('nobody saw how the statement ended on the server', ...moved);
  }
  if (ranAsOne(the, file))
    return unchanged('the file ran as one transaction, and the server reported its failure');
  return partialRows(the, file, found, written);
}

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
  const earlier = atRisk(file.statements.slice(0, found.index));
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
  if (earlier.length === 0 && file.statements[found.index]?.kind !== 'opaque')
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

const DESTROYS = /\b(drop|truncate|type|using)\b/i;
const RESTARTS = /\b(restart|refresh)\b/i;

/**
 * Statements after which an equal schema proves nothing about rows: writes, whatever may do anything, and
 * DDL that takes rows with it when a later statement builds the same shape again (DROP and CREATE of a table).
 */
export const atRisk = (statements: readonly Statement[]): readonly Statement[] => {
  const builds = statements.filter((each) => each.kind === 'schema').length > 1;
  return statements.filter(
    (each) =>
      each.kind === 'write' ||
      each.kind === 'opaque' ||
      (each.kind === 'schema' && (RESTARTS.test(each.text) || (builds && DESTROYS.test(each.text)))),
  );
};

/** The server said that the script failed: then a single transaction was certainly rolled back. */
export const serverReported = ({ outcome, stopReason }: Case): boolean =>
  stopReason !== 'watch-lost' &&
  ((outcome.code === 'P3018' && outcome.sqlState !== undefined) || outcome.sqlState === HIDDEN);

const NONE: WriteCounter = { inserted: 0, updated: 0, deleted: 0 };

/** Tables whose write counters or files moved; a counter that went back (a reset) counts as moved. */
function writtenTables(the: Case): readonly string[] {
  const after = the.after?.writes ?? {};
  const names = new Set([...Object.keys(the.before.writes), ...Object.keys(after)]);
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
  Object.values(the.before.writes).some((each) => each.inserted + each.updated + each.deleted > 0);
