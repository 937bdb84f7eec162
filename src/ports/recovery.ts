import type { InstanceFacts, SnapshotFacts } from '../domain/facts.ts';
import type { Tags } from '../domain/tags.ts';

export interface SnapshotInventory {
  readonly snapshots: readonly SnapshotFacts[];
  /** The account's limit of manual snapshots; asked of AWS only when there are many, undefined when unknown. */
  readonly limit: number | undefined;
}

export interface SnapshotSpec {
  readonly identifier: string;
  readonly source: InstanceFacts;
  /** The full list: AWS stops copying the source's tags as soon as one is passed. */
  readonly tags: Tags;
}

export interface RestoreSpec {
  /** Read before the migration: every setting that AWS would silently drop is passed from it. */
  readonly source: InstanceFacts;
  /**
   * How AWS finds the source's log: by its `identifier` (the default), or by its `resourceId` when it was deleted since
   * or when another one may have its name by now.
   */
  readonly sourceBy?: 'identifier' | 'resource-id';
  readonly identifier: string;
  /** ISO-8601, whole second. */
  readonly time: string;
  readonly tags: Tags;
}

/**
 * The provider's snapshots and restores. Every method throws a GuardError with an AWS problem
 * (`aws-denied` names the IAM action in `fields.action`); transient errors are retried inside.
 */
export interface Recovery {
  /** Undefined when no such DB instance exists. */
  instance(identifier: string): Promise<InstanceFacts | undefined>;
  /** The named snapshot, manual or not (`rds:...`, `awsbackup:...`); or all manual ones of this region and account. */
  snapshots(identifier?: string): Promise<SnapshotInventory>;
  /** Creates it, or returns the one that this very run already made (by its tags). */
  createSnapshot(spec: SnapshotSpec): Promise<SnapshotFacts>;
  /** Callers judge whose it is. One that is gone already is no error. */
  deleteSnapshot(identifier: string): Promise<void>;
  /** Requests a restore beside the source, or returns the one that this very run already requested. */
  restoreToTime(spec: RestoreSpec): Promise<InstanceFacts>;
  /** Adds or replaces these tags; the others stay. */
  tag(arn: string, tags: Tags): Promise<void>;
}
