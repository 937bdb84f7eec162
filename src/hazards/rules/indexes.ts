import { inUse, onTable, quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';

/** True when CONCURRENTLY would be refused beside other statements of the file. */
const crowded = (site: Site): boolean => site.company.length > 1;

const createIndex = rule(
  ['create-index'],
  {
    id: 'create-index',
    squawk: ['require-concurrent-index-creation'],
    title: 'CREATE INDEX stops writes until the index is built',
    category: 'blocking',
    lock: 'SHARE',
    work: 'build',
    safe: 'CONCURRENTLY; or the table is new or tiny.',
    mode: 'both',
    why: 'The table can be read but not written while every row is sorted into the index. A UNIQUE index fails on duplicates (23505).',
    remedy: 'Build it CONCURRENTLY; up to Prisma 7.3 that statement must be alone in its migration file.',
    rewrite: 'CREATE INDEX CONCURRENTLY orders_user_idx ON orders (user_id);',
  },
  ({ table, index, unique, concurrent, only }, site) => {
    if (concurrent || only) return undefined;
    const place =
      crowded(site) && !site.request.splitsStatements ? '-- alone in a migration file of its own:\n' : '';
    const name = index === undefined ? '' : ` ${quoted(index)}`;
    const text = site.statement.text.replace(/\bINDEX\b/i, 'INDEX CONCURRENTLY');
    const suggestion =
      text.length < 500
        ? text
        : `CREATE ${unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY${name} ON ${sqlName(table)} …`;
    return onTable(site, table, { suggestion: `${place}${suggestion};` });
  },
);

const keepsInvalid = rule(
  ['create-index'],
  {
    id: 'concurrently-if-not-exists',
    squawk: [],
    title: 'IF NOT EXISTS keeps an INVALID index',
    category: 'advice',
    lock: 'SHARE UPDATE EXCLUSIVE',
    work: 'build',
    safe: 'DROP INDEX IF EXISTS stands in a migration before it.',
    mode: 'both',
    why: 'A CREATE INDEX CONCURRENTLY that a timeout cut off leaves an INVALID index, and IF NOT EXISTS takes it for done: queries never use it, writes pay for it.',
    remedy: 'Leave IF NOT EXISTS out; a leftover then shows as an error.',
    rewrite: 'CREATE INDEX CONCURRENTLY orders_user_idx ON orders (user_id);',
  },
  ({ table, concurrent, ifNotExists }, site) =>
    concurrent && ifNotExists ? onTable(site, table) : undefined,
);

const corrupts = rule(
  ['create-index', 'reindex'],
  {
    id: 'concurrent-index-corruption',
    squawk: [],
    title: 'PostgreSQL 14.0 to 14.3 builds corrupt indexes CONCURRENTLY',
    category: 'fails',
    lock: 'SHARE UPDATE EXCLUSIVE',
    work: 'build',
    safe: 'PostgreSQL 14.4 and every other major version.',
    mode: 'both',
    why: 'Rows may be missing from the index without any error (release notes of 14.4).',
    remedy: 'Upgrade the server to the newest 14 first.',
    rewrite: '',
  },
  (operation, site) => {
    if (!operation.concurrent || site.version < 140000 || site.version >= 140004) return undefined;
    const table = operation.op === 'create-index' ? operation.table : operation.name;
    return table === undefined ? { tables: [], subject: '' } : onTable(site, table);
  },
);

const dropIndex = rule(
  ['drop'],
  {
    id: 'drop-index',
    squawk: ['require-concurrent-index-deletion'],
    title: 'DROP INDEX takes the strongest lock on the table for a moment',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'CONCURRENTLY.',
    mode: 'both',
    why: 'Short by itself, but it waits for every transaction on the table, and everybody queues behind. Queries that used the index get slow.',
    remedy: 'Drop it CONCURRENTLY, alone in its file up to Prisma 7.3.',
    rewrite: 'DROP INDEX CONCURRENTLY orders_user_idx;',
  },
  ({ what, names, concurrent }, site) => {
    if (what !== 'index' || concurrent) return undefined;
    const tables = names.flatMap((each) => site.world.tableOfIndex(each) ?? []);
    if (tables.length > 0 && !tables.some(inUse)) return undefined;
    return {
      tables,
      subject: names.map(sqlName).join(', '),
      suggestion: names.map((each) => `DROP INDEX CONCURRENTLY ${sqlName(each)};`).join('\n'),
    };
  },
);

const reindex = rule(
  ['reindex'],
  {
    id: 'reindex',
    squawk: ['require-concurrent-reindex'],
    title: 'REINDEX stops writes, and reads that want the index',
    category: 'blocking',
    lock: 'SHARE',
    work: 'build',
    safe: 'CONCURRENTLY (PostgreSQL 12 and later).',
    mode: 'both',
    why: 'The index is locked against everything and the table against writes while it is built again.',
    remedy: 'Use REINDEX CONCURRENTLY, alone in its file up to Prisma 7.3.',
    rewrite: 'REINDEX INDEX CONCURRENTLY orders_user_idx;',
  },
  ({ what, name, concurrent }, site) => {
    if (concurrent) return undefined;
    const table =
      name === undefined
        ? undefined
        : what === 'index'
          ? site.world.tableOfIndex(name)
          : site.world.table(name);
    if (table !== undefined && !inUse(table)) return undefined;
    return { tables: table === undefined ? [] : [table], subject: name === undefined ? '' : sqlName(name) };
  },
);

const outlasts = rule(
  ['create-index', 'reindex', 'refresh', 'validate-constraint'],
  {
    id: 'outlasts-statement-timeout',
    squawk: [],
    title: 'The statement is expected to outlast the statement timeout',
    category: 'rows',
    lock: 'SHARE UPDATE EXCLUSIVE',
    work: 'build',
    safe: 'The table is small enough, or statement-timeout is raised for this deploy.',
    mode: 'both',
    why: 'It stops nobody, but the statement timeout will cut it off. A CREATE INDEX CONCURRENTLY that is cut off leaves an INVALID index behind.',
    remedy: 'Raise statement-timeout for the deploy of this migration.',
    rewrite: '',
  },
  (operation, site) => {
    const long = operation.op === 'validate-constraint' || operation.concurrent;
    const name = 'name' in operation && typeof operation.name === 'object' ? operation.name : undefined;
    const table = 'table' in operation ? operation.table : operation.op === 'refresh' ? operation.view : name;
    if (!long || table === undefined || site.request.catalog === undefined) return undefined;
    const work = operation.op === 'validate-constraint' ? 'scan' : 'build';
    return onTable(site, table, { work, level: 'notice', onlyIfLong: true });
  },
);

export const INDEX_RULES: readonly Rule[] = [
  createIndex,
  keepsInvalid,
  corrupts,
  dropIndex,
  reindex,
  outlasts,
];
