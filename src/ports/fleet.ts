import type { Endpoint, InstanceFacts, SnapshotFacts } from '../domain/facts.ts';
import type { SettingDifference } from '../domain/going-back.ts';
import type { Tags } from '../domain/tags.ts';

/** Between which moments AWS can restore. Epoch milliseconds. */
export interface RestoreWindow {
  readonly earliest: number;
  readonly latest: number;
  /** `retained`: the instance itself was deleted. */
  readonly status: string;
}

/** Automated backups that outlived their DB instance. */
export interface RetainedBackup {
  /** The instance as far as its backup describes it: what AWS does not keep is absent from the settings. */
  readonly instance: InstanceFacts;
  /** Undefined when nothing can be restored from it. */
  readonly window: RestoreWindow | undefined;
}

export interface SnapshotRestoreSpec {
  /** Configuration manifest to restore with: the source as it is, or as it was. */
  readonly source: InstanceFacts;
  readonly snapshot: SnapshotFacts;
  readonly identifier: string;
  readonly tags: Tags;
}

/**
 * The DB instances (or clusters) of the account beyond the one: what going back and cutting over ask for.
 * Throws GuardErrors with AWS problems, as `Recovery` does.
 */
export interface Fleet {
  /** All of the region; for finding ours by tags whatever their names are now. */
  all(): Promise<readonly InstanceFacts[]>;
  /**
   * By `DbiResourceId` or `DbClusterResourceId`, which survives renames. Where several have the same one, as no AWS does
   * and some emulators do, the one called `identifier`; throws `resource-ambiguous` when none is, or no name was given.
   */
  byResource(resourceId: string, identifier?: string): Promise<InstanceFacts | undefined>;
  /** Undefined when there are no automated backups of it. */
  window(resourceId: string): Promise<RestoreWindow | undefined>;
  /** Every one of the region; none for DB clusters, whose backups do not tell what instances they had. */
  retained(): Promise<readonly RetainedBackup[]>;
  /** Restores a snapshot beside the source, or returns the one that this very run already requested. */
  restoreSnapshot(spec: SnapshotRestoreSpec): Promise<InstanceFacts>;
  /**
   * Asks for the new name at once; returns when AWS accepted it. Throws `instance-name-taken`, `instance-state`.
   * A repeated call that finds the rename under way is no error.
   */
  rename(instance: InstanceFacts, to: string): Promise<void>;
}

/** Differences between the source's settings and what the restored instance has, and the calls that mend them. */
export interface Settings {
  /** Pure comparison of two descriptions; equal when empty. */
  compare(source: InstanceFacts, restored: InstanceFacts): readonly SettingDifference[];
  /** One ModifyDBInstance for all that one call mends, AddRole for each role; returns the names that were mended. */
  mend(
    source: InstanceFacts,
    restored: InstanceFacts,
    differences: readonly SettingDifference[],
  ): Promise<readonly string[]>;
  /** Creates the members of a restored cluster like the source's; nothing for a DB instance. Repeatable. */
  addMembers(source: InstanceFacts, restored: InstanceFacts): Promise<readonly string[]>;
}

/** An RDS Proxy and the target of its target group. */
export interface ProxyFacts {
  readonly name: string;
  /** Name of the group. */
  readonly targetGroup: string;
  readonly endpoint: Endpoint | undefined;
  /** Identifier of the registered DB instance or cluster; undefined when none is. */
  readonly target: string | undefined;
  /** `AVAILABLE`, `REGISTERING`, `UNAVAILABLE` ... of the target. */
  readonly health: string | undefined;
  readonly reason: string | undefined;
}

export interface Proxies {
  /** The proxies that send to this DB instance or cluster. */
  of(instance: InstanceFacts): Promise<readonly ProxyFacts[]>;
  /** Undefined when there is none of that name. */
  named(name: string): Promise<ProxyFacts | undefined>;
  /** Takes the old target out and puts the new one in; each call of it may be repeated. */
  retarget(proxy: ProxyFacts, from: InstanceFacts, to: InstanceFacts): Promise<void>;
}
