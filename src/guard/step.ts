import type { StepKind } from '../domain/plan.ts';
import { firstProblem, type Problem, problemsOf } from '../domain/problem.ts';
import type { Guard } from './context.ts';

/** Runs one planned step: `intended` is journaled before it, `done` or `failed` after it. */
export async function takeStep(
  guard: Guard,
  step: StepKind,
  work: () => Promise<string | undefined>,
): Promise<void> {
  guard.emit({ type: 'step-intended', step });
  try {
    const note = await work();
    guard.emit({ type: 'step-done', step, ...(note === undefined ? {} : { note }) });
  } catch (error) {
    for (const problem of problemsOf(error)) guard.emit({ type: 'step-failed', step, problem });
    throw error;
  }
}

/** The same for a step whose failure is told but does not end the run; the problem, or undefined. */
export async function attemptStep(
  guard: Guard,
  step: StepKind,
  work: () => Promise<string | undefined>,
): Promise<Problem | undefined> {
  try {
    await takeStep(guard, step, work);
    return undefined;
  } catch (error) {
    return firstProblem(error);
  }
}

export const isPlanned = (guard: Guard, step: StepKind): boolean =>
  guard.run.steps.some((each) => each.kind === step);

/** The problems of an error that no step has told yet; compared by value, because bundles do not share objects. */
export const untold = (guard: Guard, error: unknown): readonly Problem[] =>
  problemsOf(error).filter(
    ({ code, detail }) => !guard.run.problems.some((each) => each.code === code && each.detail === detail),
  );
