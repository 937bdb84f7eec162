import type { Status } from '../domain/event.ts';
import type { InstanceFacts } from '../domain/facts.ts';
import type { Plan } from '../domain/plan.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { Verdict } from '../domain/verdict.ts';
import { afterRestore } from './back/after-restore.ts';
import type { Guard } from './context.ts';
import { recover } from './recover.ts';
import { attemptStep, isPlanned } from './step.ts';
import { tell } from './steps/alert.ts';
import { runCommand } from './steps/commands.ts';
import { type MigrateOrder, markRolledBack } from './steps/migrate.ts';
import { verifyRestored } from './steps/restore.ts';
import { marksOfPoint } from './steps/restore-point.ts';
import { pruneSnapshots, tagPhase } from './steps/snapshot.ts';

/** `after-command` runs once, in any outcome; when it fails that is told but changes no outcome. */
export async function attemptAfter(guard: Guard): Promise<void> {
  const script = guard.request.afterCommand;
  // A cancelled main has seconds left; its post step runs it.
  if (guard.options.cancelled.aborted) return;
  if (
    script === undefined ||
    guard.run.steps.find((each) => each.kind === 'after-command')?.state !== 'not-reached'
  )
    return;
  const failure = await attemptStep(guard, 'after-command', () => runCommand(guard, 'after-command', script));
  if (failure !== undefined)
    guard.warn('after-command-failed', { detail: failure.detail, output: failure.fields.output ?? '' });
}

export function migrationProblem(guard: Guard, verdict: Verdict): Problem {
  const reason = guard.run.stopReason;
  const code =
    reason === 'migration-timeout'
      ? 'migration-timeout'
      : reason === 'cancelled'
        ? 'cancelled'
        : 'migration-failed';
  return problem(code, verdict.error?.message ?? 'the migration did not finish', {
    migration: verdict.failedMigration,
    code: verdict.error?.code,
    timeout: guard.request.migrationTimeoutMs,
  });
}

/** Applied and verified: nothing is left to decide. */
export async function finish(guard: Guard, source: InstanceFacts): Promise<Status> {
  await tagPhase(guard, guard.run.snapshot?.arn, 'applied');
  await attemptAfter(guard);
  if (isPlanned(guard, 'prune-snapshots'))
    await attemptStep(guard, 'prune-snapshots', () => pruneSnapshots(guard, source));
  return 'applied';
}

/** What a failed run works with. */
export interface Failing {
  readonly plan: Plan;
  readonly source: InstanceFacts;
}

/** Frees the next deploy when nothing changed, tells people, then restores when the policy asks for it. */
export async function failed(
  guard: Guard,
  work: Failing,
  order: MigrateOrder,
  verdict: Verdict,
): Promise<Status> {
  // A cancelled main has seconds left; its post step frees the next deploy.
  if (!guard.options.cancelled.aborted) await freeNextDeploy(guard, order, verdict);
  await alertOnce(guard);
  // Its post step writes the tag, too.
  if (guard.options.cancelled.aborted) return 'cancelled';
  await tagPhase(guard, guard.run.snapshot?.arn, failedPhase(verdict));
  await attemptAfter(guard);
  if (!wantsRestore(guard, verdict)) {
    const why =
      verdict.state === 'unchanged' ? 'the database is the one of the restore point' : 'on-failure: alert';
    for (const step of ['restore', 'add-members', 'wait-restore', 'verify-restore'] as const) {
      if (isPlanned(guard, step)) guard.emit({ type: 'step-skipped', step, note: why });
    }
    return 'failed';
  }
  return recover(guard, {
    identifier: work.plan.restoredIdentifier,
    source: work.source,
    time: order.point.time,
    identity: guard.options.identity,
    url: order.url,
    verify: (session) => verifyRestored(session, order.point),
    afterwards: () =>
      afterRestore(guard, {
        old: work.source,
        url: order.url,
        since: order.point.time,
        marks: marksOfPoint(order.point),
      }),
  });
}

export const wantsRestore = (guard: Guard, verdict: Verdict): boolean => {
  const policy = guard.request.onFailure;
  return policy === 'restore-always' || (policy === 'restore' && verdict.state !== 'unchanged');
};

export const failedPhase = (verdict: Verdict): 'unchanged' | 'failed' =>
  verdict.state === 'unchanged' ? 'unchanged' : 'failed';

/** A failed row of a migration that left nothing would stop every later deploy with P3009. */
export async function freeNextDeploy(
  guard: Guard,
  order: Pick<MigrateOrder, 'project' | 'environment'>,
  verdict: Verdict,
): Promise<void> {
  const migration = verdict.failedMigration;
  if (verdict.state !== 'unchanged' || !verdict.openRow) return;
  await markRolledBack(guard, order, migration);
}

/** Nobody is told twice of the same failure, and never zero times. */
export async function alertOnce(guard: Guard): Promise<void> {
  if (guard.run.notified.some((each) => each.about === 'failure' && each.delivered)) return;
  if (!isPlanned(guard, 'alert')) return void (await tell(guard, 'failure'));
  await attemptStep(guard, 'alert', async () => void (await tell(guard, 'failure')));
}
