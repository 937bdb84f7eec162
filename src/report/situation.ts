import { reportedState } from '../domain/outcome.ts';
import type { StepKind } from '../domain/plan.ts';
import type { Problem, ProblemCode } from '../domain/problem.ts';
import type { Run, StepRecord } from '../domain/run.ts';

/** Readings of a Run that several texts share. They name what the events say and decide nothing. */

export const stepOf = (run: Run, kind: StepKind): StepRecord | undefined =>
  run.steps.find((step) => step.kind === kind);

export const ended = (run: Run): boolean => run.status !== undefined;

export const migrationStarted = (run: Run): boolean => run.rounds > 0;

export const checkFailed = (run: Run): boolean => stepOf(run, 'verify-command')?.state === 'failed';

/** The migration ran and did not end applied and verified. */
export function migrationFailed(run: Run): boolean {
  if (!migrationStarted(run)) return false;
  if (checkFailed(run)) return true;
  if (run.verdict !== undefined) return !run.verdict.ok;
  // Without a verdict: an error in the middle, or a run that was cut off.
  return run.refused || (ended(run) && run.status !== 'applied' && run.status !== 'up-to-date');
}

/** Nothing was recorded at that moment that a restored schema could be compared with. */
export const isSchemaUnknown = ({ goal }: Run): boolean =>
  goal !== undefined && goal.recorded.fingerprint === undefined;

export const problemWith = (run: Run, ...codes: readonly ProblemCode[]): Problem | undefined =>
  run.problems.find((problem) => codes.includes(problem.code));

/** How the restore stands. */
export type RestoreStory =
  | 'not-needed'
  | 'alert-only'
  | 'coming'
  | 'not-requested'
  | 'unconfirmed'
  | 'refused'
  | 'later'
  | 'running'
  | 'broken'
  | 'unverified'
  | 'mismatch'
  | 'verified';

export function restoreStory(run: Run): RestoreStory {
  if (run.restore !== undefined) return requestedStory(run);
  const step = stepOf(run, 'restore');
  if (step?.state === 'failed') return step.problem?.code === 'restore-later' ? 'later' : 'refused';
  if (step?.state === 'running') return ended(run) ? 'unconfirmed' : 'coming';
  if (!migrationFailed(run)) return 'not-needed';
  const proven = reportedState(run) === 'unchanged' && !checkFailed(run);
  if (proven && run.request?.onFailure !== 'restore-always') return 'not-needed';
  if (run.request?.onFailure === 'alert') return 'alert-only';
  if (step?.state === 'skipped') return 'not-requested';
  // A cancelled main has seconds left: its post step requests the restore.
  const isOver = ended(run) && run.status !== 'cancelled';
  return isOver || run.refused ? 'not-requested' : 'coming';
}

function requestedStory(run: Run): RestoreStory {
  const differences = run.restore?.differences;
  if (differences?.length === 0) return 'verified';
  if (differences !== undefined || problemWith(run, 'restore-mismatch') !== undefined) return 'mismatch';
  if (problemWith(run, 'restore-unverified') !== undefined) return 'unverified';
  // A refused request leaves no restore in the run: with one, it is RDS that ended it.
  if (problemWith(run, 'restore-failed') !== undefined) return 'broken';
  return 'running';
}

/** What went wrong with the restore, when something did: told beside the failure of the migration. */
export function restoreProblem(run: Run): Problem | undefined {
  const kinds: readonly StepKind[] = ['restore', 'wait-restore', 'verify-restore'];
  for (const kind of kinds) {
    const problem = stepOf(run, kind)?.problem;
    if (problem !== undefined) return problem;
  }
  return problemWith(
    run,
    'restore-failed',
    'restore-mismatch',
    'restore-unverified',
    'restore-timeout',
    'restore-later',
    'instance-name-taken',
  );
}

/** The migration whose row would stop the next deploy with P3009. */
export function openMigration(run: Run): string | undefined {
  const name = run.verdict?.failedMigration;
  if (name === undefined || run.verdict?.openRow !== true) return undefined;
  return run.markedRolledBack.includes(name) ? undefined : name;
}
