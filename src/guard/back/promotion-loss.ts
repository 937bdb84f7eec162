import type { InstanceFacts } from '../../domain/facts.ts';
import type { WriteLoss } from '../../domain/going-back.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import { TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import type { Cutover } from './cutover.ts';
import { recordedFor } from './recorded.ts';
import { measureLoss } from './write-loss.ts';

/** A count of a minute ago is good enough to decide by; one from before a long wait is not. */
const FRESH_MS = 60_000;

/** What the cut-over will lose, measured as late as can be. Throws `write-loss-exceeded`. */
export async function checkWriteLoss(guard: Guard, cutover: Cutover, restored: InstanceFacts): Promise<void> {
  const known = guard.run.writeLoss;
  const old = known === undefined || guard.ports.clock.now() - known.until > FRESH_MS;
  // What could not be known then, nobody knows now.
  const open = known === undefined || known.rows !== undefined;
  if (cutover.since !== undefined && cutover.since !== '' && old && open) {
    const { marks } = await recordedFor(guard, restored);
    // Counters of one database say nothing of another one.
    const isOther = restored.tags[TAG.sourceResourceId] !== cutover.pair.oldResourceId;
    const known = isOther
      ? { marks: undefined, gap: 'the counters were recorded in the database that served before' }
      : { marks };
    await measureLoss(guard, { url: await cutover.url(), since: cutover.since, ...known });
  }
  const loss = guard.run.writeLoss;
  if (loss?.rows === undefined && known === undefined)
    guard.warn('write-loss-unknown', {
      detail: loss?.unknown ?? 'the restore point of the restored database is not known',
    });
  refuse(guard, loss);
}

/** A loss that nobody knows is above every limit. */
function refuse(guard: Guard, loss: WriteLoss | undefined): void {
  const limit = guard.request.maxWriteLoss;
  if (limit === undefined || (loss?.rows !== undefined && loss.rows <= limit)) return;
  throw new GuardError(
    problem('write-loss-exceeded', loss?.unknown ?? 'more rows than max-write-loss', {
      rows: loss?.rows,
      since: loss?.since,
      limit,
    }),
  );
}
