import type { Mode } from './request.ts';
import type { Run } from './run.ts';

/** The value of the output `database-state`. */
export type ReportedState = 'unchanged' | 'changed' | 'unknown' | 'restored';

const BACK: ReadonlySet<Mode> = new Set<Mode>(['rollback', 'promote']);

/**
 * `restored` is said only when a restored database was compared and found equal; before the migration started
 * nothing can have changed; once it started and nobody could judge, it is `unknown`. So it is where an earlier run
 * left damage.
 */
export function reportedState(run: Run): ReportedState {
  if (run.restore?.differences?.length === 0) return 'restored';
  if (run.verdict !== undefined) return run.verdict.state;
  // What goes back judges nothing: production is as the failed run left it, or an undo brought that back.
  if (run.status !== 'refused' && BACK.has(run.request?.mode ?? 'deploy')) return 'unknown';
  const inherited = run.problems.some((each) => each.code === 'predecessor-unresolved');
  return run.rounds > 0 || inherited ? 'unknown' : 'unchanged';
}

/** Whether the step is green. `restored` ends a rollback well and a deploy badly; a copy nobody could check is no
 * good end, and `restoring` is one only where nobody was to wait. */
export function isGood({ status, restore, problems }: Run, mode: Mode): boolean {
  switch (mode) {
    case 'rollback':
    case 'promote':
      return (
        status === 'promoted' ||
        (status === 'restoring' && problems.length === 0) ||
        (status === 'restored' && restore?.differences?.length === 0)
      );
    default:
      return status === 'applied' || status === 'up-to-date' || status === 'planned';
  }
}

/** A rollback that found nobody under the name of production. */
export const isProductionGone = (run: Run): boolean =>
  run.goal?.origin?.is === 'deleted' && run.instance === undefined;
