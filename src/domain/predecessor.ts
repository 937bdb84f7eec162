import type { InstanceFacts, SnapshotFacts } from './facts.ts';
import type { RunIdentity } from './request.ts';
import { isOurs, type Phase, runTag, TAG } from './tags.ts';

/** An earlier run that did not reach a clear end, as the tags of its snapshot tell it. */
export interface Predecessor {
  /** `<run id>-<attempt>`. */
  readonly run: string;
  readonly phase: 'snapshot' | 'migrating' | 'failed';
  readonly snapshot: SnapshotFacts;
  /** ISO-8601 whole second; undefined when the run died before it marked one. */
  readonly restoreTime: string | undefined;
  /** Digest of the schema at the restore point. */
  readonly fingerprint: string | undefined;
}

const UNFINISHED: ReadonlySet<string> = new Set<Phase>(['snapshot', 'migrating', 'failed']);

/** The newest unfinished run of this database; undefined when every run before us reached its end. */
export function findPredecessor(
  snapshots: readonly SnapshotFacts[],
  source: InstanceFacts,
  self: RunIdentity,
): Predecessor | undefined {
  const newest = snapshots
    .filter((each) => isOurs(each.tags) && each.sourceIdentifier === source.identifier)
    .filter(
      (each) => each.tags[TAG.sourceResourceId] === source.resourceId && each.tags[TAG.run] !== runTag(self),
    )
    .sort((a, b) => (b.createdAt ?? Number.MAX_SAFE_INTEGER) - (a.createdAt ?? Number.MAX_SAFE_INTEGER))[0];
  const phase = newest?.tags[TAG.phase] ?? '';
  if (newest === undefined || !UNFINISHED.has(phase)) return undefined;
  return {
    run: newest.tags[TAG.run] ?? '',
    phase: phase as Predecessor['phase'],
    snapshot: newest,
    restoreTime: newest.tags[TAG.restoreTime],
    fingerprint: newest.tags[TAG.fingerprint],
  };
}

/** The identity whose names and tags the earlier run used, as far as a restore needs it. */
export function predecessorIdentity(predecessor: Predecessor, self: RunIdentity): RunIdentity {
  const dash = predecessor.run.lastIndexOf('-');
  return {
    ...self,
    runId: predecessor.run.slice(0, dash),
    attempt: predecessor.run.slice(dash + 1),
    sha: predecessor.snapshot.tags[TAG.sha] ?? self.sha,
  };
}
