/** Settings that one ModifyDBInstance mends without harm to the data or to those who connect. */
export const MODIFIED = [
  'AutoMinorVersionUpgrade',
  'BackupRetentionPeriod',
  'CACertificateIdentifier',
  'CopyTagsToSnapshot',
  'DBInstanceClass',
  'DBParameterGroupName',
  'DatabaseInsightsMode',
  'DedicatedLogVolume',
  'DeletionProtection',
  'EnableCloudwatchLogsExports',
  'EnableCustomerOwnedIp',
  'EnableIAMDatabaseAuthentication',
  'EnablePerformanceInsights',
  'MaxAllocatedStorage',
  'MonitoringInterval',
  'MonitoringRoleArn',
  'MultiAZ',
  'NetworkType',
  'OptionGroupName',
  'PerformanceInsightsRetentionPeriod',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'PubliclyAccessible',
  'VpcSecurityGroupIds',
] as const;

/**
 * Settings that a person decides about: the change takes hours (storage), is an outage (network, port), may be made
 * once only, or gives the master user a new password in a new secret (`ManageMasterUserPassword`).
 */
export const DECIDED = [
  'AllocatedStorage',
  'AvailabilityZone',
  'BackupTarget',
  'CustomIamInstanceProfile',
  'DBSubnetGroupName',
  'Domain',
  'DomainAuthSecretArn',
  'DomainDnsIps',
  'DomainFqdn',
  'DomainIAMRoleName',
  'DomainOu',
  'EngineLifecycleSupport',
  'EngineVersion',
  'Iops',
  'KmsKeyId',
  'LicenseModel',
  'ManageMasterUserPassword',
  'PerformanceInsightsKMSKeyId',
  'Port',
  'ProcessorFeatures',
  'StorageEncrypted',
  'StorageThroughput',
  'StorageType',
] as const;

export type SettingName = (typeof MODIFIED)[number] | (typeof DECIDED)[number];
