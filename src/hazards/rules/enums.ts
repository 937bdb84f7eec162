import { isTree, nodeOf, strings, type Tree, textOf, walk } from '../../domain/syntax.ts';
import type { Name } from '../operation.ts';
import { quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';

const toText = (value: unknown): boolean => {
  const { type, fields } = nodeOf(value);
  if (type !== 'TypeCast' || !isTree(fields.typeName)) return false;
  return /^(?:text|varchar)$/.test(strings(fields.typeName.names).at(-1) ?? '');
};

const comparesText = (node: Tree): boolean =>
  isTree(node.A_Expr) && (toText(node.A_Expr.lexpr) || toText(node.A_Expr.rexpr));

/** Literals of a statement that PostgreSQL may read as an enum value: not those compared with a text. */
function literalsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(literalsIn);
  if (!isTree(value) || comparesText(value)) return [];
  const own = isTree(value.sval) ? textOf(value.sval.sval) : '';
  return [...(own === '' ? [] : [own]), ...Object.values(value).flatMap(literalsIn)];
}

const castsTo = (tree: unknown, type: Name): boolean =>
  walk(tree).some(({ key, node }) => key === 'typeName' && strings(node.names).at(-1) === type.name);

/** A later statement of the same transaction that says the value. */
function laterUse(
  site: Site,
  type: Name,
  value: string,
): { readonly line: number; readonly sure: boolean } | undefined {
  for (const index of site.company.filter((each) => each > site.index)) {
    const statement = site.file.statements[index];
    if (
      statement === undefined ||
      statement.kind === 'transaction' ||
      nodeOf(statement.tree).type === 'AlterEnumStmt'
    )
      continue;
    if (!literalsIn(statement.tree).includes(value)) continue;
    const table = site.all[index]?.flatMap((each) =>
      'table' in each && each.table !== undefined ? [site.world.table(each.table)] : [],
    );
    const column = table?.some(({ columns }) =>
      [...columns.values()].some((each) => each.type?.base === type.name),
    );
    return { line: statement.line, sure: castsTo(statement.tree, type) || column === true };
  }
  return undefined;
}

const usesValue = rule(
  ['add-enum-value'],
  {
    id: 'enum-value-used-in-same-transaction',
    squawk: [],
    title: 'The new enum value is used before it is committed',
    category: 'fails',
    work: 'catalog',
    safe: 'The use stands in a later migration file; or Prisma 7.4 and later runs the file without BEGIN.',
    mode: 'whole file',
    why: 'PostgreSQL refuses a new value until its transaction is committed (55P04 unsafe use of new value), so the migration fails.',
    remedy: 'Put ADD VALUE in a migration file of its own.',
    rewrite:
      "ALTER TYPE mood ADD VALUE 'calm';\n-- next migration file:\nALTER TABLE users ALTER COLUMN mood SET DEFAULT 'calm';",
  },
  ({ type, value }, site) => {
    const made = site.world.type(type);
    const ownType = made?.transaction === site.transaction;
    if (ownType && site.version >= 170000) return undefined;
    if (site.version < 120000 && site.company.length > 1)
      return {
        tables: [],
        subject: sqlName(type),
        detail: 'Before PostgreSQL 12 ADD VALUE must be alone in its file.',
      };
    const use = laterUse(site, type, value);
    if (use === undefined) return undefined;
    return {
      tables: [],
      subject: sqlName(type),
      doubtful: !use.sure,
      detail: `The value is used in line ${use.line}.`,
      suggestion: `${site.statement.text};\n-- next migration file: the rest`,
    };
  },
);

const renameValue = rule(
  ['rename-enum-value'],
  {
    id: 'rename-enum-value',
    squawk: [],
    title: 'Renaming an enum value breaks running code',
    category: 'breaking',
    work: 'catalog',
    safe: 'No running code reads or writes the value.',
    mode: 'both',
    why: 'The Prisma Client that runs now sends and expects the old name; both fail from now on.',
    remedy: 'Add the new value, move the rows over, stop using the old one; or keep the name with @map.',
    rewrite: "ALTER TYPE mood ADD VALUE 'happy';",
  },
  ({ type }, site) =>
    site.world.type(type)?.transaction === undefined ? { tables: [], subject: sqlName(type) } : undefined,
);

/** Part of Prisma's swap: the type it drops got its name in this very file. */
const isLeftover = (site: Site, type: Name): boolean => {
  const now = site.world.type(type);
  return now?.file === site.fileIndex;
};

const dropType = rule(
  ['drop'],
  {
    id: 'drop-type',
    squawk: [],
    title: 'Dropping a type breaks running code that casts to it',
    category: 'breaking',
    work: 'catalog',
    safe: 'No running code names the type.',
    mode: 'both',
    why: 'Prisma Client casts enum values to their type; those queries of the running version fail.',
    remedy: 'Drop it one release after the last column that used it.',
    rewrite: 'DROP TYPE mood;',
  },
  ({ what, names, cascade }, site) =>
    what !== 'type' || cascade || names.every((each) => isLeftover(site, each))
      ? undefined
      : { tables: [], subject: names.map(sqlName).join(', ') },
);

const renameType = rule(
  ['rename-type'],
  {
    id: 'rename-type',
    squawk: [],
    title: 'Renaming a type breaks running code that casts to it',
    category: 'breaking',
    work: 'catalog',
    safe: 'Another type takes the name in the same file.',
    mode: 'both',
    why: 'Prisma Client casts enum values to their type; those queries of the running version fail.',
    remedy: 'Rename the enum in Prisma only and keep the type with @@map.',
    rewrite: '-- schema.prisma: @@map("mood")',
  },
  ({ type }, site) => {
    if (isLeftover(site, type)) return undefined;
    const taken = site.all
      .flat()
      .some(
        (each) =>
          (each.op === 'rename-type' && each.to === type.name) ||
          (each.op === 'create-enum' && each.type.name === type.name),
      );
    return taken ? undefined : { tables: [], subject: sqlName(type) };
  },
);

const dropView = rule(
  ['drop'],
  {
    id: 'drop-view',
    squawk: [],
    title: 'Dropping a view breaks running code that reads it',
    category: 'breaking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The same transaction creates it again.',
    mode: 'differs',
    why: 'Queries on it fail from now on; when it is created again in another transaction, in between.',
    remedy: 'Use CREATE OR REPLACE VIEW, or keep the view one release longer.',
    rewrite: 'CREATE OR REPLACE VIEW totals AS SELECT 1 AS total;',
  },
  ({ what, names }, site) => {
    if (what !== 'view' && what !== 'materialized view') return undefined;
    const again = new Set(
      site.company.flatMap((index) =>
        (site.all[index] ?? []).flatMap((each) => {
          if (each.op === 'create-view') return [site.world.keyOf(each.view)];
          return each.op === 'create-table-as' ? [site.world.keyOf(each.table)] : [];
        }),
      ),
    );
    const gone = names.filter((each) => !again.has(site.world.keyOf(each)));
    return gone.length === 0
      ? undefined
      : { tables: [], subject: gone.map(({ name }) => quoted(name)).join(', ') };
  },
);

export const ENUM_RULES: readonly Rule[] = [usesValue, renameValue, dropType, renameType, dropView];
