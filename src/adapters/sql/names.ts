import { walk } from './tree.ts';

/** Fields of parse tree nodes that hold an identifier. */
const NAME_FIELDS = new Set(
  `aliasname catalogname colname conname ctename dbname evtname extname fdwname idxname indexname name newname oldname
  policy_name pubname relname rolename rulename savepoint_name schemaname servername subname tablespacename tableSpace
  trigname accessMethod`.split(/\s+/),
);

const IDENTIFIER = /^[\p{L}_]/u;

/** Identifiers that occur in a statement, lower case, each once. Literals are not among them. */
export function namesIn(tree: unknown): readonly string[] {
  const found = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string' && IDENTIFIER.test(value) && value !== 'pg_catalog')
      found.add(value.toLowerCase());
  };
  for (const { key, node } of walk(tree)) {
    if (key === 'String') add(node.sval);
    for (const [field, value] of Object.entries(node)) {
      if (NAME_FIELDS.has(field)) add(value);
    }
  }
  return [...found];
}
