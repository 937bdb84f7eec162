import type { ParsedFile, Statement } from './sql.ts';

/** What stands in a database and makes a statement do more than it says. */
export interface Surroundings {
  /** Objects of the fingerprint, before and after: `view shop.v`, `trigger shop.t`. */
  readonly objects: readonly string[];
  /** MySQL: `shop.old`, tables whose rows no rollback brings back. */
  readonly withoutRollback: readonly string[];
}

const isNamed = ({ names }: Statement, objects: readonly string[]): boolean =>
  objects.some((object) => names.some((name) => object.endsWith(`.${name}`)));

const kept = (objects: readonly string[], kind: string): readonly string[] =>
  objects
    .filter((object) => object.startsWith(kind))
    .map((object) => object.replaceAll('"', '').toLowerCase());

/**
 * The statements with what they may do in this database: whoever reads a view calls the functions in it. On MySQL, where one
 * database is looked at, a view may be one on another, and a trigger may write there, also that of an UPDATE which changes
 * no row and is not counted. Half of a failed statement stays in a table without transactions, whoever writes to it.
 */
export function withReach(file: ParsedFile, around: Surroundings): ParsedFile {
  const views = kept(around.objects, 'view ');
  const hasTriggers = around.objects.some((object) => object.startsWith('trigger '));
  const fragile = kept(around.withoutRollback, '');
  const reached = (each: Statement): Statement => {
    const isThroughView = isNamed(each, views);
    if (each.kind === 'read') return isThroughView ? { ...each, kind: 'opaque' } : each;
    if (each.kind !== 'write' || file.dialect !== 'mysql') return each;
    // TRUNCATE and CREATE TABLE … SELECT fire none.
    const isIndirect = isThroughView || (hasTriggers && each.commits !== true);
    const mayKeepPart =
      each.elsewhere === true || (fragile.length > 0 && (isIndirect || isNamed(each, fragile)));
    return {
      ...each,
      ...(isIndirect ? { elsewhere: true } : {}),
      ...(mayKeepPart ? { keepsPart: true } : {}),
    };
  };
  return { ...file, statements: file.statements.map(reached) };
}
