import type { Run } from '../../domain/run.ts';
import { problemWith } from '../situation.ts';

/** How a rollback stands; a message may go out before the run has its status. */
export type RollbackStory =
  | 'looking'
  | 'refused'
  | 'cancelled'
  | 'restoring'
  | 'broken'
  | 'unverified'
  | 'mismatch'
  | 'verified'
  | 'not-promoted'
  /** Begun, and neither here nor there: the words of the promotion tell it. */
  | 'cut-over'
  | 'promoted';

export function rollbackStory(run: Run): RollbackStory {
  const { restore, status } = run;
  const phase = run.promotion?.phase ?? 'not-started';
  if (status === 'promoted' || (phase === 'promoted' && status === undefined)) return 'promoted';
  if (phase !== 'not-started') return 'cut-over';
  if (restore?.differences !== undefined) return comparedStory(run, restore.differences);
  if (isCancelled(run)) return 'cancelled';
  if (restore === undefined) return run.problems.length > 0 || status !== undefined ? 'refused' : 'looking';
  return requestedStory(run);
}

const isCancelled = (run: Run): boolean =>
  run.status === 'cancelled' || problemWith(run, 'cancelled') !== undefined;

function comparedStory(run: Run, differences: readonly string[]): RollbackStory {
  if (differences.length > 0) return 'mismatch';
  const { status } = run;
  const isStopped =
    status === 'failed' || status === 'refused' || (status === undefined && run.problems.length > 0);
  return isStopped || isCancelled(run) ? 'not-promoted' : 'verified';
}

function requestedStory(run: Run): RollbackStory {
  if (problemWith(run, 'restore-mismatch') !== undefined) return 'mismatch';
  if (problemWith(run, 'restore-failed') !== undefined) return 'broken';
  const isUnverified = problemWith(run, 'restore-unverified') !== undefined || run.status === 'restored';
  return isUnverified ? 'unverified' : 'restoring';
}
