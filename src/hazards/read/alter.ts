import type { LockMode } from '../../domain/hazard.ts';
import { isTree, listOf, nodeOf, strings, type Tree, textOf } from '../../domain/syntax.ts';
import type { Name, Operation } from '../operation.ts';
import { columnOf, constraintOf } from './columns.ts';
import { rangeName, typeRef } from './names.ts';

interface Command {
  readonly table: Name;
  readonly subtype: string;
  readonly name: string;
  /** Fields of the command's `def` node. */
  readonly def: Tree;
  readonly defined: boolean;
  readonly raw: unknown;
  readonly cascade: boolean;
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

type Reader = (command: Command) => Operation;

const onColumn =
  (op: 'set-not-null' | 'drop-not-null' | 'set-expression' | 'drop-expression'): Reader =>
  ({ table, name }) => ({ op, table, column: name });

const rewrite =
  (how: string): Reader =>
  ({ table }) => ({ op: 'rewrite-table', table, how });

/** Commands weaker than ACCESS EXCLUSIVE (AlterTableGetLockLevel in tablecmds.c). */
const LOCKS: readonly (readonly [RegExp, LockMode])[] = [
  [/^AT_(?:EnableTrig|DisableTrig|EnableAlwaysTrig|EnableReplicaTrig)/, 'SHARE ROW EXCLUSIVE'],
  [
    /^AT_(?:SetStatistics|ClusterOn|DropCluster|SetOptions|ResetOptions|SetRelOptions|ResetRelOptions)$/,
    'SHARE UPDATE EXCLUSIVE',
  ],
];

const lockOf = (subtype: string): LockMode =>
  LOCKS.find(([pattern]) => pattern.test(subtype))?.[1] ?? 'ACCESS EXCLUSIVE';

const other: Reader = ({ table, subtype }) => ({ op: 'alter-table', table, subtype, lock: lockOf(subtype) });

const addConstraint: Reader = (command) => {
  const constraint = constraintOf(command.raw);
  return constraint === undefined
    ? other(command)
    : { op: 'add-constraint', table: command.table, constraint };
};

const partition =
  (op: 'attach-partition' | 'detach-partition'): Reader =>
  (command) => {
    const name = rangeName(command.def.name);
    return name === undefined
      ? other(command)
      : { op, table: command.table, partition: name, concurrent: command.def.concurrent === true };
  };

/** `USING c::type` says no more than the change itself. */
function usingOf(def: Tree, column: string): 'none' | 'cast' | 'expression' {
  if (def.raw_default === undefined) return 'none';
  const { type, fields } = nodeOf(def.raw_default);
  const inner = nodeOf(fields.arg);
  const plain =
    type === 'TypeCast' && inner.type === 'ColumnRef' && strings(inner.fields.fields).at(-1) === column;
  return plain && same(typeRef(fields.typeName), typeRef(def.typeName)) ? 'cast' : 'expression';
}

const READERS: Readonly<Record<string, Reader>> = {
  AT_AddColumn: ({ table, def }) => ({ op: 'add-column', table, column: columnOf(def) }),
  AT_DropColumn: ({ table, name, cascade }) => ({ op: 'drop-column', table, column: name, cascade }),
  AT_AlterColumnType: ({ table, name, def }) => ({
    op: 'change-type',
    table,
    column: name,
    type: typeRef(def.typeName),
    using: usingOf(def, name),
    collation: def.collClause !== undefined,
  }),
  AT_SetNotNull: onColumn('set-not-null'),
  AT_DropNotNull: onColumn('drop-not-null'),
  AT_SetExpression: onColumn('set-expression'),
  AT_DropExpression: onColumn('drop-expression'),
  AT_ColumnDefault: ({ table, name, defined }) => ({
    op: defined ? 'set-default' : 'drop-default',
    table,
    column: name,
  }),
  AT_AddConstraint: addConstraint,
  AT_ValidateConstraint: ({ table, name }) => ({ op: 'validate-constraint', table, name }),
  AT_DropConstraint: ({ table, name }) => ({ op: 'drop-constraint', table, name }),
  AT_SetLogged: rewrite('SET LOGGED'),
  AT_SetUnLogged: rewrite('SET UNLOGGED'),
  AT_SetAccessMethod: rewrite('SET ACCESS METHOD'),
  AT_SetTableSpace: rewrite('SET TABLESPACE'),
  AT_AttachPartition: partition('attach-partition'),
  AT_DetachPartition: partition('detach-partition'),
};

const TABLES = new Set(['OBJECT_TABLE', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE']);

/** Each command of an ALTER TABLE; nothing for views, sequences and indexes, whose locks no table feels. */
export function readAlterTable(fields: Tree): readonly Operation[] {
  const table = rangeName(fields.relation);
  if (table === undefined || !TABLES.has(textOf(fields.objtype))) return [];
  return listOf(fields.cmds).map((item, clause) => {
    const command = nodeOf(item).fields;
    const subtype = textOf(command.subtype);
    const read = READERS[subtype] ?? other;
    return {
      ...read({
        table,
        subtype,
        name: textOf(command.name),
        def: nodeOf(command.def).fields,
        defined: isTree(command.def),
        raw: command.def,
        cascade: command.behavior === 'DROP_CASCADE',
      }),
      clause,
    };
  });
}
