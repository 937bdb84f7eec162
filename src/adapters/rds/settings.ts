import type { DBInstance, DomainMembership } from '@aws-sdk/client-rds';
import { pendingOf } from './pending.ts';

/**
 * Settings a restore can carry, by the kind of their value. The names are those of the request
 * `RestoreDBInstanceToPointInTime`; unless passed, AWS takes a default for nearly all of them
 * (API reference of that action; user guide, "Restoring to a specified time").
 */
export const TEXTS = [
  'AvailabilityZone',
  'BackupTarget',
  'CACertificateIdentifier',
  'CustomIamInstanceProfile',
  'DBInstanceClass',
  'DBParameterGroupName',
  'DBSubnetGroupName',
  'Domain',
  'DomainAuthSecretArn',
  'DomainFqdn',
  'DomainIAMRoleName',
  'DomainOu',
  'EngineLifecycleSupport',
  'LicenseModel',
  'NetworkType',
  'OptionGroupName',
  'PreferredBackupWindow',
  'StorageType',
] as const;
export const NUMBERS = [
  'BackupRetentionPeriod',
  'Iops',
  'MaxAllocatedStorage',
  'Port',
  'StorageThroughput',
] as const;
export const FLAGS = [
  'AutoMinorVersionUpgrade',
  'CopyTagsToSnapshot',
  'DedicatedLogVolume',
  'DeletionProtection',
  'EnableCustomerOwnedIp',
  'EnableIAMDatabaseAuthentication',
  'MultiAZ',
  'PubliclyAccessible',
] as const;
export const LISTS = ['DomainDnsIps', 'EnableCloudwatchLogsExports', 'VpcSecurityGroupIds'] as const;

/**
 * The configuration manifest of an instance: plain JSON, absent values left out. What a restore cannot carry is
 * here as well, under the names of `ModifyDBInstance` (or of the description), for a later comparison.
 */
export function settingsOf(db: DBInstance): Readonly<Record<string, unknown>> {
  return present({ ...compute(db), ...storage(db), ...network(db), ...policies(db), ...notCarried(db) });
}

const compute = (db: DBInstance) => ({
  AvailabilityZone: db.AvailabilityZone,
  CustomIamInstanceProfile: db.CustomIamInstanceProfile,
  DBInstanceClass: db.DBInstanceClass,
  DBParameterGroupName: db.DBParameterGroups?.[0]?.DBParameterGroupName,
  LicenseModel: db.LicenseModel,
  MultiAZ: db.MultiAZ,
  OptionGroupName: db.OptionGroupMemberships?.find(({ Status }) => !/remov/.test(Status ?? ''))
    ?.OptionGroupName,
  ProcessorFeatures: db.ProcessorFeatures?.map(({ Name, Value }) => ({ Name, Value })),
});

const storage = (db: DBInstance) => ({
  AllocatedStorage: db.AllocatedStorage,
  DedicatedLogVolume: db.DedicatedLogVolume,
  Iops: db.Iops,
  MaxAllocatedStorage: db.MaxAllocatedStorage,
  StorageThroughput: db.StorageThroughput,
  StorageType: db.StorageType,
});

const network = (db: DBInstance) => ({
  CACertificateIdentifier: db.CACertificateIdentifier,
  DBSubnetGroupName: db.DBSubnetGroup?.DBSubnetGroupName,
  EnableCustomerOwnedIp: db.CustomerOwnedIpEnabled,
  NetworkType: db.NetworkType,
  Port: db.Endpoint?.Port ?? (db.DbInstancePort || undefined),
  PubliclyAccessible: db.PubliclyAccessible,
  VpcSecurityGroupIds: db.VpcSecurityGroups?.filter(({ Status }) => Status !== 'removing').flatMap(
    ({ VpcSecurityGroupId: id }) => (id === undefined ? [] : [id]),
  ),
  ...domain(db.DomainMemberships?.[0]),
});

const policies = (db: DBInstance) => ({
  AutoMinorVersionUpgrade: db.AutoMinorVersionUpgrade,
  BackupRetentionPeriod: db.BackupRetentionPeriod,
  BackupTarget: db.BackupTarget,
  CopyTagsToSnapshot: db.CopyTagsToSnapshot,
  DeletionProtection: db.DeletionProtection,
  EnableCloudwatchLogsExports: db.EnabledCloudwatchLogsExports,
  EnableIAMDatabaseAuthentication: db.IAMDatabaseAuthenticationEnabled,
  EngineLifecycleSupport: db.EngineLifecycleSupport,
  PreferredBackupWindow: db.PreferredBackupWindow,
});

const notCarried = (db: DBInstance) => ({
  AssociatedRoles: db.AssociatedRoles?.map(({ FeatureName, RoleArn }) => ({ FeatureName, RoleArn })),
  DatabaseInsightsMode: db.DatabaseInsightsMode,
  EnablePerformanceInsights: db.PerformanceInsightsEnabled,
  KmsKeyId: db.KmsKeyId,
  ManageMasterUserPassword: db.MasterUserSecret !== undefined,
  MasterUserSecretKmsKeyId: db.MasterUserSecret?.KmsKeyId,
  MonitoringInterval: db.MonitoringInterval,
  MonitoringRoleArn: db.MonitoringRoleArn,
  PendingModifiedValues: pendingOf(db.PendingModifiedValues),
  PerformanceInsightsKMSKeyId: db.PerformanceInsightsKMSKeyId,
  PerformanceInsightsRetentionPeriod: db.PerformanceInsightsRetentionPeriod,
  PreferredMaintenanceWindow: db.PreferredMaintenanceWindow,
  ReadReplicas: db.ReadReplicaDBInstanceIdentifiers,
  StorageEncrypted: db.StorageEncrypted,
});

/** AWS wants either its own directory with a role, or the four values of a self-managed one. */
function domain(joined: DomainMembership | undefined) {
  if (joined === undefined) return {};
  if (joined.AuthSecretArn === undefined && joined.OU === undefined)
    return { Domain: joined.Domain, DomainIAMRoleName: joined.IAMRoleName };
  return {
    DomainAuthSecretArn: joined.AuthSecretArn,
    DomainDnsIps: joined.DnsIps,
    DomainFqdn: joined.FQDN,
    DomainOu: joined.OU,
  };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const present = (settings: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => !isEmpty(value)));
