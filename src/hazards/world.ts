import type { CatalogFacts, TableFacts } from '../domain/hazard.ts';
import type { Name } from './operation.ts';
import { type KnownType, typeFromCatalog } from './types.ts';

export interface Column {
  readonly type: KnownType | undefined;
  readonly notNull: boolean | undefined;
  /** Added by a pending migration. */
  readonly added: boolean;
}

export interface Constraint {
  readonly kind: 'check' | 'foreign' | 'primary' | 'unique' | 'exclusion' | 'not-null';
  readonly validated: boolean;
  /** Column of which it proves that it holds no NULL. */
  readonly proves: string | undefined;
  readonly parent: string | undefined;
  /** Transaction that added it; undefined when it was there before. */
  readonly transaction: number | undefined;
}

/** A table as it will be when the statement at hand runs. */
export interface Table {
  /** `schema.table`, or `table` in the default schema. */
  readonly label: string;
  /** There before the first pending migration. */
  readonly existed: boolean;
  /** A pending migration fills it with rows of these. */
  readonly filledFrom: readonly Table[];
  readonly filled: boolean;
  readonly facts: TableFacts | undefined;
  /** A database was asked, so that no facts means: it does not know. */
  readonly asked: boolean;
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  /** Columns that a pending statement changed: what the catalog says of them is stale. */
  readonly touched: ReadonlySet<string>;
  readonly name: Name;
}

export interface UserType {
  readonly kind: 'enum' | 'domain' | 'other';
  readonly checked: boolean;
  /** Transaction that made it; undefined when it was there before. */
  readonly transaction: number | undefined;
  readonly file: number | undefined;
  /** Values added by ALTER TYPE, with the transaction. */
  readonly added: ReadonlyMap<string, number>;
  /** Its name before a rename in the pending set. */
  readonly renamedFrom: string | undefined;
}

const columnsOf = (facts: TableFacts | undefined): ReadonlyMap<string, Column> =>
  new Map(
    Object.entries(facts?.columns ?? {}).map(([name, { type, notNull }]) => [
      name,
      { type: typeFromCatalog(type), notNull, added: false },
    ]),
  );

function constraintsOf(facts: TableFacts | undefined): ReadonlyMap<string, Constraint> {
  const named = Object.entries(facts?.constraints ?? {}).map(([name, each]): [string, Constraint] => [
    name,
    {
      kind: each.kind,
      validated: each.validated,
      proves: undefined,
      parent: each.parent,
      transaction: undefined,
    },
  ]);
  const proofs = (facts?.checkedNotNull ?? []).map((column): [string, Constraint] => [
    `\0${column}`,
    { kind: 'check', validated: true, proves: column, parent: undefined, transaction: undefined },
  ]);
  return new Map([...named, ...proofs]);
}

/** The schema in the middle of the pending set: the catalog, changed by every statement so far. */
export class World {
  readonly catalog: CatalogFacts | undefined;
  readonly defaultSchema: string;
  readonly tables = new Map<string, Table>();
  readonly types = new Map<string, UserType>();
  readonly indexes = new Map<string, string>();
  readonly functions = new Map<string, 'immutable' | 'stable' | 'volatile'>();

  #next = 0;

  constructor(catalog: CatalogFacts | undefined) {
    [this.catalog, this.defaultSchema] = [catalog, catalog?.schema ?? 'public'];
    for (const [key, { indexes }] of Object.entries(catalog?.tables ?? {}))
      for (const index of indexes) this.indexes.set(`${key.split('.')[0]}.${index}`, key);
  }

  keyOf(name: Name): string {
    return `${name.schema ?? this.defaultSchema}.${name.name}`;
  }

  labelOf(name: Name): string {
    const schema = name.schema ?? this.defaultSchema;
    return schema === this.defaultSchema ? name.name : `${schema}.${name.name}`;
  }

  /** A table by name. One that nobody mentioned was there before. */
  table(name: Name): Table {
    const key = this.keyOf(name);
    const known = this.tables.get(key);
    if (known !== undefined) return known;
    const facts = this.catalog?.tables[key];
    const table: Table = {
      label: this.labelOf(name),
      existed: true,
      filledFrom: [],
      filled: false,
      facts,
      asked: this.catalog !== undefined,
      columns: columnsOf(facts),
      constraints: constraintsOf(facts),
      touched: new Set(),
      name,
    };
    this.tables.set(key, table);
    return table;
  }

  put(name: Name, change: Partial<Table>): void {
    this.tables.set(this.keyOf(name), { ...this.table(name), ...change });
  }

  type(name: Name): UserType | undefined {
    const key = this.keyOf(name);
    const facts = this.catalog?.types[key];
    const known = this.types.get(key);
    if (known !== undefined || facts === undefined) return known;
    return { ...facts, transaction: undefined, file: undefined, added: new Map(), renamedFrom: undefined };
  }

  putType(name: Name, change: Partial<UserType>): void {
    const fresh: UserType = {
      kind: 'other',
      checked: false,
      transaction: undefined,
      file: undefined,
      added: new Map(),
      renamedFrom: undefined,
    };
    this.types.set(this.keyOf(name), { ...(this.type(name) ?? fresh), ...change });
  }

  tableOfIndex(index: Name): Table | undefined {
    const key = this.indexes.get(this.keyOf(index));
    return key === undefined ? undefined : (this.tables.get(key) ?? this.table(this.nameOf(key)));
  }

  nameOf(key: string): Name {
    const dot = key.indexOf('.');
    return { schema: key.slice(0, dot), name: key.slice(dot + 1) };
  }

  /** Tables of the catalog, and those that the migrations made or named. */
  everyTable(): readonly Table[] {
    for (const key of Object.keys(this.catalog?.tables ?? {})) this.table(this.nameOf(key));
    return [...this.tables.values()];
  }

  /** Numbers for the transactions of a file; the first of them is given back. */
  begin(count: number): number {
    const first = this.#next;
    this.#next += Math.max(1, count);
    return first;
  }

  /** After the applied migrations: what stands now was there before the pending set. */
  settle(): void {
    for (const [key, table] of this.tables) {
      const columns = new Map([...table.columns].map(([name, each]) => [name, { ...each, added: false }]));
      const constraints = new Map(
        [...table.constraints].map(([name, each]) => [name, { ...each, transaction: undefined }]),
      );
      this.tables.set(key, {
        ...table,
        existed: true,
        filled: false,
        filledFrom: [],
        touched: new Set(),
        columns,
        constraints,
      });
    }
    for (const [key, type] of this.types)
      this.types.set(key, {
        ...type,
        transaction: undefined,
        file: undefined,
        added: new Map(),
        renamedFrom: undefined,
      });
  }
}
