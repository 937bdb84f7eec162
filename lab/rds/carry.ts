import { invalidCombination, invalidValue, RdsError } from './errors.ts';
import type { Params } from './params.ts';
import { checkTags, copiedTags, storageOf } from './rules.ts';
import { DEFAULT_SETTINGS, defaultOptionGroup, defaultParameterGroup } from './settings.ts';
import type { State } from './state.ts';
import type { InstanceSettings, RdsTag } from './types.ts';

export const DEFAULT_VPC = 'vpc-default';
export const DEFAULT_SUBNET_GROUP = 'default';

/** The security group that a VPC has by itself. */
export const defaultSecurityGroup = (vpc: string): string => `sg-${vpc}`;

type Network = Pick<
  InstanceSettings,
  'subnetGroup' | 'securityGroups' | 'publiclyAccessible' | 'networkType'
>;

/** Neither the subnet group nor the security groups of the source are carried over; both fall back to defaults. */
const network = (state: State, params: Params): Network => {
  const subnetGroup = params.text('DBSubnetGroupName') ?? DEFAULT_SUBNET_GROUP;
  const vpc = state.subnetGroups.get(subnetGroup);
  if (vpc === undefined)
    throw new RdsError('DBSubnetGroupNotFoundFault', `DB subnet group '${subnetGroup}' does not exist.`, 404);
  const asked = params.list('VpcSecurityGroupIds', 'VpcSecurityGroupId') ?? [];
  for (const group of asked) {
    const home = state.securityGroups.get(group);
    if (home === undefined) throw invalidValue(`Invalid security group , groupId= ${group}, groupName=.`);
    if (home !== vpc) {
      throw invalidCombination(
        `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpc} and the EC2 security group is in ${home}`,
      );
    }
  }
  return {
    subnetGroup,
    securityGroups: asked.length > 0 ? asked : [defaultSecurityGroup(vpc)],
    publiclyAccessible: params.flag('PubliclyAccessible') ?? subnetGroup === DEFAULT_SUBNET_GROUP,
    networkType: params.text('NetworkType') ?? 'IPV4',
  };
};

type Groups = Pick<InstanceSettings, 'parameterGroup' | 'optionGroup'>;

const groups = (state: State, source: InstanceSettings, params: Params): Groups => {
  const parameterGroup =
    params.text('DBParameterGroupName') ?? defaultParameterGroup(source.engine, source.engineVersion);
  const optionGroup =
    params.text('OptionGroupName') ?? defaultOptionGroup(source.engine, source.engineVersion);
  if (!parameterGroup.startsWith('default.') && !state.parameterGroups.has(parameterGroup)) {
    throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${parameterGroup}`, 404);
  }
  if (!optionGroup.startsWith('default:') && !state.optionGroups.has(optionGroup)) {
    throw new RdsError(
      'OptionGroupNotFoundFault',
      `Specified OptionGroupName: ${optionGroup} not found.`,
      404,
    );
  }
  return { parameterGroup, optionGroup };
};

type Disk = Pick<
  InstanceSettings,
  | 'allocatedStorage'
  | 'maxAllocatedStorage'
  | 'storageType'
  | 'iops'
  | 'storageThroughput'
  | 'dedicatedLogVolume'
>;

/** The size is carried over, the type is not: gp3 unless Iops is given. */
const disk = (source: InstanceSettings, params: Params): Disk => {
  const iops = params.int('Iops');
  const allocatedStorage = params.int('AllocatedStorage') ?? source.allocatedStorage;
  if (allocatedStorage < source.allocatedStorage) {
    throw invalidValue(
      `AllocatedStorage cannot be less than that of the source (${source.allocatedStorage}).`,
    );
  }
  const storageType = params.text('StorageType') ?? (iops === undefined ? 'gp3' : 'io1');
  const storageThroughput = params.int('StorageThroughput');
  const maxAllocatedStorage = params.int('MaxAllocatedStorage');
  if (maxAllocatedStorage !== undefined && maxAllocatedStorage <= allocatedStorage) {
    throw invalidCombination('MaxAllocatedStorage must be greater than AllocatedStorage.');
  }
  return {
    allocatedStorage,
    maxAllocatedStorage,
    storageType,
    ...storageOf({ engine: source.engine, allocatedStorage, storageType, iops, storageThroughput }),
    dedicatedLogVolume: params.flag('DedicatedLogVolume') ?? false,
  };
};

/** The source's tags come along only when the request names none. */
const tags = (inherited: readonly RdsTag[], params: Params): readonly RdsTag[] => {
  const given = params.tags();
  return given === undefined || given.length === 0 ? copiedTags(inherited) : checkTags(given);
};

const RETENTION_MOST = 35;

const retention = (source: InstanceSettings, params: Params): number => {
  const days = params.int('BackupRetentionPeriod') ?? source.backupRetentionPeriod;
  if (days < 0 || days > RETENTION_MOST)
    throw invalidValue(`Invalid backup retention period: ${days}. Must be between 0 and 35.`);
  return days;
};

const place = (params: Params): Pick<InstanceSettings, 'multiAz' | 'availabilityZone'> => {
  const multiAz = params.flag('MultiAZ') ?? false;
  const zone = params.text('AvailabilityZone');
  if (multiAz && zone !== undefined) {
    throw invalidCombination('Requesting a specific availability zone is not valid for Multi-AZ instances.');
  }
  return { multiAz, availabilityZone: zone ?? 'c' };
};

/**
 * The settings of a restored instance: what AWS carries over, what the request says, and AWS's default for the
 * rest. (API reference of RestoreDBInstanceToPointInTime; User Guide, "Restoring a DB instance to a specified time".)
 */
export const restoredSettings = (
  state: State,
  id: string,
  source: InstanceSettings,
  inheritedTags: readonly RdsTag[],
  params: Params,
): InstanceSettings => {
  return {
    ...DEFAULT_SETTINGS,
    id,
    engine: source.engine,
    engineVersion: source.engineVersion,
    masterUsername: source.masterUsername,
    dbName: source.dbName,
    storageEncrypted: source.storageEncrypted,
    kmsKeyId: source.kmsKeyId,
    instanceClass: params.text('DBInstanceClass') ?? source.instanceClass,
    licenseModel: params.text('LicenseModel') ?? source.licenseModel,
    backupRetentionPeriod: retention(source, params),
    ...network(state, params),
    ...groups(state, source, params),
    ...disk(source, params),
    ...place(params),
    deletionProtection: params.flag('DeletionProtection') ?? false,
    iamAuth: params.flag('EnableIAMDatabaseAuthentication') ?? false,
    copyTagsToSnapshot: params.flag('CopyTagsToSnapshot') ?? false,
    autoMinorVersionUpgrade: params.flag('AutoMinorVersionUpgrade') ?? true,
    logExports: params.list('EnableCloudwatchLogsExports', 'member') ?? [],
    backupWindow: params.text('PreferredBackupWindow') ?? '08:44-09:14',
    maintenanceWindow: 'tue:07:12-tue:07:42',
    caCertificateIdentifier: params.text('CACertificateIdentifier') ?? 'rds-ca-rsa2048-g1',
    engineLifecycleSupport: params.text('EngineLifecycleSupport') ?? 'open-source-rds-extended-support',
    tags: tags(inheritedTags, params),
  };
};
