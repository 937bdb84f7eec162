import { withHost } from '../../domain/connection-url.ts';
import type { DatabaseSnapshot, InstanceFacts, RestorePoint } from '../../domain/facts.ts';
import { isReachable, isTerminal } from '../../domain/instance-state.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import { watchName } from '../../domain/request.ts';
import { Secret } from '../../domain/secret.ts';
import { mergedTags, ourTags } from '../../domain/tags.ts';
import type { Session } from '../../ports/engine.ts';
import { restoreFromSnapshot, takeFound } from '../back/restore-back.ts';
import type { Guard } from '../context.ts';
import { differences } from '../judge.ts';
import type { RestoreOrder } from '../restore-order.ts';
import { type WaitEnd, waitUntil } from '../wait.ts';

/** Asks RDS for the restore beside production, or goes on with one that is there. */
export async function requestRestore(guard: Guard, order: RestoreOrder, deadline: number): Promise<string> {
  if (order.found !== undefined) return takeFound(guard, order.found);
  const { snapshot } = order;
  const restored =
    snapshot === undefined
      ? await restoreToTime(guard, order, deadline)
      : await restoreFromSnapshot(guard, order, snapshot);
  const { identifier, arn, resourceId } = restored;
  guard.emit({ type: 'restore-requested', identifier, arn, resourceId });
  return `RDS accepted the restore of ${identifier} to ${snapshot?.identifier ?? order.time}`;
}

/** Waits until the log reaches past the restore point first. */
async function restoreToTime(guard: Guard, order: RestoreOrder, deadline: number): Promise<InstanceFacts> {
  const { source, time, identity } = order;
  const recovery = await guard.ports.recovery();
  const wanted = Date.parse(time);
  if (order.isRetained !== true) await awaitLog(guard, order, wanted, deadline);
  const ours = ourTags(identity, {
    sourceResourceId: source.resourceId,
    phase: 'restoring',
    restoreTime: time,
  });
  const tags = mergedTags(source.tags, { ...ours, ...order.tags });
  const sourceBy = order.sourceBy ?? 'identifier';
  return recovery.restoreToTime({ source, sourceBy, identifier: order.identifier, time, tags });
}

async function awaitLog(
  guard: Guard,
  { source, time, isBrief }: RestoreOrder,
  wanted: number,
  deadline: number,
): Promise<void> {
  const recovery = await guard.ports.recovery();
  const waited = await waitUntil<InstanceFacts | undefined>({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: () => recovery.instance(source.identifier),
    until: (seen) => (seen?.latestRestorableTime ?? 0) > wanted,
  });
  if (waited.end === 'reached') return;
  const late = isBrief === true ? 'restore-later' : 'restore-timeout';
  throw new GuardError(
    problem(
      waited.end === 'cancelled' ? 'cancelled' : late,
      'LatestRestorableTime has not passed the restore point yet',
      { instance: source.identifier, restoreTime: time, timeout: guard.request.restoreTimeoutMs },
    ),
  );
}

/** How long SQL may stay silent after RDS calls the instance available. */
const SQL_GRACE_MS = 120_000;

export type RestoredAnswer =
  | { readonly session: Session }
  | { readonly session: undefined; readonly detail: string };

/**
 * Waits until the restored database answers SQL. `backing-up` is reachable: since 2025 RDS takes hours for a
 * first backup before it says `available` (terraform-provider-aws#44104).
 */
export async function awaitRestored(
  guard: Guard,
  identifier: string,
  url: Secret,
  deadline: number,
): Promise<RestoredAnswer> {
  const recovery = await guard.ports.recovery();
  let reachableSince: number | undefined;
  const waited: WaitEnd<RestoredAnswer> = await waitUntil<RestoredAnswer>({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: async () => {
      const seen = await recovery.instance(identifier);
      if (seen === undefined)
        throw new GuardError(
          problem('restore-failed', `${identifier} is gone`, { instance: identifier, status: 'gone' }),
        );
      noteRestore(guard, seen);
      if (isTerminal(seen.status))
        throw new GuardError(
          problem('restore-failed', `status ${seen.status}`, { instance: identifier, status: seen.status }),
        );
      if (!isReachable(seen.status) || seen.endpoint === undefined)
        return { session: undefined, detail: seen.status };
      reachableSince ??= guard.ports.clock.now();
      return answer(guard, new Secret(withHost(url.reveal(), seen.endpoint)));
    },
    until: (now) =>
      now.session !== undefined ||
      (reachableSince !== undefined && guard.ports.clock.now() - reachableSince > SQL_GRACE_MS),
  });
  if (waited.end === 'reached') return waited.seen;
  throw new GuardError(
    problem(
      waited.end === 'cancelled' ? 'cancelled' : 'restore-timeout',
      `the restored database does not answer yet`,
      { instance: identifier, timeout: guard.request.restoreTimeoutMs },
    ),
  );
}

async function answer(guard: Guard, url: Secret): Promise<RestoredAnswer> {
  try {
    return { session: await (await guard.ports.engine()).connect(url, watchName(guard.options.identity)) };
  } catch (error) {
    return { session: undefined, detail: error instanceof Error ? error.message : String(error) };
  }
}

function noteRestore(guard: Guard, seen: InstanceFacts): void {
  const before = guard.run.restore;
  if (before?.status === seen.status && before.endpoint?.address === seen.endpoint?.address) return;
  guard.emit({
    type: 'restore-seen',
    status: seen.status,
    endpoint: seen.endpoint,
    resourceId: seen.resourceId,
  });
}

/** Compares the restored database with what was recorded at the restore point: schema and history. */
export async function verifyRestored(session: Session, point: RestorePoint): Promise<readonly string[]> {
  const restored = await session.state();
  return [...differences(point.state, restored), ...historyDifferences(point.state, restored)];
}

function historyDifferences(wanted: DatabaseSnapshot, got: DatabaseSnapshot): readonly string[] {
  const line = (snapshot: DatabaseSnapshot): ReadonlySet<string> =>
    new Set(
      (snapshot.history ?? []).map((row) => `${row.id} ${row.name} ${row.finishedAt} ${row.rolledBackAt}`),
    );
  const [before, after] = [line(wanted), line(got)];
  const names = [...before]
    .filter((each) => !after.has(each))
    .concat([...after].filter((each) => !before.has(each)));
  return names.map((each) => `history row of ${each.split(' ')[1] ?? each}`);
}
