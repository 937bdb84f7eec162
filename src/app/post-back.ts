import type { Mode } from '../domain/request.ts';
import { nudgePromotion } from '../guard/back/post-promotion.ts';
import type { Guard } from '../guard/context.ts';
import { tell } from '../guard/steps/alert.ts';
import type { Host } from '../ports/host.ts';

/** Modes whose post step goes on with something. */
export const goesBack = (mode: Mode): boolean => mode === 'rollback' || mode === 'promote';

/** What the post step does for a mode that goes back, when main was cancelled, killed, or could tell nobody. */
export async function postBack(guard: Guard, host: Host): Promise<void> {
  switch (guard.request.mode) {
    case 'rollback':
      return postRollback(guard, host);
    case 'promote':
      return postPromote(guard, host);
    default:
      return undefined;
  }
}

/** In the outage window the rename that ends it is asked for; otherwise one line says who serves. */
async function postPromote(guard: Guard, host: Host): Promise<void> {
  const ended = guard.run.status;
  const isCutOff = ended === undefined || ended === 'cancelled';
  const nudged = isCutOff ? await nudgePromotion(guard) : undefined;
  if (ended === undefined) guard.emit({ type: 'run-ended', status: 'cancelled' });
  const wasTold = guard.run.notified.some((each) => each.delivered);
  if (nudged?.acted === true || !wasTold) await tell(guard, 'end');
  host.log(`Guarded Migrate: ${nudged?.line ?? 'no promotion is half done.'}`);
}

/** A restore goes on in AWS without us, and the same inputs find it again; nothing is begun here. */
async function postRollback(guard: Guard, host: Host): Promise<void> {
  const ended = guard.run.status;
  const isCutOff = ended === undefined || ended === 'cancelled';
  const nudged = isCutOff && guard.request.promote !== 'never' ? await nudgePromotion(guard) : undefined;
  if (nudged !== undefined) host.log(`Guarded Migrate: ${nudged.line}`);
  if (ended === undefined) guard.emit({ type: 'run-ended', status: 'cancelled' });
  const { restore, notified, promotion } = guard.run;
  const wasTold = notified.some((each) => each.delivered);
  if (nudged?.acted === true || (!wasTold && (restore !== undefined || ended !== undefined)))
    await tell(guard, 'end');
  // Whoever cut the job off in the middle of a cut-over needs other words, and those are in the explanation.
  if (restore === undefined || promotion !== undefined) return;
  host.log(
    `Guarded Migrate: the restore to ${restore.identifier} goes on in AWS. Run mode: rollback again with the same inputs: it finds this restore and goes on with it.`,
  );
}
