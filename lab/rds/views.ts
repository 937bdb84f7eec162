import { arnOf, type Instance, restoreWindow, type Snapshot, type State } from './state.ts';
import type { InstanceSettings, InstanceView, RdsTag, SnapshotView } from './types.ts';
import { list, type XmlList, type XmlRecord } from './xml.ts';

export const tagList = (tags: readonly RdsTag[]): XmlList =>
  list(
    'Tag',
    tags.map(({ key, value }) => ({ Key: key, Value: value })),
  );

const zone = (state: State, settings: InstanceSettings): string =>
  settings.availabilityZone.startsWith(state.region)
    ? settings.availabilityZone
    : `${state.region}${settings.availabilityZone}`;

const storage = (settings: InstanceSettings): XmlRecord => ({
  AllocatedStorage: settings.allocatedStorage,
  MaxAllocatedStorage: settings.maxAllocatedStorage,
  StorageType: settings.storageType,
  Iops: settings.iops,
  StorageThroughput: settings.storageThroughput,
  StorageEncrypted: settings.storageEncrypted,
  KmsKeyId: settings.kmsKeyId,
  DedicatedLogVolume: settings.dedicatedLogVolume,
});

const network = (state: State, settings: InstanceSettings): XmlRecord => ({
  DBSecurityGroups: list('DBSecurityGroup', []),
  VpcSecurityGroups: list(
    'VpcSecurityGroupMembership',
    settings.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
  ),
  DBSubnetGroup: {
    DBSubnetGroupName: settings.subnetGroup,
    DBSubnetGroupDescription: settings.subnetGroup,
    VpcId: state.subnetGroups.get(settings.subnetGroup),
    SubnetGroupStatus: 'Complete',
    Subnets: list('Subnet', []),
  },
  PubliclyAccessible: settings.publiclyAccessible,
  NetworkType: settings.networkType,
});

const groups = (settings: InstanceSettings): XmlRecord => ({
  DBParameterGroups: list('DBParameterGroup', [
    { DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: 'in-sync' },
  ]),
  OptionGroupMemberships: list('OptionGroupMembership', [
    { OptionGroupName: settings.optionGroup, Status: 'in-sync' },
  ]),
});

const care = (settings: InstanceSettings): XmlRecord => ({
  BackupRetentionPeriod: settings.backupRetentionPeriod,
  PreferredBackupWindow: settings.backupWindow,
  PreferredMaintenanceWindow: settings.maintenanceWindow,
  AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
  CACertificateIdentifier: settings.caCertificateIdentifier,
  MonitoringInterval: settings.monitoringInterval,
  MonitoringRoleArn: settings.monitoringRoleArn,
  PerformanceInsightsEnabled: settings.performanceInsights,
  PerformanceInsightsRetentionPeriod: settings.performanceInsightsRetention,
  DatabaseInsightsMode: settings.databaseInsightsMode,
  EnabledCloudwatchLogsExports:
    settings.logExports.length === 0 ? undefined : list('member', settings.logExports),
  EngineLifecycleSupport: settings.engineLifecycleSupport,
  DeletionProtection: settings.deletionProtection,
  IAMDatabaseAuthenticationEnabled: settings.iamAuth,
  CopyTagsToSnapshot: settings.copyTagsToSnapshot,
});

const relations = (settings: InstanceSettings): XmlRecord => ({
  ReadReplicaSourceDBInstanceIdentifier: settings.replicaSource,
  ReadReplicaDBInstanceIdentifiers: list('ReadReplicaDBInstanceIdentifier', settings.readReplicas),
  DBClusterIdentifier: settings.clusterId,
  AssociatedRoles: list(
    'DBInstanceRole',
    settings.associatedRoles.map(({ roleArn, featureName }) => ({
      RoleArn: roleArn,
      FeatureName: featureName,
      Status: 'ACTIVE',
    })),
  ),
  MasterUserSecret:
    settings.masterUserSecretArn === undefined
      ? undefined
      : { SecretArn: settings.masterUserSecretArn, SecretStatus: 'active' },
});

/** The element of DescribeDBInstances and of every call that returns an instance. */
export const instanceXml = (state: State, instance: Instance): XmlRecord => {
  const { settings, cluster } = instance;
  return {
    DBInstanceIdentifier: settings.id,
    DBInstanceArn: arnOf(state, 'db', settings.id),
    DbiResourceId: instance.resourceId,
    DBInstanceClass: settings.instanceClass,
    DBInstanceStatus: instance.status,
    Engine: settings.engine,
    EngineVersion: settings.engineVersion,
    LicenseModel: settings.licenseModel,
    MasterUsername: settings.masterUsername,
    DBName: settings.dbName,
    DbInstancePort: 0,
    // A host name of AWS would not resolve here; the address is where the database really is.
    Endpoint:
      cluster === undefined
        ? undefined
        : { Address: cluster.host, Port: cluster.port, HostedZoneId: 'Z2LAB' },
    InstanceCreateTime: cluster === undefined ? undefined : instance.createdAt,
    LatestRestorableTime: restoreWindow(state, instance)?.latest,
    AvailabilityZone: zone(state, settings),
    MultiAZ: settings.multiAz,
    PendingModifiedValues: {},
    ...storage(settings),
    ...network(state, settings),
    ...groups(settings),
    ...care(settings),
    ...relations(settings),
    TagList: tagList(settings.tags),
  };
};

/** Percent of the expected time, as AWS estimates it; 100 only when the snapshot is complete. */
const progress = (snapshot: Snapshot): number => {
  if (snapshot.status === 'available') return 100;
  const share = (Date.now() - snapshot.requestedAt.getTime()) / Math.max(1, snapshot.lastsMs);
  return Math.max(0, Math.min(99, Math.floor(share * 100)));
};

export const snapshotXml = (state: State, snapshot: Snapshot): XmlRecord => {
  const { source } = snapshot;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: arnOf(state, 'snapshot', snapshot.id),
    DBInstanceIdentifier: source.id,
    DbiResourceId: snapshot.resourceId,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: progress(snapshot),
    SnapshotCreateTime: snapshot.completedAt,
    OriginalSnapshotCreateTime: snapshot.completedAt,
    SnapshotDatabaseTime: snapshot.completedAt,
    InstanceCreateTime: snapshot.sourceCreatedAt,
    Engine: source.engine,
    EngineVersion: source.engineVersion,
    LicenseModel: source.licenseModel,
    MasterUsername: source.masterUsername,
    Port: snapshot.sourcePort,
    AvailabilityZone: zone(state, source),
    VpcId: state.subnetGroups.get(source.subnetGroup),
    OptionGroupName: source.optionGroup,
    AllocatedStorage: source.allocatedStorage,
    StorageType: source.storageType,
    Iops: source.iops,
    StorageThroughput: source.storageThroughput,
    Encrypted: source.storageEncrypted,
    KmsKeyId: source.kmsKeyId,
    IAMDatabaseAuthenticationEnabled: source.iamAuth,
    SnapshotTarget: 'region',
    TagList: tagList(snapshot.tags),
  };
};

export const instanceView = (state: State, instance: Instance): InstanceView => ({
  ...instance.settings,
  status: instance.status,
  resourceId: instance.resourceId,
  arn: arnOf(state, 'db', instance.settings.id),
  port: instance.cluster?.port,
});

export const snapshotView = (state: State, snapshot: Snapshot): SnapshotView => ({
  id: snapshot.id,
  instanceId: snapshot.source.id,
  resourceId: snapshot.resourceId,
  arn: arnOf(state, 'snapshot', snapshot.id),
  type: snapshot.type,
  status: snapshot.status,
  tags: snapshot.tags,
});
