import type { Status } from '../domain/event.ts';
import type { Run } from '../domain/run.ts';
import { finishPromotion } from './back/post-promotion.ts';
import type { Guard } from './context.ts';
import { resumeByTags } from './resume-by-tags.ts';
import { broken, finishLate, neverStarted } from './resume-finish.ts';
import type { Remains } from './resume-judge.ts';

/**
 * Finishes what a killed or cancelled main left: stops what still runs, judges, tells people, and starts the
 * restore when the policy asks for it. It never waits for a restore. Never throws.
 */
export async function resume(guard: Guard): Promise<Status> {
  const { run } = guard;
  try {
    if (run.promotion !== undefined) return await finishPromotion(guard);
    const remains = remainsOf(run);
    if (remains !== undefined) return await finishLate(guard, remains);
    // A journal without an end may have stopped before main did (a full disk): then the database knows more.
    const complete = run.status !== undefined || run.plan === undefined;
    return await (complete
      ? neverStarted(guard)
      : resumeByTags(guard, run.startedAt, () => neverStarted(guard)));
  } catch (error) {
    return broken(guard, error);
  }
}

/** What the journal must hold for a judgement; undefined when the process died before the migration. */
function remainsOf(run: Run): Remains | undefined {
  const { project, plan, instance, restorePoint } = run;
  if (project === undefined || plan === undefined || instance === undefined || restorePoint === undefined)
    return undefined;
  // Between the intent and the start there is a process that no line of the journal tells of.
  const step = run.steps.find((each) => each.kind === 'migrate')?.state ?? 'not-reached';
  if (run.rounds === 0 && step !== 'running') return undefined;
  return { project, plan, source: instance, point: restorePoint };
}
