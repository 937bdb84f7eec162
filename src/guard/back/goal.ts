import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Goal } from '../../domain/going-back.ts';
import { restoredName } from '../../domain/names.ts';
import { GuardError, type Problem, problem } from '../../domain/problem.ts';
import type { RunIdentity } from '../../domain/request.ts';
import { chooseWay, iso } from '../../domain/restore-goal.ts';
import {
  type PointInQuestion,
  pointOfRun,
  pointOfSnapshot,
  restoredFor,
} from '../../domain/restore-points.ts';
import { TAG } from '../../domain/tags.ts';
import type { RestoreWindow } from '../../ports/fleet.ts';
import type { Guard } from '../context.ts';
import { observeTarget } from '../second-look.ts';

/** Where a rollback goes, and with what. */
export interface Destination {
  readonly goal: Goal;
  readonly source: InstanceFacts;
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

interface Sight {
  readonly source: InstanceFacts;
  readonly snapshots: readonly SnapshotFacts[];
  readonly instances: readonly InstanceFacts[];
  readonly window: RestoreWindow | undefined;
}

/** Looks at AWS, changes nothing. Throws everything for which a rollback is refused. */
export async function findDestination(guard: Guard): Promise<Destination> {
  const sight = await lookAround(guard);
  const point = await pointAsked(guard, sight);
  const { request, options, ports } = guard;
  const { source, instances } = sight;
  const found = restoredFor(point, instances, source, request.restoredIdentifier);
  const identity = ownerOf(point, options.identity);
  const identifier =
    found?.identifier ?? request.restoredIdentifier ?? restoredName(source.identifier, identity);
  if (found === undefined) refuseTaken(identifier, instances);
  const choice =
    found === undefined
      ? chooseWay(point, sight.window, source, ports.clock.now())
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
    },
    ...{ source, identity, identifier, snapshot, found },
    gap:
      snapshot === undefined || point.recorded.marks === undefined
        ? undefined
        : 'the counters were recorded some time after the snapshot; what was written in between is not in them',
  };
}

async function lookAround(guard: Guard): Promise<Sight> {
  const fleet = await guard.ports.fleet();
  // Only then is it known whether the identifiers are those of clusters.
  const target = await observeTarget(guard);
  const instances = await fleet.all();
  const source = target.instance;
  const window = await fleet.window(source.resourceId);
  return { source, snapshots: target.manualSnapshots, instances, window };
}

async function pointAsked(guard: Guard, { source, snapshots, instances }: Sight): Promise<PointInQuestion> {
  const { runId, snapshotIdentifier, restoreTime } = guard.request;
  if (runId !== undefined) return known(pointOfRun(runId, snapshots, instances, source));
  if (snapshotIdentifier !== undefined) {
    // An automated snapshot is not in the list of the manual ones.
    const named = (await (await guard.ports.recovery()).snapshots(snapshotIdentifier)).snapshots[0];
    return known(pointOfSnapshot(snapshotIdentifier, named, source));
  }
  const recorded = { fingerprint: undefined, marks: undefined };
  return { time: restoreTime, run: undefined, snapshot: undefined, recorded, isSnapshot: false };
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

function refuseTaken(identifier: string, instances: readonly InstanceFacts[]): void {
  const taken = instances.find((each) => each.identifier === identifier);
  if (taken === undefined) return;
  throw new GuardError(
    problem('instance-name-taken', `${identifier} exists already and is no restore to that point`, {
      instance: identifier,
      status: taken.status,
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
