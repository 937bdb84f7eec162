import { inUse, onTable, type Rule, rule, sqlName } from '../rule.ts';
import { isEmpty } from '../size.ts';

const batches = (table: string, words: string): string =>
  `-- alone in a migration file of its own, or outside of migrations:\nDO $$\nBEGIN\n  LOOP\n    ${words} WHERE ctid IN (SELECT ctid FROM ${table} WHERE … LIMIT 10000);\n    EXIT WHEN NOT FOUND;\n    COMMIT;\n  END LOOP;\nEND $$;`;

const deleteAll = rule(
  ['delete'],
  {
    id: 'delete-all-rows',
    squawk: [],
    title: 'DELETE without WHERE empties the table',
    category: 'data-loss',
    lock: 'ROW EXCLUSIVE',
    work: 'rows',
    safe: 'The table is empty, or new in the pending migrations.',
    mode: 'both',
    why: 'All rows are gone once it is committed.',
    remedy: 'Say which rows, and delete them in batches; or name the migration in allow-data-loss.',
    rewrite: "DELETE FROM sessions WHERE expires < now() - interval '30 days';",
  },
  ({ table, rows }, site) => {
    const now = site.world.table(table);
    return rows === 'all' && now.existed && !isEmpty(now) ? onTable(site, table) : undefined;
  },
);

const backfill = rule(
  ['update', 'delete', 'insert', 'merge'],
  {
    id: 'unbatched-backfill',
    squawk: [],
    title: 'Many rows are changed in one statement',
    category: 'rows',
    lock: 'ROW EXCLUSIVE',
    work: 'rows',
    safe: 'Batches of at most 10,000 rows, each committed by itself; or few rows.',
    mode: 'differs',
    why: 'All rows it touches stay locked until the transaction ends, and each gets a second copy: bloat, WAL and replica lag. It is slower than a rewrite of the table (30 s for 5 million rows). In a file that runs as one transaction it also keeps every lock the file took before.',
    remedy: 'Fill in batches, outside of the migration or alone in a file.',
    rewrite: batches('users', "UPDATE users SET plan = 'free'"),
  },
  (operation, site) => {
    const { op, table, rows, reads } = operation;
    if (rows === 'few' || rows === 'point' || (op === 'delete' && rows === 'all')) return undefined;
    const source = op === 'insert' || op === 'merge' ? reads.map((each) => site.world.table(each)) : [];
    const own = site.world.table(table);
    const touched = op === 'insert' ? source.filter(inUse) : [own].filter(inUse);
    if (touched.length === 0 || !touched.some((each) => !isEmpty(each)) || !inUse(own)) return undefined;
    const words = op === 'delete' ? `DELETE FROM ${sqlName(table)}` : `UPDATE ${sqlName(table)} SET …`;
    return {
      tables: touched,
      subject: sqlName(table),
      ...(op === 'insert' || op === 'merge' ? {} : { suggestion: batches(sqlName(table), words) }),
    };
  },
);

const lockTable = rule(
  ['lock-table'],
  {
    id: 'lock-table',
    squawk: [],
    title: 'LOCK TABLE holds its lock to the end of the transaction',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'Nothing slow follows in the transaction.',
    mode: 'whole file',
    why: 'Without a mode it locks against reads and writes, and everybody waits until the whole file is done.',
    remedy: 'Leave it out; each statement takes the lock it needs.',
    rewrite: '',
  },
  ({ tables, exclusive }, site) => {
    const found = tables.map((each) => site.world.table(each)).filter(inUse);
    const subject = tables.map(sqlName).join(', ');
    const bare = site.company.length === 1 && !site.explicit;
    if (bare)
      return {
        ...{ tables: found, subject, category: 'fails', work: 'catalog' },
        detail: 'Alone, without BEGIN, the server refuses it (25P01).',
      };
    return exclusive && found.length > 0 ? { tables: found, subject } : undefined;
  },
);

const revoke = rule(
  ['revoke'],
  {
    id: 'revoke',
    squawk: [],
    title: 'Running code may lose its rights',
    category: 'breaking',
    work: 'catalog',
    safe: 'No running code uses the right.',
    mode: 'both',
    why: 'Statements that were allowed a moment ago fail (42501).',
    remedy: 'Deploy code that does without the right first.',
    rewrite: '',
  },
  ({ tables }, site) => {
    const found = tables.map((each) => site.world.table(each)).filter(({ existed }) => existed);
    return found.length === 0 ? undefined : { tables: found, subject: tables.map(sqlName).join(', ') };
  },
);

const copyStdin = rule(
  ['copy-stdin'],
  {
    id: 'copy-from-stdin',
    squawk: [],
    title: 'COPY FROM STDIN cannot run in a migration',
    category: 'fails',
    work: 'rows',
    safe: 'Never: Prisma sends the file as SQL and has no input to give.',
    mode: 'both',
    why: 'The server waits for rows that the driver does not send, and the migration fails. It comes from a pg_dump.',
    remedy: 'Use INSERT (pg_dump --inserts).',
    rewrite: 'INSERT INTO plans (id, name) VALUES (1, $$free$$);',
  },
  ({ table }) => ({ tables: [], subject: table === undefined ? '' : sqlName(table) }),
);

const opaque = rule(
  ['opaque'],
  {
    id: 'opaque-statement',
    squawk: [],
    title: 'Nobody can tell what this statement does',
    category: 'opaque',
    safe: 'A person has read it.',
    mode: 'both',
    why: 'DO blocks, procedures, EXECUTE, CREATE EXTENSION and functions of your own may lock, rewrite or delete anything.',
    remedy:
      'Read it with the size of the tables in mind, then write down that you did: -- guard-ignore opaque-statement: reason.',
    rewrite: '',
  },
  ({ what }, site) => {
    const once = site.operations.findIndex((each) => each.op === 'opaque');
    return site.operations[once]?.op === 'opaque' ? { tables: [], subject: what } : undefined;
  },
);

export const ROW_RULES: readonly Rule[] = [deleteAll, backfill, lockTable, revoke, copyStdin, opaque];
