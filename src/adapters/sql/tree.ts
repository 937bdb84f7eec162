import { isTree, type Tree } from '../../domain/syntax.ts';

export { isTree, listOf, nodeOf, options, strings, type Tree, textOf } from '../../domain/syntax.ts';

/** Whether any object in the tree is such a node; `key` is the name under which it hangs. Stops at the first. */
export function some(value: unknown, test: (key: string, node: Tree) => boolean, key = ''): boolean {
  if (Array.isArray(value)) return value.some((each) => some(each, test, key));
  if (!isTree(value)) return false;
  if (test(key, value)) return true;
  for (const name in value) {
    const child = value[name];
    if (typeof child === 'object' && some(child, test, name)) return true;
  }
  return false;
}
