import type { Status } from '../domain/event.ts';
import { GuardError, problem } from '../domain/problem.ts';
import { wasPutBack } from '../domain/restore-points.ts';
import type { Secret } from '../domain/secret.ts';
import type { Session } from '../ports/engine.ts';
import { addMembers } from './back/restore-back.ts';
import type { Guard } from './context.ts';
import type { RestoreOrder } from './restore-order.ts';
import { attemptStep } from './step.ts';
import { tell } from './steps/alert.ts';
import { awaitRestored, requestRestore } from './steps/restore.ts';
import { tagPhase } from './steps/snapshot.ts';

export interface Recovery extends RestoreOrder {
  /** URL of production; the restored database takes its place in it. */
  readonly url: Secret;
  /** What differs from the restore point; empty when nothing does. */
  readonly verify: (session: Session) => Promise<readonly string[]>;
  /** What was compared, for a restore that shows no difference. */
  readonly compared?: string;
  /** Follows a restore that was verified; it decides how the run ends. */
  readonly afterwards?: () => Promise<Status>;
}

/** Restores beside production and says how it ended; a failure here never hides the one of the migration. */
export async function recover(guard: Guard, order: Recovery): Promise<Status> {
  const status = await restoreBeside(guard, order);
  const isVerified = status === 'restored' && guard.run.restore?.differences?.length === 0;
  const end = isVerified ? await order.afterwards?.() : undefined;
  await tell(guard, 'end');
  return end ?? status;
}

async function restoreBeside(guard: Guard, order: Recovery): Promise<Status> {
  const deadline = guard.ports.clock.now() + guard.request.restoreTimeoutMs;
  const refused = await attemptStep(guard, 'restore', () => requestRestore(guard, order, deadline));
  if (refused !== undefined) return refused.code === 'cancelled' ? 'cancelled' : 'failed';
  if (!guard.request.waitForRestore) return 'restoring';
  if (order.source.kind === 'cluster') {
    const lacking = await attemptStep(guard, 'add-members', () => addMembers(guard, order, deadline));
    if (lacking !== undefined) return unfinished(guard, lacking.code);
  }
  let session: Session | undefined;
  const late = await attemptStep(guard, 'wait-restore', async () => {
    const answer = await awaitRestored(guard, order.identifier, order.url, deadline);
    session = answer.session;
    if (answer.session === undefined) {
      throw new GuardError(problem('restore-unverified', answer.detail, { instance: order.identifier }));
    }
    return 'the restored database answers SQL';
  });
  if (session === undefined) return unfinished(guard, late?.code);
  return verified(guard, session, order);
}

async function unfinished(guard: Guard, code: string | undefined): Promise<Status> {
  if (code === 'restore-unverified') {
    await tagPhase(guard, guard.run.restore?.arn, 'unverified');
    return 'restored';
  }
  if (code === 'cancelled') return 'cancelled';
  return code === 'restore-failed' ? 'failed' : 'restoring';
}

async function verified(guard: Guard, session: Session, order: Recovery): Promise<Status> {
  const mismatch = await attemptStep(guard, 'verify-restore', async () => {
    const found = await order.verify(session).finally(() => session.close().catch(() => undefined));
    guard.emit({ type: 'restore-verified', differences: found });
    if (found.length === 0) return order.compared ?? 'schema and history are those of the restore point';
    throw new GuardError(
      problem('restore-mismatch', `the restored database differs: ${found.slice(0, 8).join(', ')}`, {
        instance: guard.run.restore?.identifier,
        differences: found.slice(0, 20).join(', '),
        restoreTime: order.time,
      }),
    );
  });
  // A look that failed says nothing about the database: restored, but not verified.
  const phase =
    mismatch === undefined ? 'restored' : mismatch.code === 'restore-mismatch' ? 'mismatch' : 'unverified';
  // Who serves may be another one than when an earlier job requested it.
  const more = order.found === undefined ? {} : order.tags;
  // What its promotion left in it, a comparison of the schema does not show: the next job is to hear of it, too.
  const stays = phase !== 'mismatch' && order.found !== undefined && wasPutBack(order.found);
  await tagPhase(guard, guard.run.restore?.arn, stays ? 'undone' : phase, more);
  return phase === 'mismatch' ? 'failed' : 'restored';
}
