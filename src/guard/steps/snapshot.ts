import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import { snapshotState } from '../../domain/instance-state.ts';
import { judgeSnapshots, ownSnapshots, PRUNED_PHASES } from '../../domain/inventory.ts';
import type { Plan } from '../../domain/plan.ts';
import { firstProblem, GuardError, problem } from '../../domain/problem.ts';
import { mergedTags, ourTags, type Phase, TAG, type Tags } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { waitUntil } from '../wait.ts';

/** Requests the snapshot and, with `snapshot: wait`, waits until it is available. */
export async function takeSnapshot(guard: Guard, plan: Plan, source: InstanceFacts): Promise<string> {
  const { request, ports, options } = guard;
  const recovery = await ports.recovery();
  const ours = ourTags(options.identity, { sourceResourceId: source.resourceId, phase: 'snapshot' });
  const requested =
    (await adopt(guard, plan, ours)) ??
    (await recovery.createSnapshot({
      identifier: plan.snapshotIdentifier,
      source,
      tags: mergedTags(source.tags, ours),
    }));
  seen(guard, requested);
  if (request.snapshot === 'start') return 'requested, not waited for';
  const deadline = ports.clock.now() + request.snapshotTimeoutMs;
  const waited = await waitUntil<SnapshotFacts>({
    clock: ports.clock,
    signal: options.cancelled,
    deadline,
    look: async () => {
      const now = (await recovery.snapshots(plan.snapshotIdentifier)).snapshots[0] ?? requested;
      seen(guard, now);
      if (snapshotState(now.status) === 'failed')
        throw new GuardError(problem('snapshot-failed', `status ${now.status}`, about(now)));
      return now;
    },
    until: (now) => snapshotState(now.status) === 'ready',
    percent: (now) => now.percent,
  });
  if (waited.end === 'cancelled')
    throw new GuardError(problem('cancelled', 'cancelled while the snapshot was taken', about(waited.seen)));
  if (waited.end === 'deadline') {
    throw new GuardError(
      problem('snapshot-timeout', `not available after ${request.snapshotTimeoutMs} ms`, {
        ...about(waited.seen),
        timeout: request.snapshotTimeoutMs,
      }),
    );
  }
  return `${plan.snapshotIdentifier} is available`;
}

/** Makes the snapshot of a dead run ours; undefined when there is none (any more). */
async function adopt(guard: Guard, plan: Plan, ours: Tags): Promise<SnapshotFacts | undefined> {
  if (plan.adopted === undefined) return undefined;
  const recovery = await guard.ports.recovery();
  const [snapshot] = (await recovery.snapshots(plan.snapshotIdentifier)).snapshots;
  if (snapshot !== undefined) await recovery.tag(snapshot.arn, ours);
  return snapshot;
}

function seen(guard: Guard, snapshot: SnapshotFacts): void {
  const { identifier, arn, status, percent } = snapshot;
  const before = guard.run.snapshot;
  if (before?.status === status && before.percent === percent) return;
  guard.emit({ type: 'snapshot-seen', identifier, arn, status, percent });
}

const about = (snapshot: SnapshotFacts): Record<string, string | number | undefined> => ({
  snapshot: snapshot.identifier,
  status: snapshot.status,
  percent: snapshot.percent,
});

/** Writes how far the run got onto a resource of ours; a refusal is a warning. */
export async function tagPhase(
  guard: Guard,
  arn: string | undefined,
  phase: Phase,
  more: Tags = {},
): Promise<void> {
  if (arn === undefined) return;
  try {
    await (await guard.ports.recovery()).tag(arn, { [TAG.phase]: phase, ...more });
  } catch (error) {
    guard.warn('tag-failed', { arn, phase, detail: firstProblem(error).detail });
  }
}

/** Deletes the oldest snapshots of ours of this database, never one of a failed or unfinished run. */
export async function pruneSnapshots(guard: Guard, source: InstanceFacts): Promise<string> {
  const recovery = await guard.ports.recovery();
  const own = ownSnapshots((await recovery.snapshots()).snapshots, source);
  const judged = judgeSnapshots(own, {
    keep: guard.request.snapshotKeep,
    settled: PRUNED_PHASES,
    before: undefined,
    open: new Set(),
  });
  const surplus = judged.flatMap(([each, { verdict }]) =>
    verdict === 'delete' && each.identifier !== guard.run.snapshot?.identifier ? [each] : [],
  );
  for (const each of surplus) {
    try {
      await recovery.deleteSnapshot(each.identifier);
    } catch (error) {
      guard.warn('prune-failed', { snapshot: each.identifier, detail: firstProblem(error).detail });
    }
  }
  return surplus.length === 0
    ? 'nothing to delete'
    : `deleted ${surplus.map((each) => each.identifier).join(', ')}`;
}
