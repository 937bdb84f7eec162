import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import { isTerminal, snapshotState, takesMembers } from '../../domain/instance-state.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import { wasPutBack } from '../../domain/restore-points.ts';
import { mergedTags, ourTags, TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import type { RestoreOrder } from '../restore-order.ts';
import { waitUntil } from '../wait.ts';

/** Goes on with the restore of an earlier job: nothing is asked of AWS. */
export function takeFound(guard: Guard, found: InstanceFacts): string {
  const { identifier, arn, resourceId, status, endpoint, tags } = found;
  const undone: string | undefined = wasPutBack(found) ? tags[TAG.promotion] : undefined;
  guard.emit({ type: 'restore-requested', found: true, identifier, arn, resourceId });
  guard.emit({ type: 'restore-seen', status, endpoint, resourceId });
  guard.emit({
    type: 'notice',
    notice:
      undone === undefined
        ? { code: 'restore-found', level: 'notice', fields: { identifier, status } }
        : { code: 'restore-found', level: 'warning', fields: { identifier, status, undone } },
  });
  return `${identifier} exists already`;
}

/** Waits for the snapshot when it is still being made, then asks RDS for an instance made from it. */
export async function restoreFromSnapshot(
  guard: Guard,
  order: RestoreOrder,
  given: SnapshotFacts,
): Promise<InstanceFacts> {
  const { source, identity } = order;
  const snapshot = await awaitSnapshot(guard, given);
  const ours = ourTags(identity, { sourceResourceId: source.resourceId, phase: 'restoring' });
  return (await guard.ports.fleet()).restoreSnapshot({
    source,
    snapshot,
    identifier: order.identifier,
    tags: mergedTags(source.tags, { ...ours, ...order.tags, [TAG.snapshot]: snapshot.identifier }),
  });
}

async function awaitSnapshot(guard: Guard, given: SnapshotFacts): Promise<SnapshotFacts> {
  if (snapshotState(given.status) === 'ready') return given;
  const { clock } = guard.ports;
  const recovery = await guard.ports.recovery();
  const { identifier } = given;
  const waited = await waitUntil<SnapshotFacts>({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + guard.request.snapshotTimeoutMs,
    look: async () => {
      const seen = (await recovery.snapshots(identifier)).snapshots[0];
      if (seen === undefined || snapshotState(seen.status) === 'failed')
        throw new GuardError(
          problem('snapshot-not-found', `the snapshot is ${seen?.status ?? 'gone'}`, {
            snapshot: identifier,
            status: seen?.status,
          }),
        );
      const { arn, status, percent } = seen;
      if (guard.run.snapshot?.status !== status || guard.run.snapshot.percent !== percent)
        guard.emit({ type: 'snapshot-seen', identifier, arn, status, percent });
      return seen;
    },
    until: (seen) => snapshotState(seen.status) === 'ready',
    percent: (seen) => seen.percent,
  });
  if (waited.end === 'reached') return waited.seen;
  throw new GuardError(
    problem(
      waited.end === 'cancelled' ? 'cancelled' : 'snapshot-timeout',
      'the snapshot to restore is not available yet',
      { snapshot: identifier, status: waited.seen.status, timeout: guard.request.snapshotTimeoutMs },
    ),
  );
}

/** A restored cluster has no instances: nothing answers SQL until some are added, and that only once it is available. */
export async function addMembers(guard: Guard, order: RestoreOrder, deadline: number): Promise<string> {
  const recovery = await guard.ports.recovery();
  const waited = await waitUntil<InstanceFacts | undefined>({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: async () => {
      const now = await recovery.instance(order.identifier);
      const status = now?.clusterStatus ?? now?.status ?? 'gone';
      if (now === undefined || isTerminal(status))
        throw new GuardError(
          problem('restore-failed', `status ${status}`, { instance: order.identifier, status }),
        );
      return now;
    },
    until: (seen) => seen !== undefined && takesMembers(seen),
  });
  const { seen } = waited;
  if (waited.end !== 'reached' || seen === undefined)
    throw new GuardError(
      problem(
        waited.end === 'cancelled' ? 'cancelled' : 'restore-timeout',
        'the cluster is not available yet',
        {
          instance: order.identifier,
          timeout: guard.request.restoreTimeoutMs,
        },
      ),
    );
  const added = await (await guard.ports.settings()).addMembers(order.source, seen);
  return added.length === 0 ? 'its instances are there already' : `added ${added.join(', ')}`;
}
