import type { InstanceFacts, SnapshotFacts } from './facts.ts';
import type { RecordedState } from './going-back.ts';
import type { Lineage } from './lineage.ts';
import { type Problem, problem } from './problem.ts';
import { isOurs, type Phase, TAG, type Tags } from './tags.ts';
import { marksIn } from './write-marks.ts';

/** A moment to go back to, before anybody asked by which way it can be reached. */
export interface PointInQuestion {
  /** ISO-8601 whole second; undefined when no restore point was marked, or a snapshot is asked for. */
  readonly time: string | undefined;
  /** `<run id>-<attempt>` of the run that marked it. */
  readonly run: string | undefined;
  /** Of that run, or the one that was asked for. */
  readonly snapshot: SnapshotFacts | undefined;
  readonly recorded: RecordedState;
  /** True when the snapshot itself is the goal. */
  readonly isSnapshot: boolean;
  /** Resource id of the database whose moment it is; undefined: of the one that serves. */
  readonly owner: string | undefined;
}

/** The name that is gone back for, and whose moments count as its own. */
export interface Asker {
  readonly identifier: string;
  /** Undefined when nobody has the name now. */
  readonly resourceId: string | undefined;
  readonly lineage: Lineage;
}

const stateIn = (tags: Tags): RecordedState => ({ fingerprint: tags[TAG.fingerprint], marks: marksIn(tags) });

const attemptOf = (run: string): number => Number(run.slice(run.lastIndexOf('-') + 1));

/**
 * The restore point of a run, by the tags of its snapshot and of what was restored for it; of several attempts the
 * newest that has one. `asked` is `<run id>` with or without `-<attempt>`.
 */
export function pointOfRun(
  asked: string,
  snapshots: readonly SnapshotFacts[],
  instances: readonly InstanceFacts[],
  asker: Asker,
): PointInQuestion | Problem {
  const isAsked = (tags: Tags): boolean => {
    const run = tags[TAG.run] ?? '';
    return (
      isOurs(tags) &&
      (run === asked || (!asked.includes('-') && run.slice(0, run.lastIndexOf('-')) === asked))
    );
  };
  const isHere = (tags: Tags): boolean => asker.lineage.has(tags[TAG.sourceResourceId] ?? '');
  const taken = snapshots.filter((each) => isAsked(each.tags));
  const runs = [...taken, ...instances]
    .filter(({ tags }) => isAsked(tags) && isHere(tags))
    .map(({ tags }) => tags[TAG.run] ?? '');
  const points = [...new Set(runs)]
    .sort((a, b) => attemptOf(b) - attemptOf(a))
    .map((run): PointInQuestion => {
      const of = ({ tags }: { readonly tags: Tags }): boolean => tags[TAG.run] === run && isHere(tags);
      const snapshot = taken.find(of);
      const tags = snapshot?.tags ?? instances.find(of)?.tags ?? {};
      const time = tags[TAG.restoreTime] ?? instances.find(of)?.tags[TAG.restoreTime];
      const owner = tags[TAG.sourceResourceId];
      return { time, run, snapshot, recorded: stateIn(snapshot?.tags ?? {}), isSnapshot: false, owner };
    });
  const found =
    points.find((each) => each.time !== undefined) ?? points.find((each) => each.snapshot !== undefined);
  if (found !== undefined) return found;
  const foreign = taken.find((each) => each.sourceIdentifier === asker.identifier);
  return foreign === undefined
    ? problem('restore-point-unknown', `nothing carries the tags of run ${asked}`, { run: asked })
    : foreignSnapshot(foreign, asker, instances);
}

/** A second that was asked for; when a run marked just that one, with what the run recorded then and its snapshot. */
export function pointAt(
  time: string | undefined,
  snapshots: readonly SnapshotFacts[],
  asker: Asker,
): PointInQuestion {
  const marked = snapshots.find(
    ({ tags }) =>
      time !== undefined &&
      isOurs(tags) &&
      tags[TAG.restoreTime] === time &&
      asker.lineage.has(tags[TAG.sourceResourceId] ?? ''),
  );
  const recorded = stateIn(marked?.tags ?? {});
  return {
    time,
    run: undefined,
    snapshot: marked,
    recorded,
    isSnapshot: false,
    owner: marked?.tags[TAG.sourceResourceId],
  };
}

/** A snapshot that was asked for by name, checked for whose it is. */
export function pointOfSnapshot(
  identifier: string,
  snapshot: SnapshotFacts | undefined,
  asker: Asker,
  instances: readonly InstanceFacts[],
): PointInQuestion | Problem {
  if (snapshot === undefined)
    return problem('snapshot-not-found', `no snapshot ${identifier}`, { snapshot: identifier });
  const { sourceResourceId: owner, sourceIdentifier } = snapshot;
  const isByName = owner === undefined || asker.resourceId === undefined;
  const isOwn =
    (owner !== undefined && asker.lineage.has(owner)) || (isByName && sourceIdentifier === asker.identifier);
  if (!isOwn) return foreignSnapshot(snapshot, asker, instances);
  return {
    time: undefined,
    run: isOurs(snapshot.tags) ? snapshot.tags[TAG.run] : undefined,
    snapshot,
    recorded: stateIn(snapshot.tags),
    isSnapshot: true,
    owner,
  };
}

/** No tag tells that the two had the same name; whoever knows better can name the other one. */
function foreignSnapshot(
  snapshot: SnapshotFacts,
  { identifier, resourceId = 'unknown' }: Asker,
  instances: readonly InstanceFacts[],
): Problem {
  const owner = snapshot.sourceResourceId ?? snapshot.tags[TAG.sourceResourceId] ?? 'unknown';
  const named = (name: string, id: string): string => `${name} with the resource id ${id}`;
  return problem('snapshot-foreign', `${snapshot.identifier} is of ${owner}, not of ${resourceId}`, {
    snapshot: snapshot.identifier,
    source: named(snapshot.sourceIdentifier, owner),
    instance: named(identifier, resourceId),
    owner: instances.find((each) => each.resourceId === owner)?.identifier,
    time: isOurs(snapshot.tags) ? snapshot.tags[TAG.restoreTime] : undefined,
  });
}

const RESUMABLE: ReadonlySet<string> = new Set<Phase>(['restoring', 'restored', 'unverified', 'undone']);

/** Its promotion was undone: if it had the name of production meanwhile, it holds what was written to it then. */
export const wasPutBack = ({ tags }: Pick<InstanceFacts, 'tags'>): boolean => tags[TAG.phase] === 'undone';

/** The restore to that very point which an earlier job requested; undefined when there is none to go on with. */
export const restoredFor = (
  point: PointInQuestion,
  instances: readonly InstanceFacts[],
  asker: Pick<Asker, 'identifier' | 'resourceId'>,
  wanted: string | undefined,
): InstanceFacts | undefined =>
  instances.find(
    ({ identifier, tags }) =>
      identifier !== asker.identifier &&
      isOurs(tags) &&
      tags[TAG.sourceResourceId] === (point.owner ?? asker.resourceId) &&
      RESUMABLE.has(tags[TAG.phase] ?? '') &&
      (wanted === undefined || identifier === wanted) &&
      isOf(point, tags),
  );

function isOf(point: PointInQuestion, tags: Tags): boolean {
  if (point.isSnapshot) return tags[TAG.snapshot] === point.snapshot?.identifier;
  if (point.run !== undefined && tags[TAG.run] !== point.run) return false;
  const bySnapshot = tags[TAG.snapshot];
  if (bySnapshot !== undefined) return point.run !== undefined && bySnapshot === point.snapshot?.identifier;
  return point.time !== undefined && tags[TAG.restoreTime] === point.time;
}
