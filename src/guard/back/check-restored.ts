import { withHost } from '../../domain/connection-url.ts';
import { isVerified } from '../../domain/cut-over-rules.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import { firstProblem, GuardError, problem } from '../../domain/problem.ts';
import { watchName } from '../../domain/request.ts';
import { Secret } from '../../domain/secret.ts';
import { TAG } from '../../domain/tags.ts';
import type { Session } from '../../ports/engine.ts';
import type { Guard } from '../context.ts';
import { tagPhase } from '../steps/snapshot.ts';
import type { Cutover } from './cutover.ts';
import { recordedFor } from './recorded.ts';

/**
 * The restored database answers with production's credentials, takes writes, has a readable history, and was compared
 * with its restore point; when nobody did that yet, it is done now. Throws `promotion-refused`.
 */
export async function checkRestored(guard: Guard, cutover: Cutover, restored: InstanceFacts): Promise<void> {
  const refuse = (why: string): never => {
    throw new GuardError(
      problem('promotion-refused', why, { instance: cutover.pair.production, restored: restored.identifier }),
    );
  };
  if (restored.endpoint === undefined) return refuse(`${restored.identifier} has no endpoint yet`);
  const url = new Secret(withHost((await cutover.url()).reveal(), restored.endpoint));
  let session: Session;
  try {
    session = await (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
  } catch (error) {
    return refuse(
      `${restored.identifier} does not answer SQL with the user of production: ${firstProblem(error).detail}`,
    );
  }
  try {
    const facts = await session.facts();
    if (facts.isReplica) refuse(`${restored.identifier} is read-only`);
    await session.history();
    await checkContent(guard, restored, session, refuse);
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function checkContent(
  guard: Guard,
  restored: InstanceFacts,
  session: Session,
  refuse: (why: string) => never,
): Promise<void> {
  if (guard.run.restore?.resourceId === restored.resourceId && guard.run.restore.differences?.length === 0)
    return;
  const phase = restored.tags[TAG.phase];
  // Told by the rules already, with the reason.
  if (phase === 'mismatch') return;
  const { fingerprint: wanted } = await recordedFor(guard, restored);
  if (wanted === undefined) {
    if (isVerified(phase)) return guard.emit({ type: 'restore-verified', differences: [] });
    refuse(
      `nobody has compared ${restored.identifier} with its restore point (its state is "${phase ?? 'unknown'}"), and no fingerprint was recorded to do it now`,
    );
  }
  const { fingerprint } = await session.state();
  if (fingerprint.digest !== wanted)
    refuse(`the schema of ${restored.identifier} is not the one of the restore point`);
  guard.emit({ type: 'restore-verified', differences: [] });
  if (!isVerified(phase)) await tagPhase(guard, restored.arn, 'restored');
}
