import type { Name } from '../operation.ts';
import { type Match, onTable, type Rule, rule, type Site, sqlName } from '../rule.ts';
import { isEmpty } from '../size.ts';

/** Tables that were there before, as one match. */
function lost(site: Site, names: readonly Name[], more: Partial<Match> = {}): Match | undefined {
  const tables = names.map((each) => site.world.table(each)).filter(({ existed }) => existed);
  if (tables.length === 0) return undefined;
  const category = tables.every(isEmpty) ? { category: 'breaking' as const } : {};
  return { tables, subject: names.map(sqlName).join(', '), ...category, ...more };
}

const dropTable = rule(
  ['drop'],
  {
    id: 'drop-table',
    squawk: ['ban-drop-table'],
    title: 'Dropping a table loses its data',
    category: 'data-loss',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The table is empty, or new in the pending migrations.',
    mode: 'both',
    why: 'The rows are gone at once, code that still reads the table fails, and tables it refers to are locked as well.',
    remedy: 'Rename it first, wait a release, then drop it and name the migration in allow-data-loss.',
    rewrite: 'ALTER TABLE sessions RENAME TO sessions_unused;',
  },
  ({ what, names }, site) => {
    if (what !== 'table') return undefined;
    const parents = names
      .flatMap((each) => [...site.world.table(each).constraints.values()])
      .flatMap(({ parent }) => (parent === undefined ? [] : site.world.table(site.world.nameOf(parent))))
      .filter(({ existed }) => existed);
    return lost(site, names, { also: parents });
  },
);

const dropSchema = rule(
  ['drop'],
  {
    id: 'drop-schema',
    squawk: [],
    title: 'Dropping a schema loses all that is in it',
    category: 'data-loss',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'Without CASCADE it fails unless the schema is empty.',
    mode: 'both',
    why: 'Every table in it goes, whoever made it.',
    remedy: 'Drop the tables by name, so that a review sees them.',
    rewrite: 'DROP TABLE old.sessions;\nDROP SCHEMA old;',
  },
  ({ what, names, cascade }) =>
    what === 'schema' && cascade ? { tables: [], subject: names.map(sqlName).join(', ') } : undefined,
);

const dropDatabase = rule(
  ['drop'],
  {
    id: 'drop-database',
    squawk: ['ban-drop-database'],
    title: 'Dropping a database loses all that is in it',
    category: 'data-loss',
    safe: 'Never in a migration.',
    mode: 'both',
    why: 'Everything in it goes.',
    remedy: 'Take it out of the migration.',
    rewrite: '',
  },
  ({ what, names }) =>
    what === 'database' ? { tables: [], subject: names.map(sqlName).join(', '), level: 'block' } : undefined,
);

const CASCADES = new Set([
  'type',
  'domain',
  'extension',
  'function',
  'sequence',
  'materialized view',
  'view',
  'other',
]);

const dropCascade = rule(
  ['drop', 'drop-column'],
  {
    id: 'drop-cascade',
    squawk: [],
    title: 'CASCADE drops what nobody named',
    category: 'data-loss',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'Without CASCADE the server refuses and names what depends on it.',
    mode: 'both',
    why: 'Dropping a type or an extension with CASCADE drops every column that uses it, with the data.',
    remedy: 'Leave CASCADE out and drop by name what stands in the way.',
    rewrite: 'DROP TYPE mood;',
  },
  (operation, site) => {
    if (!operation.cascade || operation.op === 'drop-column') return undefined;
    if (!CASCADES.has(operation.what)) return undefined;
    const views =
      operation.what === 'view' || operation.what === 'materialized view' || operation.what === 'function';
    const own = operation.names.every((each) => site.world.type(each)?.file === site.fileIndex);
    if (own && operation.what === 'type') return undefined;
    return {
      tables: [],
      subject: operation.names.map(sqlName).join(', '),
      ...(views ? { category: 'breaking' as const } : {}),
    };
  },
);

const truncate = rule(
  ['truncate'],
  {
    id: 'truncate',
    squawk: ['ban-truncate-cascade'],
    title: 'TRUNCATE empties the table',
    category: 'data-loss',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'The table is empty, or new in the pending migrations.',
    mode: 'both',
    why: 'All rows are gone; with CASCADE those of every table that refers to it as well.',
    remedy: 'Delete the rows you mean, in batches.',
    rewrite: "DELETE FROM sessions WHERE expires < now() - interval '30 days';",
  },
  ({ tables, cascade }, site) =>
    lost(site, tables, cascade ? { detail: 'CASCADE reaches tables that this file does not name.' } : {}),
);

const rewriteTable = rule(
  ['rewrite-table'],
  {
    id: 'rewrite-table',
    squawk: [],
    title: 'The whole table is written again',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'pg_repack does the same without the lock.',
    mode: 'both',
    why: 'CLUSTER, VACUUM FULL, SET UNLOGGED, SET LOGGED, SET TABLESPACE and SET ACCESS METHOD copy the table and its indexes under a lock that stops reads and writes.',
    remedy: 'Do it in a maintenance window or with pg_repack.',
    rewrite: 'VACUUM users;',
  },
  ({ table, how }, site) => onTable(site, table, { detail: `Here: ${how}.` }),
);

const refresh = rule(
  ['refresh'],
  {
    id: 'refresh-materialized-view',
    squawk: [],
    title: 'REFRESH stops readers of the view until it is done',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'CONCURRENTLY, which needs a unique index on the view.',
    mode: 'both',
    why: 'The query runs and the view is written again while nobody can read it.',
    remedy: 'Refresh it CONCURRENTLY, outside of the migration.',
    rewrite: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
  },
  ({ view, concurrent, withData }, site) => (concurrent || !withData ? undefined : onTable(site, view)),
);

export const TABLE_RULES: readonly Rule[] = [
  dropTable,
  dropSchema,
  dropDatabase,
  dropCascade,
  truncate,
  rewriteTable,
  refresh,
];
