import type { Statement } from '../domain/sql.ts';

/** In which transaction of its file a statement runs. */
export interface Placement {
  /** Counted through the file. */
  readonly transaction: number;
  /** A BEGIN of the file's own is open. */
  readonly explicit: boolean;
}

/**
 * Prisma up to 7.3 sends the whole file as one message, which is one transaction until a COMMIT; a BEGIN inside joins
 * it. From 7.4 on each statement is sent by itself, and is a transaction of its own unless the file says BEGIN.
 */
export function placementsOf(statements: readonly Statement[], splits: boolean): readonly Placement[] {
  let transaction = 0;
  let explicit = false;
  return statements.map(({ transaction: control }) => {
    if (control === 'begin') explicit = true;
    const here = { transaction, explicit };
    const ends = control === 'commit' || control === 'rollback';
    if (ends) explicit = false;
    if (ends || (splits && !explicit)) transaction += 1;
    return here;
  });
}
