import { randomBytes, randomUUID } from 'node:crypto';
import { invalidCombination, notImitated } from './errors.ts';
import type { Params } from './params.ts';
import type { State } from './state.ts';
import type { InstanceSettings } from './types.ts';

export type Change = Partial<InstanceSettings>;

type Reader = (params: Params, now: InstanceSettings, state: State) => Change;

const when = <T>(value: T | undefined, change: (value: T) => Change): Change =>
  value === undefined ? {} : change(value);

const LOGS = 'CloudwatchLogsExportConfiguration';

const logExports = (params: Params, now: InstanceSettings): Change => {
  if (!params.has(LOGS)) return {};
  const off = params.list(`${LOGS}.DisableLogTypes`, 'member') ?? [];
  const on = params.list(`${LOGS}.EnableLogTypes`, 'member') ?? [];
  return { logExports: [...new Set([...now.logExports, ...on])].filter((type) => !off.includes(type)) };
};

const newSecretArn = (state: State): string =>
  `arn:aws:secretsmanager:${state.region}:${state.accountId}:secret:rds!db-${randomUUID()}-${randomBytes(3).toString('hex')}`;

/** Managed passwords begin with a secret of a new name each time. The password itself stays as it is in the lab. */
const masterSecret: Reader = (params, now, state) => {
  const managed = params.flag('ManageMasterUserPassword');
  const key = params.text('MasterUserSecretKmsKeyId');
  if (key !== undefined && managed !== true && now.masterUserSecretArn === undefined)
    throw invalidCombination('MasterUserSecretKmsKeyId needs ManageMasterUserPassword.');
  if (managed === false && now.masterUserSecretArn !== undefined)
    throw notImitated('ModifyDBInstance: giving up a managed password is not imitated.');
  if (managed !== true || now.masterUserSecretArn !== undefined) return {};
  return { masterUserSecretArn: newSecretArn(state), masterUserSecretKmsKeyId: key };
};

/** One entry per parameter that the lab can change; any other parameter is refused and recorded. */
export const CHANGES: Readonly<Record<string, Reader>> = {
  AllocatedStorage: (p) => when(p.int('AllocatedStorage'), (allocatedStorage) => ({ allocatedStorage })),
  MaxAllocatedStorage: (p) =>
    when(p.int('MaxAllocatedStorage'), (maxAllocatedStorage) => ({ maxAllocatedStorage })),
  StorageType: (p) => when(p.text('StorageType'), (storageType) => ({ storageType })),
  Iops: (p) => when(p.int('Iops'), (iops) => ({ iops })),
  StorageThroughput: (p) => when(p.int('StorageThroughput'), (storageThroughput) => ({ storageThroughput })),
  DedicatedLogVolume: (p) =>
    when(p.flag('DedicatedLogVolume'), (dedicatedLogVolume) => ({ dedicatedLogVolume })),
  DBInstanceClass: (p) => when(p.text('DBInstanceClass'), (instanceClass) => ({ instanceClass })),
  DBSubnetGroupName: (p) => when(p.text('DBSubnetGroupName'), (subnetGroup) => ({ subnetGroup })),
  VpcSecurityGroupIds: (p) =>
    when(p.list('VpcSecurityGroupIds', 'VpcSecurityGroupId'), (securityGroups) => ({ securityGroups })),
  NetworkType: (p) => when(p.text('NetworkType'), (networkType) => ({ networkType })),
  DBParameterGroupName: (p) => when(p.text('DBParameterGroupName'), (parameterGroup) => ({ parameterGroup })),
  OptionGroupName: (p) => when(p.text('OptionGroupName'), (optionGroup) => ({ optionGroup })),
  BackupRetentionPeriod: (p) =>
    when(p.int('BackupRetentionPeriod'), (backupRetentionPeriod) => ({ backupRetentionPeriod })),
  PreferredBackupWindow: (p) => when(p.text('PreferredBackupWindow'), (backupWindow) => ({ backupWindow })),
  PreferredMaintenanceWindow: (p) =>
    when(p.text('PreferredMaintenanceWindow'), (maintenanceWindow) => ({ maintenanceWindow })),
  MultiAZ: (p) => when(p.flag('MultiAZ'), (multiAz) => ({ multiAz })),
  AutoMinorVersionUpgrade: (p) =>
    when(p.flag('AutoMinorVersionUpgrade'), (autoMinorVersionUpgrade) => ({ autoMinorVersionUpgrade })),
  LicenseModel: (p) => when(p.text('LicenseModel'), (licenseModel) => ({ licenseModel })),
  CACertificateIdentifier: (p) =>
    when(p.text('CACertificateIdentifier'), (caCertificateIdentifier) => ({ caCertificateIdentifier })),
  CopyTagsToSnapshot: (p) =>
    when(p.flag('CopyTagsToSnapshot'), (copyTagsToSnapshot) => ({ copyTagsToSnapshot })),
  MonitoringInterval: (p) =>
    when(p.int('MonitoringInterval'), (monitoringInterval) => ({ monitoringInterval })),
  MonitoringRoleArn: (p) => when(p.text('MonitoringRoleArn'), (monitoringRoleArn) => ({ monitoringRoleArn })),
  PromotionTier: (p) => when(p.int('PromotionTier'), (promotionTier) => ({ promotionTier })),
  PubliclyAccessible: (p) =>
    when(p.flag('PubliclyAccessible'), (publiclyAccessible) => ({ publiclyAccessible })),
  EnableIAMDatabaseAuthentication: (p) =>
    when(p.flag('EnableIAMDatabaseAuthentication'), (iamAuth) => ({ iamAuth })),
  EnablePerformanceInsights: (p, now) =>
    when(p.flag('EnablePerformanceInsights'), (on) => ({
      performanceInsights: on,
      performanceInsightsRetention: on ? (now.performanceInsightsRetention ?? 7) : undefined,
    })),
  PerformanceInsightsRetentionPeriod: (p) =>
    when(p.int('PerformanceInsightsRetentionPeriod'), (days) => ({ performanceInsightsRetention: days })),
  PerformanceInsightsKMSKeyId: (p) =>
    when(p.text('PerformanceInsightsKMSKeyId'), (key) => ({ performanceInsightsKmsKeyId: key })),
  DatabaseInsightsMode: (p) =>
    when(p.text('DatabaseInsightsMode'), (databaseInsightsMode) => ({ databaseInsightsMode })),
  DeletionProtection: (p) =>
    when(p.flag('DeletionProtection'), (deletionProtection) => ({ deletionProtection })),
  [LOGS]: logExports,
  ManageMasterUserPassword: masterSecret,
  MasterUserSecretKmsKeyId: () => ({}), // read with ManageMasterUserPassword
};

/** What the request asks to change, in the order of the table. */
export const changesOf = (state: State, now: InstanceSettings, params: Params): Change =>
  Object.assign({}, ...Object.values(CHANGES).map((read) => read(params, now, state)));

/** Settings that wait for the maintenance window without ApplyImmediately (User Guide, "Modifying a DB instance"). */
const WAITING: readonly (keyof InstanceSettings)[] = [
  ...(['allocatedStorage', 'storageType', 'iops', 'storageThroughput', 'dedicatedLogVolume'] as const),
  ...(['instanceClass', 'subnetGroup', 'multiAz', 'licenseModel'] as const),
  ...(['caCertificateIdentifier', 'iamAuth'] as const),
];

const waits = (name: string, now: InstanceSettings, change: Change): boolean =>
  WAITING.some((waiting) => waiting === name) ||
  // Turning backups on or off is an outage; another number of days is not.
  (name === 'backupRetentionPeriod' &&
    (now.backupRetentionPeriod === 0) !== (change.backupRetentionPeriod === 0));

/** Splits a change into what is done at once anyway and what waits. Only differences wait. */
export const split = (
  now: InstanceSettings,
  change: Change,
): { readonly atOnce: Change; readonly later: Change } => {
  const entries = Object.entries(change);
  const current = new Map<string, unknown>(Object.entries(now));
  return {
    atOnce: Object.fromEntries(entries.filter(([name]) => !waits(name, now, change))),
    later: Object.fromEntries(
      entries.filter(([name, value]) => waits(name, now, change) && current.get(name) !== value),
    ),
  };
};
