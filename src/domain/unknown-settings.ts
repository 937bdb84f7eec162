import type { InstanceFacts } from './facts.ts';

/** Settings of a DB instance that people miss first, in the names of the RDS API, the most urgent first. */
const WANTED = [
  ...['DBSubnetGroupName', 'VpcSecurityGroupIds', 'PubliclyAccessible', 'DBInstanceClass', 'MultiAZ'],
  ...['DBParameterGroupName', 'DeletionProtection', 'MaxAllocatedStorage', 'CACertificateIdentifier'],
  ...['EnableCloudwatchLogsExports', 'AutoMinorVersionUpgrade', 'CopyTagsToSnapshot', 'NetworkType'],
  ...['PreferredMaintenanceWindow', 'PreferredBackupWindow', 'BackupRetentionPeriod', 'MonitoringInterval'],
  ...['EnablePerformanceInsights', 'AssociatedRoles'],
];

/** What a description that outlived its DB instance does not tell, so that a restore of it takes AWS's defaults. */
export const unknownSettings = ({ settings }: Pick<InstanceFacts, 'settings'>): readonly string[] =>
  WANTED.filter((name) => settings[name] === undefined);
