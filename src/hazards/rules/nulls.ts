import type { OperationOf } from '../operation.ts';
import { isOwn, onColumn, quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';

const PROVEN_SINCE = 120000;

/** A validated CHECK (c IS NOT NULL) that no pending statement made stale. */
function isProven(site: Site, operation: OperationOf<'set-not-null'>): boolean {
  const { constraints } = site.world.table(operation.table);
  return (
    site.version >= PROVEN_SINCE &&
    [...constraints.values()].some(({ proves, validated }) => validated && proves === operation.column)
  );
}

const notNullSteps = (table: string, column: string, check: string): string =>
  [
    `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
    '-- next migration file:',
    `ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};`,
    '-- next migration file:',
    `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;`,
    `ALTER TABLE ${table} DROP CONSTRAINT ${check};`,
  ].join('\n');

const setNotNull = rule(
  ['set-not-null'],
  {
    id: 'set-not-null',
    squawk: ['adding-not-nullable-field'],
    title: 'SET NOT NULL scans the table while nobody can use it',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'A validated CHECK (column IS NOT NULL) exists (PostgreSQL 12 and later).',
    mode: 'both',
    why: 'PostgreSQL reads every row to look for NULL, under a lock that stops reads and writes. One NULL, and the migration fails (23502).',
    remedy: 'Prove it first with a CHECK that is added NOT VALID and validated in a later file.',
    rewrite: notNullSteps('users', 'email', 'email_set'),
  },
  (operation, site) => {
    const known = site.world.table(operation.table).columns.get(operation.column);
    const catalogSays =
      known?.notNull === true && !site.world.table(operation.table).touched.has(operation.column);
    if (isProven(site, operation) || (catalogSays && site.request.catalog !== undefined)) return undefined;
    const { table, column } = operation;
    const check = quoted(`${table.name}_${column}_set`);
    return onColumn(site, table, column, { suggestion: notNullSteps(sqlName(table), quoted(column), check) });
  },
);

const dropNotNull = rule(
  ['drop-not-null'],
  {
    id: 'drop-not-null',
    squawk: ['ban-drop-not-null'],
    title: 'Running code may meet NULL where it expects none',
    category: 'breaking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'No NULL is written before every reader is new.',
    mode: 'both',
    why: 'The Prisma Client that runs now declares the field as required; it throws when it reads a row with NULL.',
    remedy: 'Deploy code that accepts NULL before code that writes it.',
    rewrite: '-- release 1: this migration and readers that accept NULL; release 2: writers of NULL',
  },
  (operation, site) =>
    isOwn(site, operation) || !site.world.table(operation.table).existed
      ? undefined
      : onColumn(site, operation.table, operation.column),
);

const dropDefault = rule(
  ['drop-default'],
  {
    id: 'drop-default',
    squawk: [],
    title: 'Inserts of running code may lack the value',
    category: 'advice',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'All writers give the value themselves.',
    mode: 'both',
    why: 'Code that leaves the column out relied on the default; in a required column its inserts fail from now on.',
    remedy: 'Deploy code that always writes the column first.',
    rewrite:
      '-- release 1: code that writes the column; release 2:\nALTER TABLE users ALTER COLUMN plan DROP DEFAULT;',
  },
  (operation, site) =>
    isOwn(site, operation) || !site.world.table(operation.table).existed
      ? undefined
      : onColumn(site, operation.table, operation.column),
);

export const NULL_RULES: readonly Rule[] = [setNotNull, dropNotNull, dropDefault];
