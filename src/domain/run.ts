import type { Event, MigratorEnd, Notice, Status, StopReason } from './event.ts';
import type {
  Backend,
  DatabaseFacts,
  Endpoint,
  InstanceFacts,
  ProjectFacts,
  RestorePoint,
  SnapshotFacts,
} from './facts.ts';
import type { Plan, PlannedStep, StepKind } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Request, RunIdentity } from './request.ts';
import type { Verdict } from './verdict.ts';

export type StepState = 'not-reached' | 'running' | 'done' | 'failed' | 'skipped';

export interface StepRecord extends PlannedStep {
  readonly state: StepState;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly note: string | undefined;
  readonly problem: Problem | undefined;
}

export interface SnapshotRecord {
  readonly identifier: string;
  readonly arn: string;
  readonly status: string;
  readonly percent: number | undefined;
}

export interface RestoreRecord {
  readonly identifier: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly status: string;
  readonly endpoint: Endpoint | undefined;
  /** Undefined until the restored database was compared with the restore point; empty when it is equal. */
  readonly differences: readonly string[] | undefined;
}

export interface Blocked {
  readonly at: number;
  readonly waiting: Backend;
  readonly blockers: readonly Backend[];
}

/** Everything known about one run: the fold of its events. Reports are rendered from this and nothing else. */
export interface Run {
  readonly identity: RunIdentity;
  readonly request: Request | undefined;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly status: Status | undefined;
  readonly project: ProjectFacts | undefined;
  readonly database: DatabaseFacts | undefined;
  readonly instance: InstanceFacts | undefined;
  readonly manualSnapshots: readonly SnapshotFacts[];
  readonly pending: readonly string[] | undefined;
  readonly plan: Plan | undefined;
  readonly steps: readonly StepRecord[];
  readonly notices: readonly Notice[];
  /** Why the run was refused, or what went wrong in it; never hides an earlier one. */
  readonly problems: readonly Problem[];
  readonly refused: boolean;
  readonly snapshot: SnapshotRecord | undefined;
  readonly restorePoint: RestorePoint | undefined;
  readonly migratorPid: number | undefined;
  readonly rounds: number;
  /** The last lines Prisma printed in this round; what is left of its output when the process was killed. */
  readonly lines: readonly string[];
  readonly migrator: MigratorEnd | undefined;
  readonly migrationMs: number | undefined;
  readonly stopReason: StopReason | undefined;
  readonly blocked: readonly Blocked[];
  readonly leftovers: readonly string[];
  readonly verdict: Verdict | undefined;
  readonly markedRolledBack: readonly string[];
  readonly restore: RestoreRecord | undefined;
  readonly notified: readonly { readonly about: 'failure' | 'end'; readonly delivered: boolean }[];
}

export const emptyRun = (identity: RunIdentity, startedAt: number): Run => ({
  identity,
  request: undefined,
  startedAt,
  endedAt: undefined,
  status: undefined,
  project: undefined,
  database: undefined,
  instance: undefined,
  manualSnapshots: [],
  pending: undefined,
  plan: undefined,
  steps: [],
  notices: [],
  problems: [],
  refused: false,
  snapshot: undefined,
  restorePoint: undefined,
  migratorPid: undefined,
  rounds: 0,
  lines: [],
  migrator: undefined,
  migrationMs: undefined,
  stopReason: undefined,
  blocked: [],
  leftovers: [],
  verdict: undefined,
  markedRolledBack: [],
  restore: undefined,
  notified: [],
});

const step = (run: Run, kind: StepKind, change: Partial<StepRecord>): Run => ({
  ...run,
  steps: run.steps.map((each) => (each.kind === kind ? { ...each, ...change } : each)),
});

type Fold<T extends Event['type']> = (run: Run, event: Extract<Event, { type: T }>) => Run;

const folds: { readonly [T in Event['type']]: Fold<T> } = {
  'run-started': (run, event) => ({
    ...run,
    identity: event.identity,
    request: event.request,
    startedAt: event.at,
  }),
  'observed-project': (run, event) => ({ ...run, project: event.project }),
  'observed-database': (run, event) => ({ ...run, database: event.database }),
  'observed-target': (run, event) => ({
    ...run,
    instance: event.target.instance,
    manualSnapshots: event.target.manualSnapshots,
  }),
  pending: (run, event) => ({ ...run, pending: event.migrations }),
  planned: (run, event) => ({
    ...run,
    plan: event.plan,
    steps: event.plan.steps.map((each) => ({
      ...each,
      state: 'not-reached',
      startedAt: undefined,
      endedAt: undefined,
      note: undefined,
      problem: undefined,
    })),
  }),
  refused: (run, event) => ({ ...run, refused: true, problems: [...run.problems, ...event.problems] }),
  notice: (run, event) => ({ ...run, notices: [...run.notices, event.notice] }),
  'step-intended': (run, event) => step(run, event.step, { state: 'running', startedAt: event.at }),
  'step-done': (run, event) => step(run, event.step, { state: 'done', endedAt: event.at, note: event.note }),
  'step-failed': (run, event) => ({
    ...step(run, event.step, { state: 'failed', endedAt: event.at, problem: event.problem }),
    problems: [...run.problems, event.problem],
  }),
  'step-skipped': (run, event) => step(run, event.step, { state: 'skipped', note: event.note }),
  'snapshot-seen': (run, event) => ({
    ...run,
    snapshot: { identifier: event.identifier, arn: event.arn, status: event.status, percent: event.percent },
  }),
  'restore-point': (run, event) => ({ ...run, restorePoint: event.point }),
  'migrator-started': (run, event) => ({ ...run, migratorPid: event.pid, rounds: event.round, lines: [] }),
  'migrator-line': (run, event) => ({ ...run, lines: [...run.lines, event.line].slice(-200) }),
  blocked: (run, event) => ({
    ...run,
    blocked: [...run.blocked, { at: event.at, waiting: event.waiting, blockers: event.blockers }],
  }),
  stopping: (run, event) => ({ ...run, stopReason: event.reason }),
  stopped: (run) => run,
  'migrator-ended': (run, event) => ({
    ...run,
    migratorPid: undefined,
    migrator: event.end,
    migrationMs: (run.migrationMs ?? 0) + event.tookMs,
  }),
  'leftover-removed': (run, event) => ({ ...run, leftovers: [...run.leftovers, event.index] }),
  verdict: (run, event) => ({ ...run, verdict: event.verdict }),
  'marked-rolled-back': (run, event) => ({
    ...run,
    markedRolledBack: [...run.markedRolledBack, event.migration],
  }),
  'lock-retry': (run) => run,
  'restore-requested': (run, event) => ({
    ...run,
    restore: {
      identifier: event.identifier,
      arn: event.arn,
      resourceId: event.resourceId,
      status: 'creating',
      endpoint: undefined,
      differences: undefined,
    },
  }),
  'restore-seen': (run, event) =>
    run.restore === undefined
      ? run
      : {
          ...run,
          restore: {
            ...run.restore,
            status: event.status,
            endpoint: event.endpoint,
            resourceId: event.resourceId,
          },
        },
  'restore-verified': (run, event) =>
    run.restore === undefined ? run : { ...run, restore: { ...run.restore, differences: event.differences } },
  notified: (run, event) => ({
    ...run,
    notified: [...run.notified, { about: event.about, delivered: event.delivered }],
  }),
  'run-ended': (run, event) => ({ ...run, status: event.status, endedAt: event.at }),
};

/** The next state of a run; pure, so that the journal alone rebuilds it. */
export function fold(run: Run, event: Event): Run {
  const apply = folds[event.type] as (run: Run, event: Event) => Run;
  return apply(run, event);
}
