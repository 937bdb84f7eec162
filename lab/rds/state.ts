import { randomBytes } from 'node:crypto';
import type { BaseBackup, Cluster } from '../databases.ts';
import type { ClusterSnapshot, DbCluster } from './cluster-state.ts';
import { instanceNotFound, snapshotNotFound } from './errors.ts';
import type { Forwarder } from './forwarder.ts';
import type { Jobs } from './jobs.ts';
import type { Naming } from './naming.ts';
import type { DbProxy } from './proxy.ts';
import type { Durations, InstanceSettings, Quotas, RdsTag, SecondEdge } from './types.ts';

/** A DB instance. Keyed by its resource id, because its identifier can change and be taken over by another. */
export type Instance = {
  readonly resourceId: string;
  readonly createdAt: Date;
  settings: InstanceSettings;
  status: string;
  /** Absent while a restore builds it. */
  cluster: Cluster | undefined;
  /** Made by this provider, which must also stop it. */
  readonly made: boolean;
  /** Base backups that a point-in-time restore can start from, oldest first. */
  readonly backups: BaseBackup[];
  /** Whether the endpoint's name resolves: not while it changes. */
  resolves: boolean;
  /** The identifier it is on its way to; nobody else may take it. */
  renamingTo: string | undefined;
  /** Waits for the maintenance window, or for the next modification that applies immediately. */
  pending: Partial<InstanceSettings>;
  parameterStatus: 'in-sync' | 'applying' | 'pending-reboot';
  secretStatus: 'creating' | 'active';
  /** Features whose role is not active yet. */
  readonly pendingRoles: Set<string>;
  /** Until then AWS is still configuring the monitoring of a fresh instance and refuses modifications. */
  configuringUntil: number;
  /** The modification that runs; the next one follows it. */
  work: Promise<void>;
  /** A member's own way to the storage of its cluster, where names cannot tell the members apart. */
  door: Forwarder | undefined;
  /** Set when it was deleted. Its automated backup ends there. */
  removedAt: Date | undefined;
};

/** An instance from its birth, with nothing going on. */
export const newInstance = (born: Pick<Instance, 'settings' | 'status' | 'cluster' | 'made'>): Instance => ({
  resourceId: newResourceId(),
  createdAt: new Date(),
  ...born,
  backups: [],
  resolves: true,
  renamingTo: undefined,
  pending: {},
  parameterStatus: 'in-sync',
  secretStatus: 'active',
  pendingRoles: new Set(),
  configuringUntil: 0,
  work: Promise.resolve(),
  door: undefined,
  removedAt: undefined,
});

export type Snapshot = {
  readonly id: string;
  readonly type: 'manual' | 'automated';
  readonly resourceId: string;
  /** The instance's settings (with its identifier) when the snapshot was taken. */
  readonly source: InstanceSettings;
  readonly sourceCreatedAt: Date;
  readonly sourcePort: number;
  /** Where the log is that makes the copied files consistent. */
  readonly archiveDir: string;
  readonly ssl: Cluster['ssl'];
  readonly requestedAt: Date;
  /** Milliseconds it is expected to take; progress is counted against it. */
  readonly lastsMs: number;
  status: string;
  tags: readonly RdsTag[];
  backup: BaseBackup | undefined;
  completedAt: Date | undefined;
};

export type State = {
  readonly region: string;
  readonly accountId: string;
  readonly durations: Durations;
  quotas: Quotas;
  readonly secondEdge: SecondEdge;
  readonly instances: Map<string, Instance>;
  /** Deleted instances, by resource id, with what their retained backups need. */
  readonly removed: Map<string, Instance>;
  /** DB clusters by resource id; their members are among the instances. */
  readonly clusters: Map<string, DbCluster>;
  readonly clusterSnapshots: Map<string, ClusterSnapshot>;
  readonly clusterParameterGroups: Set<string>;
  readonly proxies: Map<string, DbProxy>;
  readonly naming: Naming;
  readonly snapshots: Map<string, Snapshot>;
  /** VPC of every known security group and subnet group. */
  readonly securityGroups: Map<string, string>;
  readonly subnetGroups: Map<string, string>;
  readonly parameterGroups: Set<string>;
  readonly optionGroups: Set<string>;
  readonly violations: string[];
  readonly jobs: Jobs;
};

const newResourceId = (): string => `db-${randomBytes(13).toString('hex').toUpperCase()}`;

export const arnOf = (
  state: State,
  kind: 'db' | 'snapshot' | 'auto-backup' | 'cluster' | 'cluster-snapshot' | 'db-proxy' | 'target-group',
  name: string,
): string => `arn:aws:rds:${state.region}:${state.accountId}:${kind}:${name}`;

/** Identifiers are compared without case, as AWS stores them in lower case. Some calls take an ARN as well. */
export const findInstance = (state: State, idOrArn: string): Instance | undefined => {
  const id = idOrArn.replace(/^arn:aws:rds:[^:]+:\d+:db:/, '').toLowerCase();
  return [...state.instances.values()].find((instance) => instance.settings.id === id);
};

export const instanceNamed = (state: State, id: string): Instance => {
  const found = findInstance(state, id);
  if (found === undefined) throw instanceNotFound(id);
  return found;
};

export const findSnapshot = (state: State, idOrArn: string): Snapshot | undefined =>
  state.snapshots.get(idOrArn.replace(/^arn:aws:rds:[^:]+:\d+:snapshot:/, '').toLowerCase());

export const snapshotNamed = (state: State, id: string): Snapshot => {
  const found = findSnapshot(state, id);
  if (found === undefined) throw snapshotNotFound(id);
  return found;
};

const SECOND = 1000;
const floorSecond = (ms: number): number => Math.floor(ms / SECOND) * SECOND;

/** What a point-in-time restore starts from: an instance, or a cluster. */
export type Recoverable = {
  readonly backups: readonly BaseBackup[];
  readonly settings: { readonly id: string; readonly backupRetentionPeriod: number };
  readonly removedAt: Date | undefined;
};

/** The whole seconds between which an instance can be restored; `undefined` before its first backup and without retention. */
export const restoreWindow = (
  state: State,
  instance: Recoverable,
): { readonly earliest: Date; readonly latest: Date } | undefined => {
  const first = instance.backups[0];
  if (first === undefined || instance.settings.backupRetentionPeriod === 0) return undefined;
  const finished = first.finishedAt.getTime();
  const earliest = state.secondEdge === 'end' ? floorSecond(finished) : Math.ceil(finished / SECOND) * SECOND;
  // The last log of a deleted instance is archived; nothing follows it.
  const lagging = floorSecond(
    instance.removedAt?.getTime() ?? Date.now() - state.durations.latestRestorableLagMs,
  );
  return {
    earliest: new Date(earliest),
    latest: new Date(Math.max(lagging, floorSecond(finished))),
  };
};
