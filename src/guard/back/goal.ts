import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Goal } from '../../domain/going-back.ts';
import { halfDone } from '../../domain/half-done.ts';
import { lineageOf, lineageOfGone } from '../../domain/lineage.ts';
import { restoredName } from '../../domain/names.ts';
import { GuardError, isProblem, type Problem, problem } from '../../domain/problem.ts';
import { findPair, isHalfDone } from '../../domain/promotion-pair.ts';
import type { RunIdentity } from '../../domain/request.ts';
import { chooseWay, iso } from '../../domain/restore-goal.ts';
import {
  type Asker,
  type PointInQuestion,
  pointAt,
  pointOfRun,
  pointOfSnapshot,
  restoredFor,
  wasPutBack,
} from '../../domain/restore-points.ts';
import { isOurs, TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { observeTarget } from '../second-look.ts';
import { findStart, notFound, type Sight, type Start } from './origin.ts';

/** Where a rollback goes, and with what. */
export interface Destination {
  readonly goal: Goal;
  /** What is restored from; production itself unless the goal has an origin. */
  readonly start: Start;
  /** Whoever has the name of production; undefined when nobody has. */
  readonly production: InstanceFacts | undefined;
  /** The run whose point it is, or this one: its name and tags are on the restored database. */
  readonly identity: RunIdentity;
  readonly identifier: string;
  /** To restore; undefined for a point in time. */
  readonly snapshot: SnapshotFacts | undefined;
  /** What an earlier job restored to this very point. */
  readonly found: InstanceFacts | undefined;
  /** Why the recorded counters do not reach back to the goal; undefined when they do. */
  readonly gap: string | undefined;
}

/** Looks at AWS, changes nothing. Throws everything for which a rollback is refused. */
export async function findDestination(guard: Guard): Promise<Destination> {
  const sight = await lookAround(guard);
  const point = await pointAsked(guard, sight);
  const { request, options, ports } = guard;
  const { production, instances } = sight;
  const start = await findStart(guard, sight, point);
  const { source, origin } = start;
  const asked = { ...point, owner: source.resourceId };
  const found = foundFor(guard, sight, asked);
  const identity = ownerOf(point, options.identity);
  const identifier =
    found?.identifier ?? request.restoredIdentifier ?? freeName(sight, identity, options.identity);
  if (found === undefined) refuseTaken(identifier, instances);
  const choice =
    found === undefined
      ? chooseWay(point, start.window, source, ports.clock.now())
      : ({ way: wayOf(found), why: `${found.identifier} was restored to it already` } as const);
  if (choice.way === 'none') throw new GuardError(choice.problem);
  const snapshot = choice.way === 'snapshot' ? point.snapshot : undefined;
  return {
    goal: {
      time: timeOf(point, snapshot),
      way: choice.way,
      snapshot: point.snapshot?.identifier,
      run: point.run,
      why: choice.why,
      recorded: point.recorded,
      ...(origin === undefined ? {} : { origin }),
    },
    ...{ start, production, identity, identifier, snapshot, found },
    gap: point.recorded.marks === undefined ? undefined : gapOf(start, snapshot),
  };
}

/** One that was put back may have served: it is taken only where no other is there, and in one go with a cut-over only by name. */
function foundFor({ request }: Guard, sight: Sight, asked: PointInQuestion): InstanceFacts | undefined {
  const among = (instances: readonly InstanceFacts[]): InstanceFacts | undefined =>
    restoredFor(asked, instances, askerOf(sight), request.restoredIdentifier);
  const found = among(sight.instances.filter((each) => !wasPutBack(each))) ?? among(sight.instances);
  if (found === undefined || !wasPutBack(found)) return found;
  if (request.promote === 'never' || request.restoredIdentifier !== undefined) return found;
  const { identifier, tags } = found;
  const run = tags[TAG.promotion] ?? 'unknown';
  const why = `${identifier} took part in the promotion of run ${run}, which was undone, and may hold what was written to it meanwhile; with its name in restored-identifier it is taken all the same, and with a new name there a copy without those writes`;
  throw new GuardError(problem('promotion-refused', why, { instance: sight.name, restored: identifier }));
}

function gapOf({ origin }: Start, snapshot: SnapshotFacts | undefined): string | undefined {
  if (origin !== undefined)
    return `the counters were recorded in ${origin.identifier}, and another database has its name now`;
  return snapshot === undefined
    ? undefined
    : 'the counters were recorded some time after the snapshot; what was written in between is not in them';
}

async function lookAround(guard: Guard): Promise<Sight> {
  const fleet = await guard.ports.fleet();
  // Only then is it known whether the identifiers are those of clusters.
  const target = await observeTarget(guard).catch((error: unknown) => {
    // The backup of a cluster does not tell what instances it had.
    if (isProblem(error, 'instance-not-found') && guard.request.targetKind === 'instance') return undefined;
    throw error;
  });
  const instances = await fleet.all();
  if (target === undefined) return withoutProduction(guard, instances);
  const { instance: production, manualSnapshots: snapshots } = target;
  const name = production.identifier;
  return { name, production, snapshots, instances, lineage: lineageOf(name, production, instances) };
}

/** Nobody has the name: it was deleted, or a promotion is between its two renames. */
async function withoutProduction(guard: Guard, instances: readonly InstanceFacts[]): Promise<Sight> {
  const name = guard.request.instance;
  const pair = findPair(instances, name);
  if (pair !== undefined && isHalfDone(pair))
    throw new GuardError(halfDone({ identifier: name }, (pair.new ?? pair.old)?.tags ?? {}));
  const { snapshots } = await (await guard.ports.recovery()).snapshots();
  const lineage = lineageOfGone(name, snapshots, instances);
  return { name, production: undefined, snapshots, instances, lineage };
}

const askerOf = ({ name, production, lineage }: Sight): Asker => ({
  identifier: name,
  resourceId: production?.resourceId,
  lineage,
});

async function pointAsked(guard: Guard, sight: Sight): Promise<PointInQuestion> {
  const { runId, snapshotIdentifier, restoreTime } = guard.request;
  const { snapshots, instances, production, lineage } = sight;
  if (production === undefined && lineage.size === 0 && restoreTime === undefined) throw notFound(guard);
  const asker = askerOf(sight);
  if (runId !== undefined) return known(pointOfRun(runId, snapshots, instances, asker));
  if (snapshotIdentifier !== undefined) {
    // An automated snapshot is not in the list of the manual ones.
    const named = (await (await guard.ports.recovery()).snapshots(snapshotIdentifier)).snapshots[0];
    return known(pointOfSnapshot(snapshotIdentifier, named, asker, instances));
  }
  return pointAt(restoreTime, snapshots, asker);
}

function known(point: PointInQuestion | Problem): PointInQuestion {
  if ('code' in point) throw new GuardError(point);
  return point;
}

/** A restore for a run belongs to that run: whoever asks for it again finds it. */
function ownerOf(point: PointInQuestion, self: RunIdentity): RunIdentity {
  if (point.run === undefined || point.isSnapshot) return self;
  const dash = point.run.lastIndexOf('-');
  return {
    ...self,
    runId: point.run.slice(0, dash),
    attempt: point.run.slice(dash + 1),
    sha: point.snapshot?.tags[TAG.sha] ?? self.sha,
  };
}

/** A promoted database may get that name back in an undo, and the instances of its cluster keep theirs. */
function freeName({ name, instances }: Sight, owner: RunIdentity, self: RunIdentity): string {
  const usual = restoredName(name, owner);
  return instances.some(({ tags }) => tags[TAG.restored] === usual) ? restoredName(name, self) : usual;
}

function refuseTaken(identifier: string, instances: readonly InstanceFacts[]): void {
  const taken = instances.find((each) => each.identifier === identifier);
  if (taken === undefined) return;
  throw new GuardError(
    problem('instance-name-taken', `${identifier} exists already and is no restore to that point`, {
      instance: identifier,
      status: taken.status,
      ...(isOurs(taken.tags) && taken.tags[TAG.phase] === 'mismatch' ? { differs: 'yes' } : {}),
    }),
  );
}

const wayOf = (found: InstanceFacts): Goal['way'] =>
  found.tags[TAG.snapshot] === undefined ? 'point-in-time' : 'snapshot';

/** For a snapshot the moment at which it was taken, as far as AWS tells. */
function timeOf(point: PointInQuestion, snapshot: SnapshotFacts | undefined): string | undefined {
  if (snapshot === undefined) return point.time;
  return snapshot.createdAt === undefined ? undefined : iso(snapshot.createdAt);
}
