import type { BaseBackup } from '../../databases.ts';
import { invalidCombination, invalidState, invalidValue, RdsError } from '../errors.ts';
import type { Params } from '../params.ts';
import { type Instance, instanceNamed, type Recoverable, restoreWindow, type State } from '../state.ts';
import type { SecondEdge } from '../types.ts';
import { automatedBackupArn } from './backups.ts';

/** Parameters that both restore calls take. */
export const SHARED = [
  ...['DBInstanceClass', 'Port', 'AvailabilityZone', 'DBSubnetGroupName', 'MultiAZ', 'PubliclyAccessible'],
  ...[
    'AutoMinorVersionUpgrade',
    'LicenseModel',
    'DBName',
    'Engine',
    'Iops',
    'StorageThroughput',
    'OptionGroupName',
  ],
  ...[
    'CopyTagsToSnapshot',
    'Tags',
    'StorageType',
    'TdeCredentialArn',
    'TdeCredentialPassword',
    'VpcSecurityGroupIds',
  ],
  ...['Domain', 'DomainIAMRoleName', 'DomainFqdn', 'DomainOu', 'DomainAuthSecretArn', 'DomainDnsIps'],
  ...[
    'EnableIAMDatabaseAuthentication',
    'EnableCloudwatchLogsExports',
    'ProcessorFeatures',
    'UseDefaultProcessorFeatures',
  ],
  ...['DBParameterGroupName', 'DeletionProtection', 'EnableCustomerOwnedIp', 'NetworkType', 'BackupTarget'],
  ...['CustomIamInstanceProfile', 'AllocatedStorage', 'BackupRetentionPeriod', 'PreferredBackupWindow'],
  ...[
    'DBCapacityReservationIdentifier',
    'DedicatedLogVolume',
    'CACertificateIdentifier',
    'EngineLifecycleSupport',
  ],
  ...[
    'AdditionalStorageVolumes',
    'TagSpecifications',
    'ManageMasterUserPassword',
    'MasterUserSecretKmsKeyId',
  ],
];

/** Checks what both calls share that has no place in the settings. */
export const checkShared = (params: Params): void => {
  const port = params.int('Port');
  if (port !== undefined && (port < 1150 || port > 65_535))
    throw invalidValue(`Invalid database port ${port}. Must be between 1150 and 65535.`);
  if (params.flag('ManageMasterUserPassword') === true) {
    throw invalidCombination('ManageMasterUserPassword at restore is only supported for RDS for Oracle.');
  }
};

/** The instance that a point-in-time restore starts from. */
export const source = (state: State, params: Params): Instance => {
  const id = params.text('SourceDBInstanceIdentifier');
  const resource = params.text('SourceDbiResourceId');
  const arn = params.text('SourceDBInstanceAutomatedBackupsArn');
  if ([id, resource, arn].filter((value) => value !== undefined).length !== 1) {
    throw invalidCombination(
      'Exactly one of SourceDBInstanceIdentifier, SourceDbiResourceId and SourceDBInstanceAutomatedBackupsArn is needed.',
    );
  }
  if (id !== undefined) return instanceNamed(state, id);
  const found = [...state.instances.values(), ...state.removed.values()].find(
    (instance) => instance.resourceId === resource || automatedBackupArn(state, instance) === arn,
  );
  if (found === undefined) {
    throw new RdsError(
      'DBInstanceAutomatedBackupNotFound',
      `Automated backup ${resource ?? arn} not found.`,
      404,
    );
  }
  return found;
};

/** The second that is asked for: whole, inside the window and before LatestRestorableTime. */
export const restoreTime = (
  state: State,
  instance: Recoverable,
  params: Params,
  name: 'RestoreTime' | 'RestoreToTime' = 'RestoreTime',
): Date => {
  const asked = params.time(name);
  const latest = params.flag('UseLatestRestorableTime') === true;
  if (asked !== undefined && latest)
    throw invalidCombination(`${name} cannot be used together with UseLatestRestorableTime.`);
  if (asked === undefined && !latest)
    throw invalidCombination(`Either ${name} or UseLatestRestorableTime is needed.`);
  if (instance.settings.backupRetentionPeriod === 0) {
    throw new RdsError(
      'PointInTimeRestoreNotEnabled',
      `Point-in-time restore is not enabled for ${instance.settings.id}: its backup retention period is 0.`,
    );
  }
  const window = restoreWindow(state, instance);
  if (window === undefined) throw invalidState(`${instance.settings.id} has no backup to restore from yet.`);
  if (asked === undefined) return new Date(window.latest.getTime() - 1000);
  const second = new Date(Math.floor(asked.getTime() / 1000) * 1000);
  if (second >= window.latest) {
    throw invalidValue(
      `The restore time ${second.toISOString()} must be before the latest restorable time ${window.latest.toISOString()}.`,
    );
  }
  if (second < window.earliest) {
    throw new RdsError(
      'InvalidRestoreFault',
      `The restore time ${second.toISOString()} is before the earliest restorable time ${window.earliest.toISOString()}.`,
    );
  }
  return second;
};

/** See "which commits of the asked second" in the README of the lab. */
export const lastInstant = (second: Date, edge: SecondEdge): Date =>
  edge === 'start' ? second : new Date(second.getTime() + 999);

/** The newest base backup that was complete before the instant. */
export const baseFor = (instance: Pick<Recoverable, 'backups'>, instant: Date): BaseBackup => {
  const base = instance.backups.filter((backup) => backup.finishedAt <= instant).at(-1);
  if (base === undefined)
    throw new RdsError('InvalidRestoreFault', 'There is no backup before the restore time.');
  return base;
};
