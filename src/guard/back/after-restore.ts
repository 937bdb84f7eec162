import type { Status } from '../../domain/event.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';
import { untold } from '../step.ts';
import { settleRestored } from './parity.ts';
import { promoteRestored } from './promotion.ts';
import { type LossOrder, measureLoss } from './write-loss.ts';

export interface CutOverOrder extends LossOrder {
  /** Production as it was described before. */
  readonly old: InstanceFacts;
  /** Nobody has the name of production any more, so nobody can be cut over from. */
  readonly isGone?: boolean;
}

/** What follows a restore that was verified: the write loss, and the cut-over when it was asked for. Never throws. */
export async function afterRestore(guard: Guard, order: CutOverOrder): Promise<Status> {
  await measureLoss(guard, order);
  const { old, url, since, isGone = false } = order;
  if (guard.request.promote === 'never') {
    // Its settings are told where AWS tells them; they decide nothing here.
    const restored = await restoredNow(guard).catch(() => undefined);
    if (restored !== undefined && !guard.options.cancelled.aborted)
      await settleRestored(guard, old, restored);
    return 'restored';
  }
  try {
    if (isGone)
      throw new GuardError(
        problem(
          'promotion-refused',
          `nobody has the name ${old.identifier} any more, so nobody can give it away`,
          {
            instance: old.identifier,
          },
        ),
      );
    return await promoteRestored(guard, { old, restored: await restoredNow(guard), url, since });
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: 'refused', problems });
    return guard.request.mode === 'deploy' ? 'restored' : 'failed';
  }
}

/** As it is now: its endpoint and settings are not those of the request. */
async function restoredNow(guard: Guard): Promise<InstanceFacts> {
  const identifier = guard.run.restore?.identifier ?? '';
  const restored = await (await guard.ports.recovery()).instance(identifier);
  if (restored === undefined)
    throw new GuardError(problem('instance-gone', `${identifier} is gone`, { instance: identifier }));
  return restored;
}
