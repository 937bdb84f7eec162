import { invalidState, invalidValue, notImitated } from '../errors.ts';
import type { Params } from '../params.ts';
import { storageOf } from '../rules.ts';
import { instanceNamed, type State } from '../state.ts';
import type { InstanceSettings } from '../types.ts';
import { instanceXml } from '../views.ts';
import type { Action } from './action.ts';

type Change = (params: Params) => Partial<InstanceSettings>;

const when = <T>(
  value: T | undefined,
  change: (value: T) => Partial<InstanceSettings>,
): Partial<InstanceSettings> => (value === undefined ? {} : change(value));

/** One entry per parameter that the lab can change; any other parameter is refused and recorded. */
const CHANGES: Readonly<Record<string, Change>> = {
  AllocatedStorage: (p) => when(p.int('AllocatedStorage'), (allocatedStorage) => ({ allocatedStorage })),
  MaxAllocatedStorage: (p) =>
    when(p.int('MaxAllocatedStorage'), (maxAllocatedStorage) => ({ maxAllocatedStorage })),
  StorageType: (p) => when(p.text('StorageType'), (storageType) => ({ storageType })),
  Iops: (p) => when(p.int('Iops'), (iops) => ({ iops })),
  StorageThroughput: (p) => when(p.int('StorageThroughput'), (storageThroughput) => ({ storageThroughput })),
  DBInstanceClass: (p) => when(p.text('DBInstanceClass'), (instanceClass) => ({ instanceClass })),
  VpcSecurityGroupIds: (p) =>
    when(p.list('VpcSecurityGroupIds', 'VpcSecurityGroupId'), (securityGroups) => ({ securityGroups })),
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
  CACertificateIdentifier: (p) =>
    when(p.text('CACertificateIdentifier'), (caCertificateIdentifier) => ({ caCertificateIdentifier })),
  CopyTagsToSnapshot: (p) =>
    when(p.flag('CopyTagsToSnapshot'), (copyTagsToSnapshot) => ({ copyTagsToSnapshot })),
  MonitoringInterval: (p) =>
    when(p.int('MonitoringInterval'), (monitoringInterval) => ({ monitoringInterval })),
  MonitoringRoleArn: (p) => when(p.text('MonitoringRoleArn'), (monitoringRoleArn) => ({ monitoringRoleArn })),
  PubliclyAccessible: (p) =>
    when(p.flag('PubliclyAccessible'), (publiclyAccessible) => ({ publiclyAccessible })),
  EnableIAMDatabaseAuthentication: (p) =>
    when(p.flag('EnableIAMDatabaseAuthentication'), (iamAuth) => ({ iamAuth })),
  EnablePerformanceInsights: (p) =>
    when(p.flag('EnablePerformanceInsights'), (performanceInsights) => ({ performanceInsights })),
  PerformanceInsightsRetentionPeriod: (p) =>
    when(p.int('PerformanceInsightsRetentionPeriod'), (days) => ({ performanceInsightsRetention: days })),
  DatabaseInsightsMode: (p) =>
    when(p.text('DatabaseInsightsMode'), (databaseInsightsMode) => ({ databaseInsightsMode })),
  DeletionProtection: (p) =>
    when(p.flag('DeletionProtection'), (deletionProtection) => ({ deletionProtection })),
};

const checkKnown = (state: State, change: Partial<InstanceSettings>): void => {
  const unknown = change.securityGroups?.find((group) => !state.securityGroups.has(group));
  if (unknown !== undefined) throw invalidValue(`Invalid security group , groupId= ${unknown}, groupName=.`);
};

/** Changes settings. The database keeps running; the instance is `modifying` for a while. Renames are not imitated yet. */
export const modifyDBInstance: Action = {
  parameters: [
    'DBInstanceIdentifier',
    'ApplyImmediately',
    'NewDBInstanceIdentifier',
    ...Object.keys(CHANGES),
  ],
  run: (state, params) => {
    const instance = instanceNamed(state, params.needed('DBInstanceIdentifier'));
    if (params.has('NewDBInstanceIdentifier'))
      throw notImitated('ModifyDBInstance: renames are not imitated yet.');
    if (!['available', 'storage-optimization'].includes(instance.status)) {
      throw invalidState(
        `Database instance is not in available state: ${instance.settings.id} is ${instance.status}.`,
      );
    }
    const change = Object.assign(
      {},
      ...Object.values(CHANGES).map((read) => read(params)),
    ) as Partial<InstanceSettings>;
    checkKnown(state, change);
    const next = { ...instance.settings, ...change };
    if (change.iops !== undefined || change.storageThroughput !== undefined) storageOf(next);
    const nothing = async (): Promise<void> => undefined;
    state.jobs.run(`modify ${instance.settings.id}`, async () => {
      // As on AWS, the status still reads `available` for a moment after the answer.
      await state.jobs.lasting(state.durations.modifyMs / 4, nothing);
      instance.status = 'modifying';
      await state.jobs.lasting(state.durations.modifyMs, nothing);
      instance.settings = { ...instance.settings, ...change };
      if (instance.status === 'modifying') instance.status = 'available';
    });
    return { DBInstance: instanceXml(state, instance) };
  },
};
