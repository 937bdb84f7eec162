import type { Status } from '../domain/event.ts';
import { firstProblem, problem } from '../domain/problem.ts';
import type { Verdict } from '../domain/verdict.ts';
import { alertOnce, attemptAfter, failedPhase, freeNextDeploy, wantsRestore } from './aftermath.ts';
import type { Guard } from './context.ts';
import { type Remains, type Settled, settleLate } from './resume-judge.ts';
import { attemptStep } from './step.ts';
import { tell } from './steps/alert.ts';
import { requestRestore } from './steps/restore.ts';
import { tagPhase } from './steps/snapshot.ts';

/** RDS ships its log every five minutes; what is not there by then is left to the next run or to a person. */
const LOG_FOR_MS = 15_000;

/** The post step itself failed; what is known so far is told. */
export async function broken(guard: Guard, error: unknown): Promise<Status> {
  guard.emit({ type: 'refused', problems: [firstProblem(error)] });
  await alertOnce(guard);
  return 'cancelled';
}

/** Prisma was never started, so nothing can have changed. */
export async function neverStarted(guard: Guard): Promise<Status> {
  if (!guard.run.problems.some((each) => each.code === 'cancelled')) {
    guard.emit({
      type: 'refused',
      problems: [problem('cancelled', 'the step was killed before the migration was started')],
    });
  }
  await alertOnce(guard);
  // The mark of the restore point said `migrating`; a later run must not look for damage.
  if (guard.run.restorePoint !== undefined) await tagPhase(guard, guard.run.snapshot?.arn, 'unchanged');
  await attemptAfter(guard);
  return 'cancelled';
}

export async function finishLate(guard: Guard, remains: Remains): Promise<Status> {
  const settled = await settleLate(guard, remains);
  const { verdict } = settled;
  if (verdict.ok) return applied(guard);
  if (settled.openRow) await freeNextDeploy(guard, { project: remains.project, ...settled }, verdict);
  await alertOnce(guard);
  await tagPhase(guard, guard.run.snapshot?.arn, failedPhase(verdict));
  await attemptAfter(guard);
  return restoreIfAsked(guard, remains, settled);
}

/** Everything is in; only a check that was cut off may still say no. */
async function applied(guard: Guard): Promise<Status> {
  await tagPhase(guard, guard.run.snapshot?.arn, 'applied');
  const check = guard.run.steps.find((each) => each.kind === 'verify-command')?.state ?? 'done';
  if (check !== 'done') {
    const cut = problem('command-failed', 'verify-command did not end: the step was killed', {
      command: 'verify-command',
      output: 'The step was killed before it ended.',
    });
    guard.emit({ type: 'step-failed', step: 'verify-command', problem: cut });
    await alertOnce(guard);
  }
  await attemptAfter(guard);
  return check === 'done' ? 'applied' : 'failed';
}

async function restoreIfAsked(guard: Guard, remains: Remains, { verdict }: Settled): Promise<Status> {
  if (!asksForRestore(guard, remains, verdict)) return 'cancelled';
  if (guard.run.restore !== undefined) return 'restoring';
  const deadline = guard.ports.clock.now() + LOG_FOR_MS;
  const failure = await attemptStep(guard, 'restore', () =>
    requestRestore(
      guard,
      {
        identifier: remains.plan.restoredIdentifier,
        source: remains.source,
        time: remains.point.time,
        identity: guard.options.identity,
        isBrief: true,
      },
      deadline,
    ),
  );
  await tell(guard, 'end');
  return failure === undefined ? 'restoring' : 'cancelled';
}

const asksForRestore = (guard: Guard, remains: Remains, verdict: Verdict): boolean =>
  remains.point.time !== '' && wantsRestore(guard, verdict);
