import type { RestorePoint } from '../../domain/facts.ts';
import type { WriteMarks } from '../../domain/going-back.ts';
import { isOpen } from '../../domain/history.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import { mergedTags, ourTags, TAG } from '../../domain/tags.ts';
import { marksOf, markTags } from '../../domain/write-marks.ts';
import type { Session } from '../../ports/engine.ts';
import type { Guard } from '../context.ts';
import { tagPhase } from './snapshot.ts';

const SECOND = 1000;

export const marksOfPoint = ({ state, lsn, commits }: RestorePoint): WriteMarks =>
  marksOf(state.writes, lsn, commits);

/** How many tags the snapshot has without the marks: those of the source, and ours with the two beside the marks. */
function tagsOnSnapshot({ run, options }: Guard): number {
  const source = run.plan?.sourceTags ?? {};
  const ours = ourTags(options.identity, { sourceResourceId: '', phase: 'migrating', restoreTime: '-' });
  return Object.keys(mergedTags(source, { ...ours, [TAG.fingerprint]: '-' })).length;
}

/**
 * Marks the second to which a restore goes back. The second is the next full one of the database's clock, so
 * that everything committed before the mark is in it; then one whole second stays quiet, so that nothing of
 * the migration can carry that second's timestamp (PostgreSQL compares commit timestamps of the host).
 */
export async function markRestorePoint(
  guard: Guard,
  session: Session,
  pending: readonly { readonly name: string }[],
): Promise<RestorePoint> {
  const { clock } = guard.ports;
  const first = await session.clock();
  const skew = first.now - clock.now();
  const target = Math.ceil(first.now / SECOND) * SECOND;
  const state = await session.state();
  refuseMoved(pending, state.history);
  const point: RestorePoint = {
    time: new Date(target).toISOString().replace('.000Z', 'Z'),
    lsn: first.lsn,
    commits: first.commits,
    state,
  };
  guard.emit({ type: 'restore-point', point });
  await tagPhase(guard, guard.run.snapshot?.arn, 'migrating', {
    [TAG.restoreTime]: point.time,
    [TAG.fingerprint]: state.fingerprint.digest,
    ...markTags(marksOfPoint(point), tagsOnSnapshot(guard)),
  });
  const startAt = target + SECOND;
  await clock.sleep(startAt - skew - clock.now(), guard.options.cancelled);
  while ((await session.clock()).now < startAt && !guard.options.cancelled.aborted)
    await clock.sleep(20, guard.options.cancelled);
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem('cancelled', 'cancelled before the migration was started'));
  return point;
}

/** Somebody migrated while the snapshot was taken: what was planned is no longer what Prisma would do. */
function refuseMoved(
  pending: readonly { readonly name: string }[],
  history: RestorePoint['state']['history'],
): void {
  const moved = (history ?? []).find(
    (row) => row.rolledBackAt === null && pending.some(({ name }) => name === row.name),
  );
  if (moved === undefined) return;
  throw new GuardError(
    problem('history-moved', `migration ${moved.name} was pending when this run looked first`, {
      migration: moved.name,
      state: isOpen(moved) ? 'begun' : 'applied',
    }),
  );
}
