/** The parse tree as plain JSON: a node is an object with one key, its type. */
export type Tree = { readonly [key: string]: unknown };

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{ SelectStmt: {...} }` as its name and its fields. */
export function nodeOf(value: unknown): { readonly type: string; readonly fields: Tree } {
  const [entry] = isTree(value) ? Object.entries(value) : [];
  return entry === undefined
    ? { type: '', fields: {} }
    : { type: entry[0], fields: isTree(entry[1]) ? entry[1] : {} };
}

/** Every object in the tree, parents first; `key` is the name under which it hangs. */
export function* walk(value: unknown, key = ''): Generator<{ readonly key: string; readonly node: Tree }> {
  if (Array.isArray(value)) {
    for (const each of value) yield* walk(each, key);
  } else if (isTree(value)) {
    yield { key, node: value };
    for (const [name, child] of Object.entries(value)) yield* walk(child, name);
  }
}

/** The texts of a list of `String` nodes, such as the parts of a qualified name. */
export const strings = (list: unknown): readonly string[] =>
  Array.isArray(list)
    ? list.flatMap((item) => {
        const { type, fields } = nodeOf(item);
        return type === 'String' && typeof fields.sval === 'string' ? [fields.sval] : [];
      })
    : [];

/** Names of `DefElem` options that are set, lower case. */
export const options = (list: unknown): readonly string[] =>
  Array.isArray(list)
    ? list.flatMap((item) => {
        const { fields } = nodeOf(item);
        return typeof fields.defname === 'string' ? [fields.defname.toLowerCase()] : [];
      })
    : [];

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
