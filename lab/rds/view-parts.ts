import type { Instance, State } from './state.ts';
import type { InstanceSettings, RdsTag } from './types.ts';
import { list, type XmlList, type XmlRecord } from './xml.ts';

export const tagList = (tags: readonly RdsTag[]): XmlList =>
  list(
    'Tag',
    tags.map(({ key, value }) => ({ Key: key, Value: value })),
  );

export const zone = (state: State, settings: InstanceSettings): string =>
  settings.availabilityZone.startsWith(state.region)
    ? settings.availabilityZone
    : `${state.region}${settings.availabilityZone}`;

export const storage = (settings: InstanceSettings): XmlRecord => ({
  AllocatedStorage: settings.allocatedStorage,
  MaxAllocatedStorage: settings.maxAllocatedStorage,
  StorageType: settings.storageType,
  Iops: settings.iops,
  StorageThroughput: settings.storageThroughput,
  StorageEncrypted: settings.storageEncrypted,
  KmsKeyId: settings.kmsKeyId,
  DedicatedLogVolume: settings.dedicatedLogVolume,
});

export const network = (state: State, settings: InstanceSettings): XmlRecord => ({
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

export const groups = ({ settings, parameterStatus }: Instance): XmlRecord => ({
  DBParameterGroups: list('DBParameterGroup', [
    { DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: parameterStatus },
  ]),
  OptionGroupMemberships: list('OptionGroupMembership', [
    { OptionGroupName: settings.optionGroup, Status: 'in-sync' },
  ]),
});

export const care = (settings: InstanceSettings): XmlRecord => ({
  BackupRetentionPeriod: settings.backupRetentionPeriod,
  PreferredBackupWindow: settings.backupWindow,
  PreferredMaintenanceWindow: settings.maintenanceWindow,
  AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
  CACertificateIdentifier: settings.caCertificateIdentifier,
  MonitoringInterval: settings.monitoringInterval,
  MonitoringRoleArn: settings.monitoringRoleArn,
  PerformanceInsightsEnabled: settings.performanceInsights,
  PerformanceInsightsKMSKeyId: settings.performanceInsightsKmsKeyId,
  PerformanceInsightsRetentionPeriod: settings.performanceInsightsRetention,
  DatabaseInsightsMode: settings.databaseInsightsMode,
  EnabledCloudwatchLogsExports:
    settings.logExports.length === 0 ? undefined : list('member', settings.logExports),
  EngineLifecycleSupport: settings.engineLifecycleSupport,
  DeletionProtection: settings.deletionProtection,
  IAMDatabaseAuthenticationEnabled: settings.iamAuth,
  CopyTagsToSnapshot: settings.copyTagsToSnapshot,
});

export const relations = ({ settings, pendingRoles, secretStatus }: Instance): XmlRecord => ({
  ReadReplicaSourceDBInstanceIdentifier: settings.replicaSource,
  ReadReplicaDBInstanceIdentifiers: list('ReadReplicaDBInstanceIdentifier', settings.readReplicas),
  DBClusterIdentifier: settings.clusterId,
  PromotionTier: settings.clusterId === undefined ? undefined : settings.promotionTier,
  AssociatedRoles: list(
    'DBInstanceRole',
    settings.associatedRoles.map(({ roleArn, featureName }) => ({
      RoleArn: roleArn,
      FeatureName: featureName,
      Status: pendingRoles.has(featureName) ? 'PENDING' : 'ACTIVE',
    })),
  ),
  MasterUserSecret:
    settings.masterUserSecretArn === undefined
      ? undefined
      : {
          SecretArn: settings.masterUserSecretArn,
          SecretStatus: secretStatus,
          KmsKeyId: settings.masterUserSecretKmsKeyId,
        },
});

/** What waits for the maintenance window. */
export const pendingXml = (pending: Partial<InstanceSettings>): XmlRecord => ({
  DBInstanceIdentifier: pending.id,
  DBInstanceClass: pending.instanceClass,
  AllocatedStorage: pending.allocatedStorage,
  StorageType: pending.storageType,
  Iops: pending.iops,
  StorageThroughput: pending.storageThroughput,
  DedicatedLogVolume: pending.dedicatedLogVolume,
  MultiAZ: pending.multiAz,
  LicenseModel: pending.licenseModel,
  BackupRetentionPeriod: pending.backupRetentionPeriod,
  CACertificateIdentifier: pending.caCertificateIdentifier,
  DBSubnetGroupName: pending.subnetGroup,
  IAMDatabaseAuthenticationEnabled: pending.iamAuth,
});
