import { LOCK_MODES, type LockMode } from '../domain/hazard.ts';
import type { Name, NewConstraint, Operation } from './operation.ts';
import type { Table, World } from './world.ts';

interface Lock {
  readonly table: Table;
  readonly mode: LockMode;
}

const SRE = 'SHARE ROW EXCLUSIVE';

const parentLocks = (world: World, constraints: readonly NewConstraint[]): readonly Lock[] =>
  constraints.flatMap(({ kind, parent }) =>
    kind === 'foreign' && parent !== undefined ? [{ table: world.table(parent), mode: SRE } as const] : [],
  );

const exclusive = (world: World, ...names: readonly Name[]): readonly Lock[] =>
  names.map((each) => ({ table: world.table(each), mode: 'ACCESS EXCLUSIVE' }));

const dropLocks = (world: World, operation: Extract<Operation, { readonly op: 'drop' }>): readonly Lock[] => {
  if (operation.concurrent) return [];
  if (operation.table !== undefined) return exclusive(world, operation.table);
  if (operation.what === 'table') return exclusive(world, ...operation.names);
  if (operation.what !== 'index') return [];
  return operation.names.flatMap((each) => {
    const table = world.tableOfIndex(each);
    return table === undefined ? [] : [{ table, mode: 'ACCESS EXCLUSIVE' }];
  });
};

/** Locks that stop writers or readers, as PostgreSQL takes them; short and long ones alike. */
function locksOf(operation: Operation, world: World): readonly Lock[] {
  switch (operation.op) {
    case 'add-constraint':
      return operation.constraint.kind === 'foreign'
        ? [{ table: world.table(operation.table), mode: SRE }, ...parentLocks(world, [operation.constraint])]
        : exclusive(world, operation.table);
    case 'add-column':
      return [...exclusive(world, operation.table), ...parentLocks(world, operation.column.constraints)];
    case 'create-table': {
      const inline = operation.columns.flatMap(({ constraints }) => constraints);
      const parent = operation.partitionOf;
      return [
        ...parentLocks(world, [...operation.constraints, ...inline]),
        ...(parent === undefined ? [] : exclusive(world, parent)),
      ];
    }
    case 'alter-table':
    case 'table-object':
      return [{ table: world.table(operation.table), mode: operation.lock }];
    case 'create-index':
      return operation.concurrent ? [] : [{ table: world.table(operation.table), mode: 'SHARE' }];
    case 'create-trigger':
      return [{ table: world.table(operation.table), mode: SRE }];
    case 'drop':
      return dropLocks(world, operation);
    case 'truncate':
      return exclusive(world, ...operation.tables);
    case 'lock-table':
      return operation.exclusive ? exclusive(world, ...operation.tables) : [];
    case 'attach-partition':
      return exclusive(world, operation.partition);
    case 'detach-partition':
      return operation.concurrent ? [] : exclusive(world, operation.table, operation.partition);
    case 'refresh':
      return operation.concurrent ? [] : exclusive(world, operation.view);
    default:
      return defaultLocks(operation, world);
  }
}

const ALTERING = new Set<Operation['op']>([
  'drop-column',
  'rename-column',
  'rename-table',
  'rename-constraint',
  'set-schema',
  'change-type',
  'set-not-null',
  'drop-not-null',
  'set-default',
  'drop-default',
  'set-expression',
  'drop-expression',
  'drop-constraint',
  'rewrite-table',
]);

const defaultLocks = (operation: Operation, world: World): readonly Lock[] =>
  ALTERING.has(operation.op) && 'table' in operation && operation.table !== undefined
    ? exclusive(world, operation.table)
    : [];

/** Locks of a statement on tables that were there before, the strongest of each. */
export function strongest(operations: readonly Operation[], world: World): ReadonlyMap<string, LockMode> {
  const found = new Map<string, LockMode>();
  for (const { table, mode } of operations.flatMap((each) => locksOf(each, world))) {
    if (!table.existed) continue;
    const now = found.get(table.label);
    if (now === undefined || LOCK_MODES.indexOf(mode) < LOCK_MODES.indexOf(now)) found.set(table.label, mode);
  }
  return found;
}
