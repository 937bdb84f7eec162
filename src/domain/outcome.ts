import type { Run } from './run.ts';

/** The value of the output `database-state`. */
export type ReportedState = 'unchanged' | 'changed' | 'unknown' | 'restored';

/**
 * `restored` is said only when a restored database was compared and found equal; before the migration started
 * nothing can have changed; once it started and nobody could judge, it is `unknown`. So it is where an earlier run
 * left damage.
 */
export function reportedState(run: Run): ReportedState {
  if (run.restore?.differences?.length === 0) return 'restored';
  if (run.verdict !== undefined) return run.verdict.state;
  const inherited = run.problems.some((each) => each.code === 'predecessor-unresolved');
  return run.rounds > 0 || inherited ? 'unknown' : 'unchanged';
}

/** A failed run whose database may differ from the restore point needs a person or a restore. */
export const isFailure = (run: Run): boolean => run.status !== 'applied' && run.status !== 'up-to-date';
