import { type AnalysedStatement, walk } from '../domain/syntax.ts';
import type { Name } from './operation.ts';
import { operationsOf } from './read/index.ts';
import { rangeName, rangeNames } from './read/names.ts';
import type { World } from './world.ts';

const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt']);

/**
 * Tables whose rows a pending statement changes, so that what the rows say now is not what a later statement meets.
 * Foreign keys carry changes on to children; what triggers of the database carry on is not known here.
 */
export class RowsMoved {
  readonly #world: World;
  readonly #tables = new Set<string>();
  /** Something ran that may have changed anything. */
  #all = false;

  constructor(world: World) {
    this.#world = world;
  }

  has(table: Name): boolean {
    return this.#all || this.#tables.has(this.#world.keyOf(table));
  }

  note(statement: AnalysedStatement): void {
    for (const { key, node } of walk(statement.tree)) {
      const written = WRITES.has(key) ? [rangeName(node.relation)] : [];
      const emptied = key === 'TruncateStmt' ? rangeNames(node.relations) : [];
      for (const table of [...written, ...emptied])
        if (table !== undefined) this.#add(this.#world.keyOf(table));
    }
    for (const operation of operationsOf(statement)) {
      // An extension brings objects of its own and leaves the rows of others alone.
      if (operation.op === 'opaque' && operation.what !== 'CREATE EXTENSION') this.#all = true;
      if (operation.op === 'attach-partition' || operation.op === 'detach-partition') {
        this.#add(this.#world.keyOf(operation.table));
        this.#add(this.#world.keyOf(operation.partition));
      }
    }
  }

  #add(key: string): void {
    if (this.#tables.has(key)) return;
    this.#tables.add(key);
    for (const child of this.#world.catalog?.tables[key]?.children ?? []) this.#add(child);
  }
}
