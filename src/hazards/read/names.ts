import { isTree, listOf, nodeOf, strings, type Tree, textOf, walk } from '../../domain/syntax.ts';
import type { Name, TypeRef } from '../operation.ts';

/** A `RangeVar`'s fields as a name. */
export function rangeName(value: unknown): Name | undefined {
  if (!isTree(value) || typeof value.relname !== 'string') return undefined;
  return { schema: textOf(value.schemaname) || undefined, name: value.relname };
}

/** `{ RangeVar: … }` of a list. */
export const rangeNames = (list: unknown): readonly Name[] =>
  listOf(list).flatMap((item) => rangeName(nodeOf(item).fields) ?? []);

/** The parts of a qualified name, as a list of `String` nodes. */
export function qualified(parts: readonly string[]): Name | undefined {
  const name = parts.at(-1);
  return name === undefined ? undefined : { schema: parts.at(-2), name };
}

/** An integer constant; libpg-query leaves out a 0. */
export function integer(value: unknown): number | undefined {
  const { type, fields } = nodeOf(value);
  if (type !== 'A_Const' || !isTree(fields.ival)) return undefined;
  return typeof fields.ival.ival === 'number' ? fields.ival.ival : 0;
}

export function typeRef(value: unknown): TypeRef {
  const fields: Tree = isTree(value) ? value : {};
  const found = qualified(strings(fields.names)) ?? { schema: undefined, name: '' };
  return {
    schema: found.schema === 'pg_catalog' ? undefined : found.schema,
    name: found.name,
    modifiers: listOf(fields.typmods).flatMap((each) => integer(each) ?? []),
    array: listOf(fields.arrayBounds).length > 0,
  };
}

/** Functions called in an expression, SQL's own value functions (`CURRENT_TIMESTAMP`) left out: they are stable. */
export const callsIn = (expression: unknown): readonly Name[] =>
  walk(expression).flatMap(({ key, node }) =>
    key === 'FuncCall' ? (qualified(strings(node.funcname)) ?? []) : [],
  );

/** Tables a query reads. */
export const tablesIn = (query: unknown): readonly Name[] =>
  walk(query).flatMap(({ key, node }) => (key === 'RangeVar' ? (rangeName(node) ?? []) : []));
