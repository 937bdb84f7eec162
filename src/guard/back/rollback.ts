import type { Status } from '../../domain/event.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import { parkedName } from '../../domain/names.ts';
import { type PlannedStep, stepsOnly } from '../../domain/plan.ts';
import { firstProblem, GuardError, problem } from '../../domain/problem.ts';
import { promotionSteps } from '../../domain/promotion-steps.ts';
import type { Secret } from '../../domain/secret.ts';
import { TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { endBadly } from '../ending.ts';
import { guardSession } from '../observe.ts';
import { recover } from '../recover.ts';
import type { RestoreOrder } from '../restore-order.ts';
import { takeStep } from '../step.ts';
import { readUrls } from '../urls.ts';
import { afterRestore } from './after-restore.ts';
import { type Destination, findDestination } from './goal.ts';
import { comparedBack, verifyBack } from './verify-back.ts';

/** `mode: rollback`: restores beside production, never over it. Never throws. */
export async function rollback(guard: Guard): Promise<Status> {
  try {
    return await story(guard);
  } catch (error) {
    return endBadly(guard, error);
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
  const { goal, start, production } = destination;
  const { source, origin } = start;
  await takeStep(guard, 'goal', async () => {
    guard.emit({ type: 'goal', goal });
    return origin === undefined ? goal.why : `${origin.why}; ${goal.why}`;
  });
  if (destination.found === undefined) tellUnknown(guard, destination);
  return recover(guard, {
    identifier: destination.identifier,
    source,
    time: goal.time ?? '',
    identity: destination.identity,
    snapshot: destination.snapshot,
    found: destination.found,
    ...howToFind(destination),
    url,
    verify: (session) => verifyBack(guard, session, goal),
    compared: comparedBack(goal),
    afterwards: () =>
      afterRestore(guard, {
        old: production ?? source,
        isGone: production === undefined,
        url,
        since: goal.time ?? '',
        // Counters of one database say nothing of another one.
        marks: origin === undefined ? goal.recorded.marks : undefined,
        gap: destination.gap,
      }),
  });
}

/** By its resource id wherever its name may be another one's by now. */
function howToFind({ start: { origin }, production }: Destination): Partial<RestoreOrder> {
  if (origin === undefined) return {};
  const stands = production === undefined ? {} : { tags: { [TAG.forResourceId]: production.resourceId } };
  return { sourceBy: 'resource-id', isRetained: origin.is === 'deleted', ...stands };
}

function tellUnknown(guard: Guard, { start, identifier }: Destination): void {
  const { unknown, source } = start;
  if (unknown.length === 0) return;
  const region = guard.request.region ?? source.arn.split(':')[3] ?? '';
  const call = `aws rds modify-db-instance${region === '' ? '' : ` --region ${region}`} --db-instance-identifier ${identifier} --vpc-security-group-ids SECURITY_GROUP_IDS --apply-immediately`;
  guard.warn('settings-unknown', { names: unknown.join(', '), call });
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

function plan(guard: Guard, { start, production, identifier, goal, found }: Destination): void {
  const target = production ?? start.source;
  guard.emit({
    type: 'planned',
    plan: stepsOnly(steps(guard, target, { restored: identifier, isThere: found !== undefined }), {
      adopted: goal.run,
      snapshotIdentifier: goal.snapshot ?? '',
      restoredIdentifier: identifier,
      sourceTags: target.tags,
    }),
  });
}

function steps(
  { request, options }: Guard,
  { identifier: production, kind: targetKind }: InstanceFacts,
  { restored, isThere }: { readonly restored: string; readonly isThere: boolean },
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
    ...(targetKind === 'cluster'
      ? [step('add-members', `Add instances to ${restored} like those of ${production}`)]
      : []),
    step('wait-restore', 'Wait until the restored database answers SQL'),
    step('verify-restore', 'Compare the restored database with what was recorded'),
    step('write-loss', 'Count what was written to production since'),
    ...(request.promote === 'never'
      ? []
      : promotionSteps(request.promote === 'proxy' ? 'proxy' : 'rename', names)),
  ];
}
