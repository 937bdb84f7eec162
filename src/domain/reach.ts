import type { ParsedFile, Statement } from './sql.ts';

/** What stands in a MySQL database and makes a statement do more than it says. */
export interface Surroundings {
  /** Objects of the fingerprint, before and after: `view shop.v`, `trigger shop.t`. */
  readonly objects: readonly string[];
  /** `shop.old`: tables whose rows no rollback brings back. */
  readonly withoutRollback: readonly string[];
}

const isNamed = ({ names }: Statement, objects: readonly string[]): boolean =>
  objects.some((object) => names.some((name) => object.toLowerCase().endsWith(`.${name}`)));

/**
 * The statements with what they may do in this database. A view may call functions, and be a view on another database; so may a
 * trigger write to one, also that of an UPDATE which changes no row and is not counted. Half of a failed statement stays in
 * a table without transactions, whoever writes to it.
 */
export function withReach(file: ParsedFile, { objects, withoutRollback }: Surroundings): ParsedFile {
  if (file.dialect !== 'mysql') return file;
  const views = objects.filter((object) => object.startsWith('view '));
  const hasTriggers = objects.some((object) => object.startsWith('trigger '));
  const reached = (each: Statement): Statement => {
    const isThroughView = isNamed(each, views);
    if (each.kind === 'read') return isThroughView ? { ...each, kind: 'opaque' } : each;
    if (each.kind !== 'write') return each;
    const isIndirect = isThroughView || hasTriggers;
    const mayKeepPart =
      each.elsewhere === true ||
      (withoutRollback.length > 0 && (isIndirect || isNamed(each, withoutRollback)));
    return {
      ...each,
      ...(isIndirect ? { elsewhere: true } : {}),
      ...(mayKeepPart ? { keepsPart: true } : {}),
    };
  };
  return { ...file, statements: file.statements.map(reached) };
}
