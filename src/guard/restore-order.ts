import type { InstanceFacts, SnapshotFacts } from '../domain/facts.ts';
import type { RunIdentity } from '../domain/request.ts';
import type { Tags } from '../domain/tags.ts';

/** One restore beside production. */
export interface RestoreOrder {
  readonly identifier: string;
  /** Read before the migration. */
  readonly source: InstanceFacts;
  /** ISO-8601 whole second. */
  readonly time: string;
  /** The run whose damage it mends: its tags let every later run find this restore instead of making another. */
  readonly identity: RunIdentity;
  /** How AWS finds the log of the source; by its name when absent. */
  readonly sourceBy?: 'identifier' | 'resource-id';
  /** The source is gone and its log is complete: there is nothing to wait for. */
  readonly isRetained?: boolean;
  /** Tags of ours beyond those of every restore. */
  readonly tags?: Tags;
  /** True in the post step, which asks only for moments: not yet is then no failure. */
  readonly isBrief?: boolean;
  /** Restores this instead of going to `time`. */
  readonly snapshot?: SnapshotFacts | undefined;
  /** The restore to the same point that an earlier job requested: it is taken as it is. */
  readonly found?: InstanceFacts | undefined;
}
