import {
  type ClusterSettings,
  type ClusterSnapshot,
  clusterEndpoint,
  type DbCluster,
  isAurora,
  membersOf,
} from './cluster-state.ts';
import { arnOf, restoreWindow, type State } from './state.ts';
import { tagList } from './view-parts.ts';
import { list, type XmlRecord } from './xml.ts';

const members = (state: State, cluster: DbCluster): XmlRecord[string] =>
  list(
    'DBClusterMember',
    membersOf(state, cluster).map(({ resourceId, settings }) => ({
      DBInstanceIdentifier: settings.id,
      IsClusterWriter: resourceId === cluster.writer,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: settings.promotionTier,
    })),
  );

const network = (settings: ClusterSettings): XmlRecord => ({
  DBSubnetGroup: settings.subnetGroup,
  VpcSecurityGroups: list(
    'VpcSecurityGroupMembership',
    settings.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
  ),
  NetworkType: settings.networkType,
});

const care = (settings: ClusterSettings): XmlRecord => ({
  DBClusterParameterGroup: settings.parameterGroup,
  BackupRetentionPeriod: settings.backupRetentionPeriod,
  PreferredBackupWindow: settings.backupWindow,
  PreferredMaintenanceWindow: settings.maintenanceWindow,
  IAMDatabaseAuthenticationEnabled: settings.iamAuth,
  DeletionProtection: settings.deletionProtection,
  CopyTagsToSnapshot: settings.copyTagsToSnapshot,
  EnabledCloudwatchLogsExports:
    settings.logExports.length === 0 ? undefined : list('member', settings.logExports),
  DatabaseInsightsMode: settings.databaseInsightsMode,
  EngineLifecycleSupport: settings.engineLifecycleSupport,
  MasterUserSecret:
    settings.masterUserSecretArn === undefined
      ? undefined
      : { SecretArn: settings.masterUserSecretArn, SecretStatus: 'active' },
  AssociatedRoles: list(
    'DBClusterRole',
    settings.associatedRoles.map(({ roleArn, featureName }) => ({
      RoleArn: roleArn,
      FeatureName: featureName,
      Status: 'ACTIVE',
    })),
  ),
});

const storage = (settings: ClusterSettings): XmlRecord => ({
  AllocatedStorage: 1,
  // AWS leaves Aurora Standard out (API reference, DBCluster).
  StorageType: settings.storageType === 'aurora' ? undefined : settings.storageType,
  StorageEncrypted: settings.storageEncrypted,
  KmsKeyId: settings.kmsKeyId,
  ServerlessV2ScalingConfiguration:
    settings.serverless === undefined
      ? undefined
      : { MinCapacity: settings.serverless.min, MaxCapacity: settings.serverless.max },
});

/** The element of DescribeDBClusters and of every call that returns a cluster. */
export const clusterXml = (state: State, cluster: DbCluster): XmlRecord => {
  const { settings, pending } = cluster;
  const window = restoreWindow(state, cluster);
  const { region } = state;
  return {
    DBClusterIdentifier: settings.id,
    DBClusterArn: arnOf(state, 'cluster', settings.id),
    DbClusterResourceId: cluster.resourceId,
    Status: cluster.status,
    Engine: settings.engine,
    EngineVersion: settings.engineVersion,
    EngineMode: 'provisioned',
    DatabaseName: settings.databaseName,
    MasterUsername: settings.masterUsername,
    MultiAZ: membersOf(state, cluster).length > 1,
    AvailabilityZones: list('AvailabilityZone', [`${region}a`, `${region}b`, `${region}c`]),
    DBClusterInstanceClass: isAurora(settings.engine) ? undefined : settings.instanceClass,
    Endpoint: clusterEndpoint(state, cluster)?.address,
    ReaderEndpoint: clusterEndpoint(state, cluster, 'reader')?.address,
    Port: cluster.cluster?.port,
    ClusterCreateTime: cluster.createdAt,
    EarliestRestorableTime: window?.earliest,
    LatestRestorableTime: window?.latest,
    DBClusterMembers: members(state, cluster),
    PendingModifiedValues: {
      DBClusterIdentifier: pending.id,
      IAMDatabaseAuthenticationEnabled: pending.iamAuth,
    },
    ...storage(settings),
    ...network(settings),
    ...care(settings),
    TagList: tagList(settings.tags),
  };
};

const progress = (snapshot: ClusterSnapshot): number => {
  if (snapshot.status === 'available') return 100;
  const share = (Date.now() - snapshot.requestedAt.getTime()) / Math.max(1, snapshot.lastsMs);
  return Math.max(0, Math.min(99, Math.floor(share * 100)));
};

export const clusterSnapshotXml = (state: State, snapshot: ClusterSnapshot): XmlRecord => {
  const { source } = snapshot;
  return {
    DBClusterSnapshotIdentifier: snapshot.id,
    DBClusterSnapshotArn: arnOf(state, 'cluster-snapshot', snapshot.id),
    DBClusterIdentifier: source.id,
    DbClusterResourceId: snapshot.resourceId,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: progress(snapshot),
    SnapshotCreateTime: snapshot.completedAt ?? snapshot.requestedAt,
    ClusterCreateTime: snapshot.sourceCreatedAt,
    Engine: source.engine,
    EngineVersion: source.engineVersion,
    EngineMode: 'provisioned',
    AllocatedStorage: 1,
    MasterUsername: source.masterUsername,
    Port: snapshot.sourcePort,
    VpcId: state.subnetGroups.get(source.subnetGroup),
    StorageEncrypted: source.storageEncrypted,
    KmsKeyId: source.kmsKeyId,
    IAMDatabaseAuthenticationEnabled: source.iamAuth,
    TagList: tagList(snapshot.tags),
  };
};
