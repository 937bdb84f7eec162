import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import { TAG, type Tags } from '../../domain/tags.ts';
import type { SnapshotSpec } from '../../ports/recovery.ts';

/** True when the snapshot is the one this very run asked for, of the very same database. */
export const sameSnapshot = (existing: SnapshotFacts, spec: SnapshotSpec): boolean =>
  sameRun(existing.tags, spec.tags) &&
  (existing.sourceResourceId === undefined || existing.sourceResourceId === spec.source.resourceId);

/** True when the instance is the restore this very run asked for: same source, same second. */
export const sameRestore = (existing: InstanceFacts, tags: Tags): boolean =>
  sameRun(existing.tags, tags) &&
  [TAG.sourceResourceId, TAG.restoreTime].every((key) => existing.tags[key] === tags[key]);

const sameRun = (existing: Tags, asked: Tags): boolean =>
  asked[TAG.run] !== undefined && existing[TAG.run] === asked[TAG.run];
