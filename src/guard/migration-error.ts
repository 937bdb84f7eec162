import { leavesTransactionOpen } from '../domain/atomicity.ts';
import type { HistoryRow } from '../domain/facts.ts';
import type { ParsedFile } from '../domain/sql.ts';
import type { MigrationError } from '../domain/verdict.ts';
import type { Case } from './case.ts';

/** What failed, in the words of a replay, of Prisma, of its log, or else of the judge. */
export function migrationError(
  the: Case,
  open: HistoryRow | undefined,
  file: ParsedFile | undefined,
  reasons: readonly string[],
): MigrationError {
  if (the.replayed !== undefined) return { code: the.replayed.code, message: the.replayed.message };
  const { outcome } = the;
  const fromLogs = open?.logs?.match(/(?:ERROR:|^Database error:\s*\n)\s*(?!ERROR:)([^\n]+)/m)?.[1]?.trim();
  const code = outcome.sqlState ?? (outcome.code === 'P3018' ? undefined : outcome.code);
  if (
    code === undefined &&
    outcome.message === undefined &&
    file !== undefined &&
    leavesTransactionOpen(file.statements)
  ) {
    return { code: undefined, message: uncommitted(file) };
  }
  return {
    code: code ?? outcome.code,
    message: outcome.message ?? fromLogs ?? reasons[0] ?? 'prisma migrate deploy did not finish',
  };
}

/** MySQL leaves one open without a BEGIN where autocommit is off, and a change of the schema commits what came before it. */
const uncommitted = ({ statements }: ParsedFile): string =>
  statements.some((each) => each.transaction === 'begin')
    ? 'the file opens a transaction with BEGIN and never commits it; the server undid everything after the BEGIN, while Prisma reported success'
    : 'the file switches autocommit off and never commits; the server undid what was not committed at its end, while Prisma reported success';
