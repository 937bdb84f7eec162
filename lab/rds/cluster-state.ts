import { randomBytes } from 'node:crypto';
import type { BaseBackup, Cluster } from '../databases.ts';
import { clusterName } from '../dns/index.ts';
import { clusterNotFound, RdsError } from './errors.ts';
import type { Endpoint } from './naming.ts';
import type { Instance, State } from './state.ts';
import type { InstanceSettings, RdsTag } from './types.ts';

/** One DB cluster as AWS keeps it. Only `id` is needed to register; the rest has the defaults of CLUSTER_SETTINGS. */
export type ClusterSettings = {
  readonly id: string;
  /** `aurora-postgresql`, `aurora-mysql`, or `postgres`, `mysql` for a Multi-AZ DB cluster, which makes its three members itself. */
  readonly engine: string;
  readonly engineVersion: string;
  readonly databaseName: string | undefined;
  readonly masterUsername: string;
  readonly masterUserSecretArn: string | undefined;
  readonly parameterGroup: string;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly networkType: string;
  readonly iamAuth: boolean;
  readonly deletionProtection: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly logExports: readonly string[];
  /** `aurora`, `aurora-iopt1`. */
  readonly storageType: string;
  readonly storageEncrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly serverless: { readonly min: number; readonly max: number } | undefined;
  /** Of a Multi-AZ DB cluster. */
  readonly instanceClass: string | undefined;
  readonly backupRetentionPeriod: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly databaseInsightsMode: string;
  readonly engineLifecycleSupport: string;
  readonly associatedRoles: readonly { readonly roleArn: string; readonly featureName: string }[];
  readonly tags: readonly RdsTag[];
};

/** A production cluster with many settings that a restore drops unless they are passed. */
export const CLUSTER_SETTINGS: Omit<ClusterSettings, 'id'> = {
  engine: 'aurora-postgresql',
  engineVersion: '17.5',
  databaseName: 'app',
  masterUsername: 'postgres',
  masterUserSecretArn: undefined,
  parameterGroup: 'lab-aurora17',
  subnetGroup: 'lab-private',
  securityGroups: ['sg-0a1b2c3d4e5f60718'],
  networkType: 'IPV4',
  iamAuth: true,
  deletionProtection: true,
  copyTagsToSnapshot: true,
  logExports: ['postgresql'],
  storageType: 'aurora-iopt1',
  storageEncrypted: true,
  kmsKeyId: undefined,
  serverless: undefined,
  instanceClass: undefined,
  backupRetentionPeriod: 7,
  backupWindow: '03:10-03:40',
  maintenanceWindow: 'sun:04:30-sun:05:00',
  databaseInsightsMode: 'standard',
  engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  associatedRoles: [],
  tags: [],
};

export const isAurora = (engine: string): boolean => engine.startsWith('aurora');

/** A DB cluster: storage with a name. Only its members answer, so without any the server behind it is down. */
export type DbCluster = {
  readonly resourceId: string;
  readonly createdAt: Date;
  settings: ClusterSettings;
  status: string;
  /** Absent while a restore builds it. */
  cluster: Cluster | undefined;
  readonly made: boolean;
  readonly backups: BaseBackup[];
  /** Resource id of the member that writes. */
  writer: string | undefined;
  /** The server's start, which the first members may want at the same time. */
  start: Promise<void> | undefined;
  resolves: boolean;
  renamingTo: string | undefined;
  pending: Partial<ClusterSettings>;
  work: Promise<void>;
  removedAt: Date | undefined;
};

export const newCluster = (born: Pick<DbCluster, 'settings' | 'status' | 'cluster' | 'made'>): DbCluster => ({
  resourceId: `cluster-${randomBytes(13).toString('hex').toUpperCase()}`,
  createdAt: new Date(),
  ...born,
  backups: [],
  writer: undefined,
  start: undefined,
  resolves: true,
  renamingTo: undefined,
  pending: {},
  work: Promise.resolve(),
  removedAt: undefined,
});

export type ClusterSnapshot = {
  readonly id: string;
  readonly type: 'manual' | 'automated';
  readonly resourceId: string;
  readonly source: ClusterSettings;
  readonly sourceCreatedAt: Date;
  readonly sourcePort: number;
  readonly archiveDir: string;
  readonly ssl: Cluster['ssl'];
  readonly requestedAt: Date;
  readonly lastsMs: number;
  status: string;
  tags: readonly RdsTag[];
  backup: BaseBackup | undefined;
  completedAt: Date | undefined;
};

export const findCluster = (state: State, idOrArn: string): DbCluster | undefined => {
  const id = idOrArn.replace(/^arn:aws:rds:[^:]+:\d+:cluster:/, '').toLowerCase();
  return state.clusters.get(idOrArn) ?? [...state.clusters.values()].find((each) => each.settings.id === id);
};

export const clusterNamed = (state: State, id: string): DbCluster => {
  const found = findCluster(state, id);
  if (found === undefined) throw clusterNotFound(id);
  return found;
};

export const clusterSnapshotNamed = (state: State, idOrArn: string): ClusterSnapshot => {
  const id = idOrArn.replace(/^arn:aws:rds:[^:]+:\d+:cluster-snapshot:/, '').toLowerCase();
  const found = state.clusterSnapshots.get(id);
  if (found === undefined)
    throw new RdsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot not found: ${id}`, 404);
  return found;
};

/** Nobody has the name and nobody is on the way to it. Clusters and instances have names of their own kind. */
export const checkClusterFree = (state: State, id: string): void => {
  const promised = [...state.clusters.values()].some((each) => each.renamingTo === id);
  if (promised || findCluster(state, id) !== undefined)
    throw new RdsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
};

/** The members, the writer first. */
export const membersOf = (state: State, cluster: DbCluster): readonly Instance[] =>
  [...state.instances.values()]
    .filter(({ settings }) => settings.clusterId === cluster.settings.id)
    .toSorted((a, b) => Number(b.resourceId === cluster.writer) - Number(a.resourceId === cluster.writer));

export const clusterEndpoint = (
  state: State,
  { cluster, settings }: DbCluster,
  role: 'writer' | 'reader' = 'writer',
): Endpoint | undefined => {
  if (cluster === undefined) return undefined;
  const address = state.naming.mode === 'names' ? clusterName(settings.id, state.region, role) : cluster.host;
  return { address, port: cluster.port };
};

/** What a member shows of its cluster. */
export const sharedSettings = (
  settings: ClusterSettings,
): Pick<
  InstanceSettings,
  | 'engine'
  | 'engineVersion'
  | 'clusterId'
  | 'securityGroups'
  | 'subnetGroup'
  | 'backupRetentionPeriod'
  | 'backupWindow'
  | 'iamAuth'
  | 'logExports'
  | 'masterUsername'
  | 'dbName'
  | 'storageType'
> => ({
  engine: settings.engine,
  engineVersion: settings.engineVersion,
  clusterId: settings.id,
  securityGroups: settings.securityGroups,
  subnetGroup: settings.subnetGroup,
  backupRetentionPeriod: settings.backupRetentionPeriod,
  backupWindow: settings.backupWindow,
  iamAuth: settings.iamAuth,
  logExports: settings.logExports,
  masterUsername: settings.masterUsername,
  dbName: settings.databaseName,
  storageType: settings.storageType,
});
