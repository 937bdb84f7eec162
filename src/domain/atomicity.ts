import type { ParsedFile, Statement } from './sql.ts';

/** A procedure or DO block may commit by itself; a function cannot (PostgreSQL 11+), but no rollback undoes `setval`. */
const mayCommitItself = (statement: Statement): boolean =>
  statement.kind === 'opaque' && /\b(commit|call|setval|dblink\w*)\b/i.test(statement.text);

/** BEGIN first, COMMIT last, nothing else about transactions in between. */
export const isWrapped = (statements: readonly Statement[]): boolean =>
  statements.length >= 2 &&
  statements.every((each, index) => {
    if (index === 0) return each.transaction === 'begin';
    if (index === statements.length - 1) return each.transaction === 'commit';
    return each.kind !== 'transaction' || each.transaction === 'savepoint';
  });

/** A BEGIN that nothing ends: Prisma exits 0 and everything after it is lost. */
export const leavesTransactionOpen = (statements: readonly Statement[]): boolean =>
  statements.reduce((open, each) => {
    if (each.transaction === 'begin') return true;
    return each.transaction === 'commit' || each.transaction === 'rollback' ? false : open;
  }, false);

/** Its last word is ROLLBACK: recorded as applied although the server undid it. */
export const endsInRollback = (statements: readonly Statement[]): boolean =>
  statements.filter((each) => each.transaction !== undefined && each.transaction !== 'savepoint').at(-1)
    ?.transaction === 'rollback';

/**
 * True when a failure of the file provably leaves nothing behind: the server ran it as one transaction.
 * `splits`: Prisma 7.4 and later send each statement by itself, unless the file has its own BEGIN/COMMIT.
 */
export function isAtomic(file: ParsedFile, splits: boolean): boolean {
  const { statements } = file;
  if (file.syntaxError !== undefined) return !splits;
  if (statements.some(mayCommitItself)) return false;
  if (isWrapped(statements) || leavesOnlyOpenTransaction(statements)) return true;
  if (statements.some((each) => each.kind === 'transaction')) return false;
  if (statements.length <= 1) return statements[0]?.kind !== 'maintenance';
  return !splits && !statements.some((each) => each.kind === 'maintenance');
}

const leavesOnlyOpenTransaction = (statements: readonly Statement[]): boolean =>
  statements[0]?.transaction === 'begin' &&
  statements.slice(1).every((each) => each.kind !== 'transaction' || each.transaction === 'savepoint');

/** Statements that may have changed rows, which no schema fingerprint shows. */
export const rowStatements = (statements: readonly Statement[]): readonly Statement[] =>
  statements.filter((each) => each.kind === 'write' || each.kind === 'opaque');
