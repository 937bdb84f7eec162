import { isTree, listOf, nodeOf, type Tree, textOf, walk } from '../../domain/syntax.ts';
import type { Name, Operation } from '../operation.ts';
import { integer, rangeName, tablesIn } from './names.ts';

type Reader = (fields: Tree) => readonly Operation[];
type Rows = 'all' | 'some' | 'point' | 'few';

const isLiteral = (value: unknown): boolean => {
  const { type, fields } = nodeOf(value);
  if (type === 'TypeCast') return isLiteral(fields.arg);
  if (type === 'List') return listOf(fields.items).every(isLiteral);
  return type === 'A_Const' || type === 'ParamRef';
};

/** The literals in `id = 'x'` or `id IN ('x', 'y')`. A handful of ids is no backfill. */
function isPoint(where: unknown): boolean {
  const { type, fields } = nodeOf(where);
  if (type === 'BoolExpr') return fields.boolop === 'AND_EXPR' && listOf(fields.args).some(isPoint);
  if (type !== 'A_Expr' || (fields.kind !== 'AEXPR_OP' && fields.kind !== 'AEXPR_IN')) return false;
  const left = nodeOf(fields.lexpr);
  const column = textOf(nodeOf(listOf(left.fields.fields).at(-1)).fields.sval);
  return (
    textOf(nodeOf(listOf(fields.name)[0]).fields.sval) === '=' &&
    left.type === 'ColumnRef' &&
    /^(?:id|uuid|\w+_id|\w+Id|key|name|slug|code)$/.test(column) &&
    (isLiteral(fields.rexpr) || (Array.isArray(fields.rexpr) && fields.rexpr.every(isLiteral)))
  );
}

const rowsOf = (where: unknown): Rows => {
  if (where === undefined) return 'all';
  return isPoint(where) ? 'point' : 'some';
};

const without = (names: readonly Name[], table: Name): readonly Name[] =>
  names.filter(({ name, schema }) => name !== table.name || schema !== table.schema);

function changing(op: 'update' | 'delete'): Reader {
  return (fields) => {
    const table = rangeName(fields.relation);
    if (table === undefined) return [];
    const rows = rowsOf(fields.whereClause);
    return [{ op, table, rows, reads: without(tablesIn(fields), table) }];
  };
}

const insert: Reader = (fields) => {
  const table = rangeName(fields.relation);
  if (table === undefined) return [];
  const { fields: query } = nodeOf(fields.selectStmt);
  const reads = tablesIn(fields.selectStmt);
  const limited = integer(query.limitCount) !== undefined;
  const few = fields.selectStmt === undefined || Array.isArray(query.valuesLists) || reads.length === 0;
  return [{ op: 'insert', table, rows: few || limited ? 'few' : 'some', reads }];
};

const merge: Reader = (fields) => {
  const table = rangeName(fields.relation);
  return table === undefined
    ? []
    : [{ op: 'merge', table, rows: 'some', reads: tablesIn(fields.sourceRelation) }];
};

const WRITES: Readonly<Record<string, Reader>> = {
  InsertStmt: insert,
  UpdateStmt: changing('update'),
  DeleteStmt: changing('delete'),
  MergeStmt: merge,
};

/** A WITH clause may write, too. */
const nested = (fields: Tree): readonly Operation[] =>
  walk(fields.withClause).flatMap(({ key, node }) => WRITES[key]?.(node) ?? []);

const withNested =
  (read: Reader): Reader =>
  (fields) => [...nested(fields), ...read(fields)];

const select: Reader = (fields) => {
  const into = isTree(fields.intoClause) ? rangeName(fields.intoClause.rel) : undefined;
  return into === undefined
    ? []
    : [{ op: 'create-table-as', table: into, reads: tablesIn(fields.fromClause), view: false }];
};

const copy: Reader = (fields) =>
  fields.is_from === true && fields.filename === undefined && fields.is_program !== true
    ? [{ op: 'copy-stdin', table: rangeName(fields.relation) }]
    : [];

export const ROW_READERS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(Object.entries(WRITES).map(([type, read]) => [type, withNested(read)])),
  SelectStmt: withNested(select),
  CopyStmt: copy,
};
