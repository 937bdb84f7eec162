/** Fields of parse tree nodes that hold an identifier. */
const NAME_FIELDS = new Set(
  `aliasname catalogname colname conname ctename dbname evtname extname fdwname idxname indexname name newname oldname
  policy_name pubname relname rolename rulename savepoint_name schemaname servername subname tablespacename tableSpace
  trigname accessMethod`.split(/\s+/),
);

const IDENTIFIER = /^[\p{L}_]/u;

function collect(node: object, key: string, found: Set<string>): void {
  for (const field in node) {
    const value: unknown = node[field as keyof typeof node];
    if (typeof value === 'string') {
      if (!NAME_FIELDS.has(field) && (field !== 'sval' || key !== 'String')) continue;
      if (IDENTIFIER.test(value) && value !== 'pg_catalog') found.add(value.toLowerCase());
    } else if (typeof value === 'object' && value !== null) {
      collect(value, Array.isArray(node) ? key : field, found);
    }
  }
}

/** Identifiers that occur in a statement, lower case, each once. Literals are not among them. */
export function namesIn(tree: unknown): readonly string[] {
  const found = new Set<string>();
  if (typeof tree === 'object' && tree !== null) collect(tree, '', found);
  return [...found];
}
