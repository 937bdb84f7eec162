import type { EnforcedLimit, MigratorEnd, Notice, Status, StopReason } from './event.ts';
import type {
  Backend,
  DatabaseFacts,
  Endpoint,
  InstanceFacts,
  ProjectFacts,
  RestorePoint,
  SnapshotFacts,
} from './facts.ts';
import type { Goal, Kept, Promotion, SettingDifference, WriteLoss } from './going-back.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Mode, Request, RunIdentity } from './request.ts';
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
  /** What was asked for in inputs that could not be read; absent when they could. */
  readonly asked?: Mode;
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
  /** The limit for which the watcher cancelled a statement of this round. */
  readonly enforced: EnforcedLimit | undefined;
  readonly blocked: readonly Blocked[];
  readonly leftovers: readonly string[];
  readonly verdict: Verdict | undefined;
  readonly markedRolledBack: readonly string[];
  readonly restore: RestoreRecord | undefined;
  /** Rollback: where it goes back to. */
  readonly goal: Goal | undefined;
  readonly writeLoss: WriteLoss | undefined;
  /** Settings of the restored instance that differ; undefined until they were compared. */
  readonly parity: readonly SettingDifference[] | undefined;
  readonly mended: readonly string[];
  readonly promotion: Promotion | undefined;
  /** Cleanup: what of ours is there, and what of it was deleted. */
  readonly inventory: readonly Kept[] | undefined;
  readonly deleted: readonly string[];
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
  enforced: undefined,
  blocked: [],
  leftovers: [],
  verdict: undefined,
  markedRolledBack: [],
  restore: undefined,
  goal: undefined,
  writeLoss: undefined,
  parity: undefined,
  mended: [],
  promotion: undefined,
  inventory: undefined,
  deleted: [],
  notified: [],
});
