import type { LockMode } from '../../domain/hazard.ts';
import { type FileMatch, type FileRule, type FileSite, fileRule, type Seen } from '../file-rule.ts';
import { sizeOfAll } from '../size.ts';
import type { Table } from '../world.ts';

/** Statement indexes of each transaction of the file. */
const transactions = ({ placements }: FileSite): readonly (readonly number[])[] => [
  ...Map.groupBy(placements.keys(), (index) => placements[index]?.transaction ?? -1).values(),
];

/** ACCESS EXCLUSIVE locks on tables of others, with the statement that took each first. */
function exclusives({ locks }: FileSite, indexes: readonly number[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const index of indexes)
    for (const [table, mode] of locks[index] ?? new Map<string, LockMode>())
      if (mode === 'ACCESS EXCLUSIVE' && !found.has(table)) found.set(table, index);
  return found;
}

const LONG = new Set(['rewrite', 'build', 'scan', 'rows']);

/** Long work that does not stop readers by itself, or stops those of another table. */
function worksUnder(seen: Seen, held: ReadonlyMap<string, number>): boolean {
  if ((seen.category !== 'blocking' && seen.category !== 'rows') || !LONG.has(seen.work ?? '')) return false;
  const own = new Set(seen.match.tables.map(({ label }) => label));
  return [...held].some(
    ([table, since]) => since < seen.index && (!own.has(table) || seen.lock !== 'ACCESS EXCLUSIVE'),
  );
}

const underLock = fileRule(
  {
    id: 'work-under-lock',
    squawk: [],
    title: 'Long work while an earlier statement’s lock is still held',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'The two statements stand in different files; or Prisma 7.4 and later runs the file without BEGIN.',
    mode: 'whole file',
    why: 'A lock is kept to the end of the transaction. An ALTER TABLE of a millisecond stops all reads and writes of its table for as long as the statements after it take.',
    remedy: 'Move the long statement to a migration file of its own.',
    rewrite:
      '-- file 1:\nALTER TABLE users ADD COLUMN plan text;\n-- file 2:\nCREATE INDEX CONCURRENTLY users_plan_idx ON users (plan);',
  },
  (site) =>
    transactions(site).flatMap((indexes): readonly FileMatch[] => {
      const held = exclusives(site, indexes);
      const work = site.seen.find((each) => indexes.includes(each.index) && worksUnder(each, held));
      if (work === undefined) return [];
      const before = [...held].filter(([, since]) => since < work.index);
      const names = before.map(
        ([table, since]) => `${table} (since line ${site.file.statements[since]?.line ?? 1})`,
      );
      return [
        {
          tables: work.match.tables,
          subject: work.match.subject,
          index: work.index,
          ...(work.work === undefined ? {} : { work: work.work }),
          detail: `Held meanwhile: ${names.join(', ')}.`,
        },
      ];
    }),
);

const several = fileRule(
  {
    id: 'several-tables-locked',
    squawk: [],
    title: 'Several tables are locked at once',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'One table per file; or Prisma 7.4 and later without BEGIN.',
    mode: 'whole file',
    why: 'The first table stays locked while the migration waits for the next one, and a transaction of your application that uses them in another order makes a deadlock (40P01).',
    remedy: 'Give each table a migration file of its own.',
    rewrite: '',
  },
  (site) =>
    transactions(site).flatMap((indexes): readonly FileMatch[] => {
      const held = [...exclusives(site, indexes)];
      const last = held.at(-1);
      if (held.length < 2 || last === undefined) return [];
      const tables: readonly Table[] = [...site.world.tables.values()].filter(({ label }) =>
        held.some(([table]) => table === label),
      );
      const big = ['large', 'huge'].includes(sizeOfAll(tables).class);
      return [
        {
          tables,
          subject: held.map(([table]) => table).join(', '),
          index: last[1],
          level: big ? 'warning' : 'notice',
        },
      ];
    }),
);

const OLD_MS = 30_000;

const longTransaction = fileRule(
  {
    id: 'long-transaction-in-the-way',
    squawk: [],
    title: 'A transaction of others is open for long',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'No transaction is older than half a minute.',
    mode: 'both',
    why: 'The lock waits for every transaction that used the table, and everybody queues behind it until lock-timeout ends the wait.',
    remedy: 'Find the session in pg_stat_activity and let it end, or deploy at another time.',
    rewrite:
      "SELECT pid, xact_start, query FROM pg_stat_activity WHERE xact_start < now() - interval '30 s';",
  },
  (site) => {
    const age = site.request.catalog?.oldestTransactionMs ?? 0;
    const index = site.locks.findIndex((each) => each.size > 0);
    if (age < OLD_MS || index === -1) return [];
    return [
      {
        tables: [],
        subject: [...(site.locks[index]?.keys() ?? [])].join(', '),
        index,
        level: 'warning',
        detail: `The oldest one is ${Math.round(age / 1000)} s old.`,
      },
    ];
  },
);

const merge = fileRule(
  {
    id: 'merge-alter-tables',
    squawk: [],
    title: 'Each of these statements reads the table again',
    category: 'advice',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'One ALTER TABLE with all clauses: one pass.',
    mode: 'both',
    why: 'PostgreSQL does all clauses of one ALTER TABLE in a single pass over the table; separate statements make a pass each.',
    remedy: 'Write them as one ALTER TABLE.',
    rewrite: 'ALTER TABLE users ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL;',
  },
  ({ seen }) => {
    const rules = new Set(['set-not-null', 'change-column-type', 'add-check']);
    const heavy = seen.filter((each) => rules.has(each.rule));
    const groups = Map.groupBy(heavy, ({ match }) => match.tables[0]?.label ?? '');
    return [...groups.values()].flatMap((group): readonly FileMatch[] => {
      const second = group.find(({ index }) => index !== group[0]?.index);
      if (second === undefined) return [];
      return [{ tables: [], subject: second.match.subject, index: second.index }];
    });
  },
);

export const HOLDING_RULES: readonly FileRule[] = [underLock, several, longTransaction, merge];
