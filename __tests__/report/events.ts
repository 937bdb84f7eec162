import type { Event, EventBody, Status } from '../../src/domain/event.ts';
import { fold } from '../../src/domain/fold.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import { emptyRun, type Run } from '../../src/domain/run.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { identity, instance, pathOf, plan, point, project, request, restoredEndpoint, T0 } from './facts.ts';

/** The pieces of which a run is made: what the guard tells in which order. */

export const NAMES = ['20261101_add_orders', '20261102_drop_email'] as const;
export const FAILED = NAMES[1];
export const RESTORED = 'shop-prod-gm-r-8123-1';

/** One second between events, unless an event brings its own time. */
export const timed = (bodies: readonly EventBody[]): readonly Event[] =>
  bodies.map((body, index) => ({ at: T0 + index * 1000, ...body }));

export const runOf = (bodies: readonly EventBody[]): Run =>
  timed(bodies).reduce(fold, emptyRun(identity, T0));

export const finished = (status: Status): EventBody => ({ type: 'run-ended', status });

export const begun = (
  change: Partial<DeployRequest> = {},
  names: readonly string[] = NAMES,
): readonly EventBody[] => [
  { type: 'run-started', version: 1, pid: 1, identity, request: request(change) },
  { type: 'observed-project', project: project(names) },
  {
    type: 'observed-database',
    database: {
      exactCounters: true,
      serverVersion: 180_004,
      database: 'shop',
      user: 'deployer',
      isReplica: false,
      schema: 'public',
      historyTable: 'public._prisma_migrations',
      tables: 12,
      canCreateInSchema: true,
      settings: {
        statementTimeoutMs: 30_000,
        lockTimeoutMs: 5_000,
        applicationName: 'guarded-migrate/8123-1',
        connectionCheckIntervalMs: 2_000,
      },
      tls: true,
    },
  },
  { type: 'observed-target', target: { instance, manualSnapshots: [], snapshotLimit: 100 } },
  { type: 'pending', migrations: names },
];

export const snapshotTaken: readonly EventBody[] = [
  { type: 'step-intended', step: 'snapshot' },
  ...(['creating', 'available'] as const).map(
    (status): EventBody => ({
      type: 'snapshot-seen',
      identifier: 'gm-shop-prod-8123-1',
      arn: 'arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-8123-1',
      status,
      percent: status === 'available' ? 100 : 10,
    }),
  ),
  { type: 'step-done', step: 'snapshot', note: 'gm-shop-prod-8123-1 is available' },
];

export const started = (
  change: Partial<DeployRequest> = {},
  names: readonly string[] = NAMES,
): readonly EventBody[] => [
  ...begun(change, names),
  { type: 'planned', plan: plan(names) },
  ...snapshotTaken,
  { type: 'step-intended', step: 'restore-point' },
  { type: 'restore-point', point },
  { type: 'step-done', step: 'restore-point', note: point.time },
  { type: 'step-intended', step: 'migrate' },
  { type: 'migrator-started', pid: 99, round: 1 },
];

export const ended: readonly EventBody[] = [
  { type: 'migrator-ended', end: { exitCode: 1, signal: null, output: 'Error: P3018' }, tookMs: 2_400 },
];

export const unchangedVerdict = (change: Partial<Verdict> = {}): Verdict => ({
  ok: false,
  state: 'unchanged',
  applied: [],
  failedMigration: FAILED,
  error: { code: '23502', message: 'column "phone" of relation "users" contains null values' },
  statement: {
    migration: FAILED,
    path: pathOf(FAILED),
    line: 4,
    text: 'ALTER TABLE "users" ALTER COLUMN "phone" SET NOT NULL;',
    foundBy: 'only-statement',
  },
  evidence: [
    `migration ${FAILED} is not finished in the history`,
    'the schema fingerprint equals the one of the restore point',
  ],
  openRow: true,
  retryable: false,
  ...change,
});

export const changedVerdict = (change: Partial<Verdict> = {}): Verdict =>
  unchangedVerdict({
    state: 'changed',
    applied: [NAMES[0]],
    evidence: ['the schema differs from the restore point: table public.orders'],
    ...change,
  });

export const failedWith = (
  verdict: Verdict,
  what: Problem = problem('migration-failed', verdict.error?.message ?? ''),
): readonly EventBody[] => [
  ...ended,
  { type: 'step-intended', step: 'verdict' },
  { type: 'verdict', verdict },
  { type: 'step-done', step: 'verdict' },
  { type: 'step-failed', step: 'migrate', problem: what },
];

export const requested: readonly EventBody[] = [
  { type: 'step-intended', step: 'restore' },
  {
    type: 'restore-requested',
    identifier: RESTORED,
    arn: `arn:aws:rds:eu-west-1:123456789012:db:${RESTORED}`,
    resourceId: 'db-NEW',
  },
  { type: 'step-done', step: 'restore' },
];

export const reachable: readonly EventBody[] = [
  { type: 'step-intended', step: 'wait-restore' },
  { type: 'restore-seen', status: 'backing-up', endpoint: restoredEndpoint, resourceId: 'db-NEW' },
];

export const broke = (
  step: 'restore' | 'wait-restore' | 'verify-restore' | 'snapshot',
  what: Problem,
): readonly EventBody[] => [
  { type: 'step-intended', step },
  { type: 'step-failed', step, problem: what },
];

export const mismatch = problem('restore-mismatch', 'the restored database differs: table public.users', {
  instance: RESTORED,
  differences: 'table public.users',
});

export const failed = (verdict: Verdict, change: Partial<DeployRequest> = {}): readonly EventBody[] => [
  ...started(change),
  ...failedWith(verdict),
];

export const verified: readonly EventBody[] = [
  { type: 'step-done', step: 'wait-restore' },
  { type: 'step-intended', step: 'verify-restore' },
];

/** Every way a deploy can end, as events. */

export const goodVerdict: Verdict = {
  ok: true,
  state: 'changed',
  applied: NAMES,
  failedMigration: undefined,
  error: undefined,
  statement: undefined,
  evidence: ['every pending migration is finished in the history'],
  openRow: false,
  retryable: false,
};
