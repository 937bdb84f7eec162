import type { SettingDifference } from './going-back.ts';

/**
 * Settings without which applications that worked before the cut-over may not work after it: whether they can connect
 * (network, port, authentication, certificate) and how the server behaves (parameters, options). The others change
 * cost, speed or care, are told, and stop nobody at three in the morning. docs/adr/0010.
 */
const BREAKING: ReadonlySet<string> = new Set([
  'CACertificateIdentifier',
  'DBClusterParameterGroupName',
  'DBParameterGroupName',
  'DBSubnetGroupName',
  'Domain',
  'EnableIAMDatabaseAuthentication',
  'NetworkType',
  'OptionGroupName',
  'Port',
  'PubliclyAccessible',
  'VpcSecurityGroupIds',
]);

/** Also a setting that is right and not in force before a reboot. */
export const isBreaking = ({ name, mend }: SettingDifference): boolean =>
  BREAKING.has(name) || mend === 'reboot';

/** What can be changed on a database that serves, without a client noticing. */
const HARMLESS: ReadonlySet<string> = new Set([
  'AssociatedRoles',
  'AutoMinorVersionUpgrade',
  'CopyTagsToSnapshot',
  'DatabaseInsightsMode',
  'DeletionProtection',
  'EnableCloudwatchLogsExports',
  'EnablePerformanceInsights',
  'MaxAllocatedStorage',
  'MonitoringInterval',
  'MonitoringRoleArn',
  'PerformanceInsightsKMSKeyId',
  'PerformanceInsightsRetentionPeriod',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'PromotionTier',
]);

export const isHarmless = ({ name, mend }: SettingDifference): boolean =>
  mend !== 'none' && mend !== 'reboot' && HARMLESS.has(name);
