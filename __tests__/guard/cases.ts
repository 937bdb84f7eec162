import type { Activity, Backend, DatabaseSnapshot, HistoryRow } from '../../src/domain/facts.ts';
import type { ParsedFile } from '../../src/domain/sql.ts';
import type { Case } from '../../src/guard/judge.ts';
import { parseText } from '../fakes/parser.ts';

export const A = '20260101000000_a';
export const B = '20260102000000_b';

export const row = (name: string, change: Partial<HistoryRow> = {}): HistoryRow => ({
  id: `row ${name}`,
  name,
  checksum: 'c',
  startedAt: 1000,
  finishedAt: null,
  rolledBackAt: null,
  logs: null,
  ...change,
});

export const done = (name: string): HistoryRow => row(name, { finishedAt: 2000 });

export const snapshot = (change: Partial<DatabaseSnapshot> = {}): DatabaseSnapshot => ({
  fingerprint: { digest: 'd0', objects: { 'table public.users': 'u', 'table public.orders': 'o' } },
  writes: {
    'public.users': { inserted: 5, updated: 5, deleted: 0, file: '1' },
    'public.orders': { inserted: 5, updated: 5, deleted: 0, file: '2' },
  },
  invalidIndexes: [],
  history: [],
  ...change,
});

/** The same schema, with rows written to. */
export const written = (...tables: readonly string[]): DatabaseSnapshot['writes'] => ({
  ...snapshot().writes,
  ...Object.fromEntries(
    tables.map((table) => [`public.${table}`, { inserted: 9, updated: 9, deleted: 9, file: '1' }]),
  ),
});

export const other = { digest: 'd1', objects: { 'table public.users': 'u', 'table public.coupons': 'c' } };

export const quiet: Activity = { ours: [], blockers: [], advisoryLockHolders: [] };
const backend: Backend = {
  pid: 7,
  applicationName: 'guarded-migrate/1-1',
  user: 'app',
  state: 'active',
  query: 'UPDATE users SET a = 1',
  waiting: null,
  ageMs: 10,
  blockedBy: [],
};
export const busy: Activity = { ...quiet, ours: [backend] };

export const files = (texts: Readonly<Record<string, string>>): readonly ParsedFile[] =>
  Object.entries(texts).map(([name, text]) => parseText(name, text));

export const aCase = (change: Partial<Case> & { readonly sql?: string } = {}): Case => {
  const { sql = 'ALTER TABLE orders ADD COLUMN x int', ...rest } = change;
  return {
    before: snapshot(),
    after: snapshot({ history: [row(A)] }),
    activity: quiet,
    pending: [{ name: A, path: `prisma/migrations/${A}/migration.sql` }],
    files: files({ [A]: sql }),
    splits: false,
    outcome: { code: 'P3018', sqlState: '23505', migration: A, message: 'duplicate key' },
    stopReason: undefined,
    watched: undefined,
    exactCounters: true,
    replayed: undefined,
    limits: { statementTimeoutMs: 30_000, lockTimeoutMs: 5000 },
    ...rest,
  };
};
