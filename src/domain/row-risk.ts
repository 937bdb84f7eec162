import type { Dialect } from './dialect.ts';
import { atRiskOnMysql, mayOutliveFailure, uncountedOnMysql } from './row-risk-mysql.ts';
import type { Statement } from './sql.ts';

const DESTROYS = /\b(drop|truncate|type|using)\b/i;
/** Sequences, secrets and large objects are in no fingerprint and in no write counter. */
const UNSEEN =
  /\b(restart|refresh|setval|lo_\w+|loread|lowrite|large\s+object|password|user\s+mapping|subscription|pg_stat_reset\w*)\b/i;

/** More than one change of the schema, also within one ALTER TABLE: they may end where they began. */
const rebuilds = (statements: readonly Statement[]): boolean => {
  const schema = statements.filter((each) => each.kind === 'schema');
  return schema.length > 1 || schema.some((each) => /\bdrop\b[\s\S]*\badd\b/i.test(each.text));
};

/**
 * Statements after which an equal schema proves nothing about rows: writes, whatever may do anything, and
 * DDL that takes rows with it when a later statement builds the same shape again (DROP and CREATE of a table).
 */
export function atRisk(
  statements: readonly Statement[],
  dialect: Dialect = 'postgresql',
): readonly Statement[] {
  if (dialect === 'mysql') return atRiskOnMysql(statements);
  const builds = rebuilds(statements);
  return statements.filter(
    (each) =>
      each.kind === 'write' ||
      each.kind === 'opaque' ||
      (each.kind === 'schema' && (UNSEEN.test(each.text) || (builds && DESTROYS.test(each.text)))),
  );
}

/** With one of these in it, the text of a DO block does not tell what it does. */
const INDIRECT = /\b(drop|execute|perform|call)\b/i;

/**
 * Statements whose effect no write counter shows either: sequences set back, a column dropped and added again (its
 * values are gone, its file is the same), and functions, which may do any of this.
 */
export function uncounted(
  statements: readonly Statement[],
  dialect: Dialect = 'postgresql',
): readonly Statement[] {
  if (dialect === 'mysql') return uncountedOnMysql(statements);
  const builds = rebuilds(statements);
  return statements.filter((each) => {
    if (UNSEEN.test(each.text)) return each.kind === 'opaque' || each.kind === 'schema';
    if (each.kind === 'opaque') return !/^\s*(?:do|notify)\b/i.test(each.text) || INDIRECT.test(each.text);
    return each.kind === 'schema' && builds && /\bdrop\b/i.test(each.text);
  });
}

/** A function fails as a whole; a procedure and a DO block may commit, and no rollback sets a sequence back. */
export const mayOutliveRollback = (
  statement: Statement | undefined,
  dialect: Dialect = 'postgresql',
): boolean =>
  dialect === 'mysql'
    ? mayOutliveFailure(statement)
    : statement?.kind === 'opaque' && /\b(call|do|commit|setval|dblink\w*)\b/i.test(statement.text);
