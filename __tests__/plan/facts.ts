import type {
  Activity,
  DatabaseFacts,
  HistoryRow,
  ProjectFacts,
  TargetFacts,
} from '../../src/domain/facts.ts';
import type { HistoryComparison } from '../../src/domain/history.ts';
import type { ParsedFile } from '../../src/domain/sql.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { parseText } from '../fakes/parser.ts';

export const NOW = Date.UTC(2026, 10, 21, 2, 0, 0);

export const project = (
  names: readonly string[] = ['a'],
  change: Partial<ProjectFacts> = {},
): ProjectFacts => ({
  directory: '/shop',
  cli: '/shop/node_modules/prisma/build/index.js',
  prismaVersion: '7.10.1',
  prismaMajor: 7,
  splitsStatements: true,
  schemaPath: undefined,
  configPath: undefined,
  migrationsPath: '/shop/prisma/migrations',
  migrations: names.map((name) => ({
    name,
    path: `prisma/migrations/${name}/migration.sql`,
    checksums: [],
    bytes: 1,
  })),
  unreadable: [],
  lockProvider: 'postgresql',
  urlEnv: ['DATABASE_URL'],
  ...change,
});

export const comparison = (change: Partial<HistoryComparison> = {}): HistoryComparison => ({
  pending: [],
  open: [],
  edited: [],
  gone: [],
  outOfOrder: [],
  ...change,
});

export const quiet: Activity = { ours: [], blockers: [], advisoryLockHolders: [] };

export const openRow = (change: Partial<HistoryRow> = {}): HistoryRow => ({
  id: '1',
  name: 'a',
  checksum: 'c',
  startedAt: NOW,
  finishedAt: null,
  rolledBackAt: null,
  logs: null,
  ...change,
});

export const database = (change: Partial<DatabaseFacts> = {}): DatabaseFacts => ({
  exactCounters: true,
  serverVersion: 180_004,
  database: 'shop',
  user: 'app',
  isReplica: false,
  schema: 'public',
  historyTable: 'public._prisma_migrations',
  tables: 3,
  canCreateInSchema: true,
  settings: {
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    applicationName: 'guarded-migrate/8123-1',
    connectionCheckIntervalMs: 2000,
  },
  tls: true,
  ...change,
});

export const target = (
  change: Partial<TargetFacts['instance']> = {},
  rest: Partial<TargetFacts> = {},
): TargetFacts => ({
  instance: { ...SOURCE, latestRestorableTime: NOW - 240_000, ...change },
  manualSnapshots: [],
  snapshotLimit: 100,
  ...rest,
});

export const parsed = (name: string, sql: string): ParsedFile => parseText(name, sql);
