import type { Status } from '../domain/event.ts';
import { isProblem, type Problem } from '../domain/problem.ts';
import type { Guard } from './context.ts';
import { untold } from './step.ts';
import { tell } from './steps/alert.ts';

/** How a story that threw ends: what nobody told yet is told; before a plan was made nothing was touched. */
export async function endBadly(
  guard: Guard,
  error: unknown,
  more: readonly Problem[] = [],
): Promise<Extract<Status, 'cancelled' | 'refused' | 'failed'>> {
  const problems = [...untold(guard, error), ...more];
  if (problems.length > 0) guard.emit({ type: 'refused', problems });
  await tell(guard, 'failure');
  if (isProblem(error, 'cancelled') || guard.options.cancelled.aborted) return 'cancelled';
  return guard.run.plan === undefined ? 'refused' : 'failed';
}
