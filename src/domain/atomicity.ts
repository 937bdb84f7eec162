import type { Dialect } from './dialect.ts';
import { mayOutliveFailure } from './row-risk-mysql.ts';
import type { ParsedFile, Statement } from './sql.ts';

/**
 * PostgreSQL: a procedure or DO block may commit by itself; a function cannot (11+), but no rollback undoes `setval`. On MySQL
 * whatever is not known may hold a change of the schema, which commits.
 */
const mayCommitItself = (statement: Statement, dialect: Dialect): boolean =>
  dialect === 'mysql'
    ? mayOutliveFailure(statement)
    : statement.kind === 'opaque' && /\b(commit|call|setval|dblink\w*)\b/i.test(statement.text);

/** BEGIN first, COMMIT last, nothing in between that begins, ends or implicitly commits a transaction. */
export const isWrapped = (statements: readonly Statement[]): boolean =>
  statements.length >= 2 &&
  statements.every((each, index) => {
    if (each.commits === true) return false;
    if (index === 0) return each.transaction === 'begin';
    if (index === statements.length - 1) return each.transaction === 'commit';
    return each.kind !== 'transaction' || each.transaction === 'savepoint';
  });

type Open = 'none' | 'begun' | 'always';

/**
 * MySQL: without autocommit the next transaction begins at once. Switching it on again ends one only then, and UNLOCK TABLES only
 * where tables are locked, so neither is counted on.
 */
function openAfter(open: Open, each: Statement): Open {
  if (each.setting === 'autocommit') {
    if (each.commits !== true) return 'always';
    return open === 'always' ? 'none' : open;
  }
  if (open === 'always') return open;
  if (each.transaction === 'begin') return 'begun';
  const commits = each.commits === true && each.kind !== 'maintenance';
  return commits || each.transaction === 'commit' || each.transaction === 'rollback' ? 'none' : open;
}

/**
 * A BEGIN that nothing ends: everything after it is lost. On PostgreSQL Prisma exits 0; on MySQL the next change of the schema
 * ends it.
 */
export const leavesTransactionOpen = (statements: readonly Statement[]): boolean =>
  statements.reduce(openAfter, 'none') !== 'none';

/** What ends an open transaction with its rows, or may; `SET autocommit = 1` is one, and a CALL may be. */
const mayCommit = (each: Statement): boolean =>
  each.commits === true ||
  each.kind === 'opaque' ||
  each.transaction === 'commit' ||
  each.transaction === 'begin';

/**
 * MySQL: what was not undone of the statements before the failing one. What stands in an open transaction is undone with the
 * session; a change of the schema commits it before it fails itself. `failing` is undefined when it was not even read.
 */
export function keptBefore(
  before: readonly Statement[],
  failing: Statement | undefined,
): readonly Statement[] {
  let open: Open = 'none';
  let kept: readonly Statement[] = [];
  let inside: readonly Statement[] = [];
  for (const each of before) {
    if (mayCommit(each)) kept = [...kept, ...inside];
    if (mayCommit(each) || each.transaction === 'rollback') inside = [];
    open = each.kind === 'opaque' ? 'none' : openAfter(open, each);
    if (open === 'none' || each.keepsPart === true || each.commits === true) kept = [...kept, each];
    else inside = [...inside, each];
  }
  return failing !== undefined && mayCommit(failing) ? [...kept, ...inside] : kept;
}

/** Its last word is ROLLBACK: recorded as applied although the server undid it. */
export const endsInRollback = (statements: readonly Statement[]): boolean =>
  statements.filter((each) => each.transaction !== undefined && each.transaction !== 'savepoint').at(-1)
    ?.transaction === 'rollback';

/**
 * True when a failure of the file provably leaves nothing behind: the server ran it as one transaction.
 * `splits`: each statement is committed by itself, unless the file has its own BEGIN/COMMIT (Prisma 7.4 and later send them
 * one by one; MySQL does so with whatever it is sent).
 */
export function isAtomic(file: ParsedFile, splits: boolean): boolean {
  const { statements, dialect = 'postgresql' } = file;
  if (file.syntaxError !== undefined) return !splits;
  if (statements.some((each) => mayCommitItself(each, dialect))) return false;
  if (isWrapped(statements) || leavesOnlyOpenTransaction(statements)) return true;
  if (statements.some((each) => each.kind === 'transaction')) return false;
  if (statements.length <= 1) return statements[0]?.kind !== 'maintenance';
  return !splits && !statements.some((each) => each.kind === 'maintenance');
}

const leavesOnlyOpenTransaction = (statements: readonly Statement[]): boolean =>
  statements[0]?.transaction === 'begin' &&
  statements
    .slice(1)
    .every(
      (each) => each.commits !== true && (each.kind !== 'transaction' || each.transaction === 'savepoint'),
    );
