import type { Event } from './event.ts';
import type { StepKind } from './plan.ts';
import type { Run, StepRecord } from './run.ts';

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
  'migrator-started': (run, event) => ({
    ...run,
    migratorPid: event.pid,
    rounds: event.round,
    lines: [],
    // What an earlier round printed says nothing about this one.
    migrator: undefined,
    enforced: undefined,
  }),
  'migrator-line': (run, event) => ({ ...run, lines: [...run.lines, event.line].slice(-200) }),
  blocked: (run, event) => ({
    ...run,
    blocked: [...run.blocked, { at: event.at, waiting: event.waiting, blockers: event.blockers }],
  }),
  'limit-enforced': (run, event) => ({ ...run, enforced: event.limit }),
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
  goal: (run, event) => ({ ...run, goal: event.goal }),
  'write-loss': (run, event) => ({ ...run, writeLoss: event.loss }),
  parity: (run, event) => ({ ...run, parity: event.differences }),
  mended: (run, event) => ({ ...run, mended: [...run.mended, ...event.names] }),
  promotion: (run, event) => ({ ...run, promotion: event.promotion }),
  inventory: (run, event) => ({ ...run, inventory: event.kept }),
  deleted: (run, event) => ({ ...run, deleted: [...run.deleted, event.identifier] }),
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
