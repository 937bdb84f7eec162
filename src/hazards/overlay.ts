import type { Name, NewColumn, NewConstraint, Operation, OperationName, OperationOf } from './operation.ts';
import { typeOf } from './types.ts';
import type { Column, Constraint, Table, World } from './world.ts';

/** Where in the pending set an operation happens. */
export interface Moment {
  readonly file: number;
  readonly transaction: number;
}

type Apply<K extends OperationName> = (world: World, operation: OperationOf<K>, moment: Moment) => void;

const columnState = (column: NewColumn): Column => ({
  type: typeOf(column.type),
  notNull: column.notNull,
  added: true,
});

const constraintName = (constraint: NewConstraint, table: Name): string => {
  if (constraint.name !== undefined) return constraint.name;
  if (constraint.kind === 'primary') return `${table.name}_pkey`;
  const suffix = {
    check: 'check',
    foreign: 'fkey',
    unique: 'key',
    exclusion: 'excl',
    'not-null': 'not_null',
  };
  return [table.name, ...constraint.columns, suffix[constraint.kind]].join('_');
};

const constraintState = (world: World, each: NewConstraint, transaction: number): Constraint => ({
  kind: each.kind,
  validated: !each.notValid && each.enforced,
  proves: each.provesNotNull,
  parent: each.parent === undefined ? undefined : world.keyOf(each.parent),
  transaction,
});

const withConstraint = (world: World, name: Name, each: NewConstraint, moment: Moment): Table => {
  const table = world.table(name);
  const state = constraintState(world, each, moment.transaction);
  return { ...table, constraints: new Map(table.constraints).set(constraintName(each, name), state) };
};

const setColumn = (world: World, name: Name, column: string, change: Partial<Column>): void => {
  const table = world.table(name);
  const now: Column = table.columns.get(column) ?? { type: undefined, notNull: undefined, added: false };
  world.put(name, {
    columns: new Map(table.columns).set(column, { ...now, ...change }),
    touched: new Set(table.touched).add(column),
  });
};

function createTable(world: World, operation: OperationOf<'create-table'>, moment: Moment): void {
  const { table, columns, constraints } = operation;
  const key = world.keyOf(table);
  const known =
    world.tables.get(key) ?? (world.catalog?.tables[key] === undefined ? undefined : world.table(table));
  if (operation.ifNotExists && known !== undefined) return;
  const inline = columns.flatMap((each) => each.constraints);
  world.tables.set(key, {
    label: world.labelOf(table),
    existed: false,
    filledFrom: [],
    filled: false,
    facts: undefined,
    asked: world.catalog !== undefined,
    columns: new Map(columns.map((each) => [each.name, columnState(each)])),
    constraints: new Map(
      [...constraints, ...inline].map((each) => [
        constraintName(each, table),
        constraintState(world, each, moment.transaction),
      ]),
    ),
    touched: new Set(),
    name: table,
  });
}

const moveTable = (world: World, from: Name, to: Name): void => {
  const table = world.table(from);
  world.tables.delete(world.keyOf(from));
  world.tables.set(world.keyOf(to), { ...table, name: to, label: world.labelOf(to) });
  for (const [index, key] of world.indexes)
    if (key === world.keyOf(from)) world.indexes.set(index, world.keyOf(to));
};

function dropColumn(world: World, table: Name, column: string): void {
  const now = world.table(table);
  const columns = new Map(now.columns);
  columns.delete(column);
  const constraints = new Map([...now.constraints].filter(([, { proves }]) => proves !== column));
  world.put(table, { columns, constraints, touched: new Set(now.touched).add(column) });
}

/** What comes after a dropped table is a new one, and knows nothing of the catalog's. */
function drop(world: World, { what, names }: OperationOf<'drop'>): void {
  for (const name of names) {
    if (what === 'table' || what === 'materialized view') {
      world.put(name, { existed: false, facts: undefined, columns: new Map(), constraints: new Map() });
    } else if (what === 'index') world.indexes.delete(world.keyOf(name));
    else if (what === 'type' || what === 'domain') world.types.delete(world.keyOf(name));
  }
}

const fill = (world: World, table: Name, reads: readonly Name[]): void => {
  const now = world.table(table);
  if (now.existed) return;
  world.put(table, {
    filled: true,
    filledFrom: [...now.filledFrom, ...reads.map((each) => world.table(each))],
  });
};

function setProven(world: World, { table, name }: { readonly table: Name; readonly name: string }): void {
  const now = world.table(table);
  const constraint = now.constraints.get(name);
  if (constraint !== undefined)
    world.put(table, { constraints: new Map(now.constraints).set(name, { ...constraint, validated: true }) });
}

const APPLY: { readonly [K in OperationName]?: Apply<K> } = {
  'create-table': createTable,
  'create-table-as': (world, { table, reads }) => {
    const sources = reads.map((each) => world.table(each));
    world.put(table, {
      existed: false,
      filled: true,
      filledFrom: sources,
      facts: undefined,
      columns: new Map(),
    });
  },
  'add-column': (world, { table, column }, moment) => {
    setColumn(world, table, column.name, columnState(column));
    for (const each of column.constraints) world.put(table, withConstraint(world, table, each, moment));
  },
  'drop-column': (world, { table, column }) => dropColumn(world, table, column),
  'rename-column': (world, { table, column, to }) => {
    const now = world.table(table).columns.get(column);
    dropColumn(world, table, column);
    setColumn(world, table, to, now ?? {});
  },
  'rename-table': (world, { table, to }) => moveTable(world, table, { schema: table.schema, name: to }),
  'set-schema': (world, { table, to }) => moveTable(world, table, { schema: to, name: table.name }),
  'rename-index': (world, { index, to }) => {
    const key = world.indexes.get(world.keyOf(index));
    if (key !== undefined) world.indexes.set(world.keyOf({ ...index, name: to }), key);
  },
  'rename-type': (world, { type, to }, { file }) => {
    const now = world.type(type);
    world.types.delete(world.keyOf(type));
    world.putType({ schema: type.schema, name: to }, { ...now, renamedFrom: type.name, file });
  },
  'change-type': (world, { table, column, type }) => setColumn(world, table, column, { type: typeOf(type) }),
  'set-not-null': (world, { table, column }) => setColumn(world, table, column, { notNull: true }),
  'drop-not-null': (world, { table, column }) => setColumn(world, table, column, { notNull: false }),
  'add-constraint': (world, { table, constraint }, moment) =>
    world.put(table, withConstraint(world, table, constraint, moment)),
  'validate-constraint': setProven,
  'drop-constraint': (world, { table, name }) => {
    const now = world.table(table);
    const constraints = new Map(now.constraints);
    constraints.delete(name);
    world.put(table, { constraints });
  },
  'create-index': (world, { table, index }) => {
    world.table(table);
    if (index !== undefined)
      world.indexes.set(world.keyOf({ schema: table.schema, name: index }), world.keyOf(table));
  },
  drop,
  insert: (world, { table, rows, reads }) => {
    if (rows !== 'few') fill(world, table, reads);
  },
  'create-enum': (world, { type }, { file, transaction }) =>
    world.putType(type, { kind: 'enum', transaction, file, renamedFrom: undefined }),
  'add-enum-value': (world, { type, value }, { transaction }) => {
    const added = new Map(world.type(type)?.added ?? []).set(value, transaction);
    world.putType(type, { kind: 'enum', added });
  },
  'create-domain': (world, { type, checked }, { file, transaction }) =>
    world.putType(type, { kind: 'domain', checked, file, transaction }),
  'constrain-domain': (world, { type }) => world.putType(type, { kind: 'domain', checked: true }),
  'create-function': (world, operation) => {
    world.functions.set(world.keyOf(operation.function), operation.volatility);
  },
};

/** Changes the world as the server would. */
export function applyOperation(world: World, operation: Operation, moment: Moment): void {
  const apply = APPLY[operation.op] as Apply<OperationName> | undefined;
  apply?.(world, operation, moment);
}
