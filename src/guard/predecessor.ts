import type { Status } from '../domain/event.ts';
import type { HistoryRow, InstanceFacts, TargetFacts } from '../domain/facts.ts';
import { halfDoneOn } from '../domain/half-done.ts';
import { restoredName } from '../domain/names.ts';
import { type PlannedStep, stepsOnly } from '../domain/plan.ts';
import { findPredecessor, type Predecessor, predecessorIdentity } from '../domain/predecessor.ts';
import { GuardError, type Problem, problem } from '../domain/problem.ts';
import { applicationName, type RunIdentity } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import { marksIn } from '../domain/write-marks.ts';
import type { Session } from '../ports/engine.ts';
import { measureLoss } from './back/write-loss.ts';
import type { Guard } from './context.ts';
import { type FirstLook, guardSession } from './observe.ts';
import { recover } from './recover.ts';
import { observeTarget } from './second-look.ts';
import { tell } from './steps/alert.ts';
import { stopMigration } from './stop.ts';
import { urlIn } from './urls.ts';

/** An earlier run's damage, as this run found it. */
interface Damage {
  readonly predecessor: Predecessor & { readonly restoreTime: string };
  readonly row: HistoryRow;
  readonly source: InstanceFacts;
}

/** The quiet second stands between the restore point and the first row; the runner's clock may be off by some. */
const SKEW_MS = 30_000;

/**
 * A failed row that an earlier run of ours left: the deploy is refused, and what that run could not finish is
 * finished, so that the restore it promised exists, once. Undefined when the row is nobody's of ours, or AWS
 * cannot be asked; then the ordinary refusal stands. Only under the guard's lock: without it that run may be alive.
 */
export async function finishPredecessor(guard: Guard, first: FirstLook): Promise<Status | undefined> {
  const damage = await findDamage(guard, first);
  if (damage === undefined) return undefined;
  const { predecessor, source, row } = damage;
  const half = halfDoneOn(source);
  if (half !== undefined) throw new GuardError(half);
  const identity = predecessorIdentity(predecessor, guard.options.identity);
  const identifier = guard.request.restoredIdentifier ?? restoredName(source.identifier, identity);
  const url = urlIn(first.urls, first.environment);
  await stopOrphan(guard, url, identity);
  const isWanted = guard.request.onFailure !== 'alert';
  guard.emit({ type: 'refused', problems: [unresolved(damage, isWanted ? identifier : undefined)] });
  await tell(guard, 'failure');
  if (!isWanted) return 'refused';
  guard.emit({
    type: 'planned',
    plan: stepsOnly(steps(identifier, guard.request.waitForRestore, source.kind === 'cluster'), {
      adopted: predecessor.run,
      snapshotIdentifier: predecessor.snapshot.identifier,
      restoredIdentifier: identifier,
      sourceTags: source.tags,
    }),
  });
  return recover(guard, {
    identifier,
    source,
    time: predecessor.restoreTime,
    identity,
    url,
    verify: (session) => compare(session, predecessor, row),
    // No cut-over here: hours may have passed since, and a person must weigh what was written.
    afterwards: async () => {
      const marks = marksIn(predecessor.snapshot.tags);
      await measureLoss(guard, { url, since: predecessor.restoreTime, marks });
      return 'restored';
    },
  });
}

async function findDamage(guard: Guard, first: FirstLook): Promise<Damage | undefined> {
  const [row] = first.comparison.open;
  if (row === undefined) return undefined;
  let target: TargetFacts;
  try {
    target = await observeTarget(guard);
  } catch {
    return undefined;
  }
  const predecessor = findPredecessor(target.manualSnapshots, target.instance, guard.options.identity);
  const restoreTime = predecessor?.restoreTime;
  if (predecessor === undefined || restoreTime === undefined) return undefined;
  // Somebody migrates by hand: the open row is theirs.
  const name = applicationName(predecessorIdentity(predecessor, guard.options.identity));
  if (first.activity.advisoryLockHolders.some((each) => each.applicationName !== name)) return undefined;
  // An older failed row is not what that run left.
  if (row.startedAt < Date.parse(restoreTime) - SKEW_MS) return undefined;
  return { predecessor: { ...predecessor, restoreTime }, row, source: target.instance };
}

/** The guard's lock was free, so nobody watches that session any more: it must not go on while we restore. */
async function stopOrphan(guard: Guard, url: Secret, identity: RunIdentity): Promise<void> {
  const name = applicationName(identity);
  const session = await guardSession(guard, url);
  try {
    const { ours } = await session.activity(name);
    if (ours.length === 0) return;
    guard.emit({ type: 'stopping', reason: 'watch-lost' });
    const stopped = await stopMigration(guard.ports.clock, session, name, undefined);
    guard.emit({ type: 'stopped', ...stopped });
  } finally {
    await session.close().catch(() => undefined);
  }
}

const unresolved = ({ predecessor, row }: Damage, restored: string | undefined): Problem =>
  problem('predecessor-unresolved', `run ${predecessor.run} left ${row.name} unfinished`, {
    run: predecessor.run,
    migration: row.name,
    restoreTime: predecessor.restoreTime,
    restored,
    logs: row.logs === null || row.logs === '' ? undefined : row.logs.slice(0, 2000),
  });

/** The tags hold the digest of the schema; the history must not have the failed row. */
async function compare(
  session: Session,
  predecessor: Predecessor,
  row: HistoryRow,
): Promise<readonly string[]> {
  const restored = await session.state();
  const schema =
    predecessor.fingerprint === undefined || predecessor.fingerprint === restored.fingerprint.digest;
  const history = (restored.history ?? []).some((each) => each.id === row.id);
  return [...(schema ? [] : ['the schema']), ...(history ? [`history row of ${row.name}`] : [])];
}

const steps = (identifier: string, wait: boolean, isCluster: boolean): readonly PlannedStep[] => [
  {
    kind: 'restore',
    when: 'always',
    title: `Restore to the restore point of the earlier run as ${identifier}`,
  },
  ...(wait
    ? ([
        ...(isCluster
          ? ([{ kind: 'add-members', when: 'always', title: `Add instances to ${identifier}` }] as const)
          : []),
        { kind: 'wait-restore', when: 'always', title: 'Wait until the restored database answers SQL' },
        {
          kind: 'verify-restore',
          when: 'always',
          title: 'Compare the restored database with the restore point',
        },
      ] as const)
    : []),
];
