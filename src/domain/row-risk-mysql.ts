import type { Statement } from './sql.ts';

/** Where the next key of a table stands: SHOW CREATE tells it, but every INSERT moves it, so no fingerprint has it. */
const UNSEEN = /\bauto_increment\s*=?\s*\d/i;
/** Changes after which the same shape may be built again, and the rows have lost something. */
const DESTROYS =
  /\b(drop|modify|change|convert|rename|engine|replace|character|charset|collate|remove|coalesce)\b/i;
/** RENAME TABLE a TO x, b TO a, x TO b; CHANGE a b INT, CHANGE b a INT. */
const SWAPS = /^[\s\S]*\brename\s+tables?\b[\s\S]*,|\b(?:change|rename)\b[\s\S]*\b(?:change|rename)\b/i;
/** These carry no rows. */
const DROPS_NO_ROWS = /^drop\s+(?:index|view|procedure|function|trigger)\b/i;
/** Rows that move with a file: no counter sees them. */
const MOVES_FILES = /\b(?:exchange|truncate|convert)\s+partition\b|\b(?:discard|import)\b/i;

const isSchema = ({ kind }: Statement): boolean => kind === 'schema';

/** More than one change of the schema, also within one statement: they may end where they began. */
const rebuilds = (statements: readonly Statement[]): boolean => {
  const schema = statements.filter(isSchema);
  return (
    schema.length > 1 || schema.some(({ text }) => /\bdrop\b[\s\S]*\badd\b/i.test(text) || SWAPS.test(text))
  );
};

const mayDestroy = (builds: boolean, each: Statement): boolean =>
  isSchema(each) &&
  (UNSEEN.test(each.text) ||
    (builds && DESTROYS.test(each.text) && !(each.elsewhere !== true && DROPS_NO_ROWS.test(each.text))));

/** As `atRisk`, for MySQL: also what reaches beyond the database whose schema is compared. */
export function atRiskOnMysql(statements: readonly Statement[]): readonly Statement[] {
  const builds = rebuilds(statements);
  return statements.filter(
    (each) =>
      each.elsewhere === true || each.kind === 'write' || each.kind === 'opaque' || mayDestroy(builds, each),
  );
}

/** A change of a table begins its counters anew, also where its file stays (an index; measured on both servers). */
const isForgotten = (statements: readonly Statement[], write: Statement, index: number): boolean =>
  statements
    .slice(index + 1)
    .some(
      ({ kind, commits, names }) =>
        kind !== 'read' && commits === true && names.some((name) => write.names.includes(name)),
    );

/** As `uncounted`, for MySQL: the counters are those of the tables of one database. */
export function uncountedOnMysql(statements: readonly Statement[]): readonly Statement[] {
  const builds = rebuilds(statements);
  return statements.filter(
    (each, index) =>
      each.elsewhere === true ||
      each.kind === 'opaque' ||
      (each.kind === 'write' && isForgotten(statements, each, index)) ||
      (each.commits === true && MOVES_FILES.test(each.text)) ||
      mayDestroy(builds, each),
  );
}

/**
 * A failing statement is undone as a whole (InnoDB, atomic DDL), unless it is several in truth, or one about the server: a
 * DROP DATABASE or a GRANT may end half-way; and rows of MyISAM stay.
 */
export const mayOutliveFailure = (statement: Statement | undefined): boolean =>
  statement?.kind === 'opaque' ||
  statement?.keepsPart === true ||
  (statement?.elsewhere === true && statement.commits === true);
