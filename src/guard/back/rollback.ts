import type { Status } from '../../domain/event.ts';
import { parkedName } from '../../domain/names.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import { firstProblem, GuardError, isProblem, problem } from '../../domain/problem.ts';
import { promotionSteps } from '../../domain/promotion-steps.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Guard } from '../context.ts';
import { guardSession } from '../observe.ts';
import { recover } from '../recover.ts';
import { takeStep, untold } from '../step.ts';
import { tell } from '../steps/alert.ts';
import { readUrls } from '../urls.ts';
import { afterRestore } from './after-restore.ts';
import { type Destination, findDestination } from './goal.ts';
import { comparedBack, verifyBack } from './verify-back.ts';

/** `mode: rollback`: restores beside production, never over it. Never throws. */
export async function rollback(guard: Guard): Promise<Status> {
  try {
    return await story(guard);
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: 'refused', problems });
    await tell(guard, 'failure');
    if (isProblem(error, 'cancelled') || guard.options.cancelled.aborted) return 'cancelled';
    return guard.run.plan === undefined ? 'refused' : 'failed';
  }
}

async function story(guard: Guard): Promise<Status> {
  const urls = await readUrls(guard);
  const url = urls.given[urls.primary];
  if (url === undefined) throw new GuardError(problem('unexpected', 'the URL is gone'));
  const [destination] = await Promise.all([findDestination(guard), lookAtProduction(guard, url)]);
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem('cancelled', 'cancelled before anything was touched'));
  plan(guard, destination);
  const { goal, source } = destination;
  await takeStep(guard, 'goal', async () => {
    guard.emit({ type: 'goal', goal });
    return goal.why;
  });
  return recover(guard, {
    identifier: destination.identifier,
    source,
    time: goal.time ?? '',
    identity: destination.identity,
    snapshot: destination.snapshot,
    found: destination.found,
    url,
    verify: (session) => verifyBack(guard, session, goal),
    compared: comparedBack(goal),
    afterwards: () =>
      afterRestore(guard, {
        old: source,
        url,
        since: goal.time ?? '',
        marks: goal.recorded.marks,
        gap: destination.gap,
      }),
  });
}

/** A production that does not answer is why people go back; it stops nothing. */
async function lookAtProduction(guard: Guard, url: Secret): Promise<void> {
  try {
    const session = await guardSession(guard, url);
    try {
      guard.emit({ type: 'observed-database', database: await session.facts() });
    } finally {
      await session.close().catch(() => undefined);
    }
  } catch (error) {
    guard.warn('production-unread', { detail: firstProblem(error).detail });
  }
}

function plan(guard: Guard, { source, identifier, goal, found }: Destination): void {
  guard.emit({
    type: 'planned',
    plan: {
      pending: [],
      steps: steps(guard, source.identifier, identifier, found !== undefined, source.kind === 'cluster'),
      basis: undefined,
      hazards: [],
      estimate: [],
      adopted: goal.run,
      snapshotIdentifier: goal.snapshot ?? '',
      restoredIdentifier: identifier,
      sourceTags: source.tags,
    },
  });
}

function steps(
  { request, options }: Guard,
  production: string,
  restored: string,
  isThere: boolean,
  isCluster: boolean,
): readonly PlannedStep[] {
  const step = (kind: PlannedStep['kind'], title: string): PlannedStep => ({ kind, when: 'always', title });
  const first = [
    step('goal', 'Find the moment to go back to, and the way'),
    step(
      'restore',
      `${isThere ? 'Go on with the restore to' : 'Restore as'} ${restored}, beside ${production}`,
    ),
  ];
  if (!request.waitForRestore) return first;
  const names = { production, parked: parkedName(production, options.identity), restored };
  return [
    ...first,
    ...(isCluster ? [step('add-members', `Add instances to ${restored} like those of ${production}`)] : []),
    step('wait-restore', 'Wait until the restored database answers SQL'),
    step('verify-restore', 'Compare the restored database with what was recorded'),
    step('write-loss', 'Count what was written to production since'),
    ...(request.promote === 'never'
      ? []
      : promotionSteps(request.promote === 'proxy' ? 'proxy' : 'rename', names)),
  ];
}
