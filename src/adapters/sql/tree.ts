export { isTree, listOf, nodeOf, options, strings, type Tree, textOf, walk } from '../../domain/syntax.ts';
