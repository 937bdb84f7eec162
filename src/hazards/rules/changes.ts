import type { OperationOf } from '../operation.ts';
import { inUse, isOwn, onColumn, onTable, quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';
import { isEmpty } from '../size.ts';

const addsAgain = (site: Site, { table, column }: OperationOf<'drop-column'>): boolean =>
  site.operations.some(
    (each) =>
      each.op === 'add-column' &&
      each.column.name === column &&
      site.world.keyOf(each.table) === site.world.keyOf(table),
  );

const dropColumn = rule(
  ['drop-column'],
  {
    id: 'drop-column',
    squawk: ['ban-drop-column'],
    title: 'Dropping a column loses its data',
    category: 'data-loss',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The table is empty, or the column is new in the pending migrations.',
    mode: 'both',
    why: 'The data is gone at once, and running code breaks: Prisma Client selects every column by name, so the old version fails on each query until it is replaced.',
    remedy:
      'Ship code that does not know the column first; drop it one release later and name the migration in allow-data-loss.',
    rewrite:
      '-- release 1: remove the field from schema.prisma with @ignore; release 2:\nALTER TABLE users DROP COLUMN nickname;',
  },
  (operation, site) => {
    if (isOwn(site, operation) || addsAgain(site, operation)) return undefined;
    const now = site.world.table(operation.table);
    if (!now.existed) return undefined;
    return onColumn(site, operation.table, operation.column, isEmpty(now) ? { category: 'breaking' } : {});
  },
);

const dropAndAdd = rule(
  ['drop-column'],
  {
    id: 'drop-and-add-column',
    squawk: ['ban-drop-column'],
    title: 'The column is dropped and added again: its data is lost',
    category: 'data-loss',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The table is empty.',
    mode: 'both',
    why: 'Prisma writes this when it knows no cast between the two types. The new column starts empty, and nothing says so.',
    remedy:
      'Change the type with a USING expression, or add the new column under another name, copy, and swap.',
    rewrite: 'ALTER TABLE users ALTER COLUMN age TYPE int USING age::int;',
  },
  (operation, site) => {
    if (!addsAgain(site, operation) || isOwn(site, operation)) return undefined;
    const now = site.world.table(operation.table);
    if (isEmpty(now) || !now.existed) return undefined;
    const { table, column } = operation;
    const name = quoted(column);
    return onColumn(site, table, column, {
      suggestion: `ALTER TABLE ${sqlName(table)} ALTER COLUMN ${name} TYPE … USING ${name}::…;`,
    });
  },
);

const renameColumn = rule(
  ['rename-column'],
  {
    id: 'rename-column',
    squawk: ['renaming-column'],
    title: 'Renaming a column breaks running code',
    category: 'breaking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The column is new in the pending migrations.',
    mode: 'both',
    why: 'The version of your code that runs now asks for the old name and fails until it is replaced.',
    remedy:
      'Rename the field in Prisma only and keep the column with @map, or add a new column, write to both, and move over.',
    rewrite: '-- schema.prisma: fullName String @map("name")',
  },
  (operation, site) =>
    isOwn(site, operation) || !site.world.table(operation.table).existed
      ? undefined
      : onColumn(site, operation.table, operation.column),
);

const jsonColumn = rule(
  ['add-column'],
  {
    id: 'json-column',
    squawk: [],
    title: 'json has no equality',
    category: 'advice',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'jsonb.',
    mode: 'both',
    why: 'SELECT DISTINCT, GROUP BY and UNION over a json column fail (42883).',
    remedy: 'Use jsonb, which is what Prisma writes for Json.',
    rewrite: 'ALTER TABLE users ADD COLUMN settings jsonb;',
  },
  ({ table, column }, site) => (column.type.name === 'json' ? onColumn(site, table, column.name) : undefined),
);

const setExpression = rule(
  ['set-expression'],
  {
    id: 'set-generated-expression',
    squawk: [],
    title: 'A new expression rewrites the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'VIRTUAL columns; DROP EXPRESSION.',
    mode: 'both',
    why: 'Every stored value is computed again: a full copy of the table under a lock that stops reads and writes.',
    remedy: 'Drop the expression, keep the values by trigger, and fill the old rows in batches.',
    rewrite: 'ALTER TABLE users ALTER COLUMN email_lower DROP EXPRESSION;',
  },
  ({ table, column }, site) => onColumn(site, table, column),
);

const renameTable = rule(
  ['rename-table', 'set-schema'],
  {
    id: 'rename-table',
    squawk: ['renaming-table'],
    title: 'Renaming or moving a table breaks running code',
    category: 'breaking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The table is new in the pending migrations.',
    mode: 'both',
    why: 'The version of your code that runs now asks for the old name and fails until it is replaced.',
    remedy:
      'Rename the model in Prisma only and keep the table with @@map, or leave a view under the old name.',
    rewrite: 'ALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;',
  },
  (operation, site) => {
    if (!inUse(site.world.table(operation.table)) || !site.world.table(operation.table).existed)
      return undefined;
    const { table, to } = operation;
    const moved = operation.op === 'rename-table' ? { ...table, name: to } : { ...table, schema: to };
    return onTable(site, table, {
      suggestion: `-- right after it, in the same file:\nCREATE VIEW ${sqlName(table)} AS SELECT * FROM ${sqlName(moved)};`,
    });
  },
);

export const CHANGE_RULES: readonly Rule[] = [
  dropColumn,
  dropAndAdd,
  renameColumn,
  jsonColumn,
  setExpression,
  renameTable,
];
