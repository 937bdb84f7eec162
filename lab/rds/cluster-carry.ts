import { DEFAULT_SUBNET_GROUP, defaultSecurityGroup } from './carry.ts';
import { type ClusterSettings, isAurora } from './cluster-state.ts';
import { invalidCombination, invalidValue, notImitated, RdsError } from './errors.ts';
import type { Params } from './params.ts';
import { checkTags, copiedTags } from './rules.ts';
import { defaultParameterGroup } from './settings.ts';
import type { State } from './state.ts';
import type { RdsTag } from './types.ts';

/** Parameters that both restore calls of clusters take (client-rds 3.1169). */
export const CLUSTER_SHARED = [
  ...['DBClusterIdentifier', 'Port', 'DBSubnetGroupName', 'OptionGroupName', 'VpcSecurityGroupIds', 'Tags'],
  ...['KmsKeyId', 'EnableIAMDatabaseAuthentication', 'BacktrackWindow', 'EnableCloudwatchLogsExports'],
  ...['DBClusterParameterGroupName', 'DeletionProtection', 'CopyTagsToSnapshot', 'Domain'],
  ...['DomainIAMRoleName', 'DBClusterInstanceClass', 'StorageType', 'PubliclyAccessible', 'Iops'],
  ...['NetworkType', 'ServerlessV2ScalingConfiguration', 'ScalingConfiguration', 'EngineMode'],
  ...['RdsCustomClusterConfiguration', 'MonitoringInterval', 'MonitoringRoleArn'],
  ...['EnablePerformanceInsights', 'PerformanceInsightsKMSKeyId', 'PerformanceInsightsRetentionPeriod'],
  ...['BackupRetentionPeriod', 'PreferredBackupWindow', 'EngineLifecycleSupport', 'TagSpecifications'],
  ...['EnableVPCNetworking', 'EnableInternetAccessGateway', 'AssociatedRoles'],
];

const LIMITLESS = [
  ...['MonitoringInterval', 'MonitoringRoleArn', 'EnablePerformanceInsights'],
  ...['PerformanceInsightsKMSKeyId', 'PerformanceInsightsRetentionPeriod'],
];
const OF_MULTI_AZ = ['DBClusterInstanceClass', 'Iops', 'PubliclyAccessible'];
const NOT_IMITATED = [
  ...['Domain', 'DomainIAMRoleName', 'ScalingConfiguration', 'RdsCustomClusterConfiguration'],
  ...['EnableVPCNetworking', 'EnableInternetAccessGateway', 'AssociatedRoles', 'TagSpecifications'],
];

const check = (source: ClusterSettings, params: Params): void => {
  const given = (names: readonly string[]): string | undefined => names.find((name) => params.has(name));
  // The words are those of boto3 issue 4634.
  if (given(LIMITLESS) !== undefined) {
    throw invalidCombination(
      'You can enable Performance Insights or set the Enhanced Monitoring interval only when restoring from a source Aurora Limitless DB cluster.',
    );
  }
  const foreign = given(OF_MULTI_AZ);
  if (foreign !== undefined && isAurora(source.engine))
    throw invalidCombination(`The parameter ${foreign} is not valid for the engine ${source.engine}.`);
  const backtrack = params.int('BacktrackWindow') ?? 0;
  if (backtrack !== 0 && source.engine === 'aurora-mysql')
    throw notImitated('The parameter BacktrackWindow of a cluster restore is not imitated.');
  if (backtrack !== 0)
    throw invalidCombination(`Backtrack is not supported for the engine ${source.engine}.`);
  const unknown = given(NOT_IMITATED);
  if (unknown !== undefined)
    throw notImitated(`The parameter ${unknown} of a cluster restore is not imitated.`);
  const port = params.int('Port');
  if (port !== undefined && (port < 1150 || port > 65_535))
    throw invalidValue(`Invalid database port ${port}. Must be between 1150 and 65535.`);
};

type Network = Pick<ClusterSettings, 'subnetGroup' | 'securityGroups' | 'networkType'>;

/** Groups of another VPC than the subnet group's are refused, in a request for a cluster as in one for an instance. */
export const checkedNetwork = (state: State, subnetGroup: string, groups: readonly string[]): string => {
  const vpc = state.subnetGroups.get(subnetGroup);
  if (vpc === undefined)
    throw new RdsError('DBSubnetGroupNotFoundFault', `DB subnet group '${subnetGroup}' does not exist.`, 404);
  for (const group of groups) {
    const home = state.securityGroups.get(group);
    if (home === undefined) throw invalidValue(`Invalid security group , groupId= ${group}, groupName=.`);
    if (home !== vpc) {
      throw invalidCombination(
        `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpc} and the EC2 security group is in ${home}`,
      );
    }
  }
  return vpc;
};

const network = (state: State, params: Params): Network => {
  const subnetGroup = params.text('DBSubnetGroupName') ?? DEFAULT_SUBNET_GROUP;
  const asked = params.list('VpcSecurityGroupIds', 'VpcSecurityGroupId') ?? [];
  const vpc = checkedNetwork(state, subnetGroup, asked);
  return {
    subnetGroup,
    securityGroups: asked.length > 0 ? asked : [defaultSecurityGroup(vpc)],
    networkType: params.text('NetworkType') ?? 'IPV4',
  };
};

export const checkClusterGroup = (state: State, group: string): string => {
  if (!group.startsWith('default.') && !state.clusterParameterGroups.has(group)) {
    throw new RdsError('DBClusterParameterGroupNotFound', `DBClusterParameterGroup not found: ${group}`, 404);
  }
  return group;
};

export const serverlessOf = (params: Params): ClusterSettings['serverless'] => {
  const name = 'ServerlessV2ScalingConfiguration';
  const [min, max] = [params.text(`${name}.MinCapacity`), params.text(`${name}.MaxCapacity`)];
  return min === undefined || max === undefined ? undefined : { min: Number(min), max: Number(max) };
};

const tags = (inherited: readonly RdsTag[], params: Params): readonly RdsTag[] => {
  const given = params.tags();
  return given === undefined || given.length === 0 ? copiedTags(inherited) : checkTags(given);
};

/**
 * The settings of a restored cluster: what AWS carries over, what the request says, and AWS's default for the rest
 * (API reference of RestoreDBClusterToPointInTime; Aurora User Guide, "Restoring a DB cluster to a specified time").
 */
export const restoredCluster = (
  state: State,
  id: string,
  source: ClusterSettings,
  inheritedTags: readonly RdsTag[],
  params: Params,
): ClusterSettings => {
  check(source, params);
  return {
    id,
    engine: source.engine,
    engineVersion: source.engineVersion,
    databaseName: source.databaseName,
    masterUsername: source.masterUsername,
    masterUserSecretArn: undefined,
    storageEncrypted: source.storageEncrypted,
    kmsKeyId: params.text('KmsKeyId') ?? source.kmsKeyId,
    parameterGroup: checkClusterGroup(
      state,
      params.text('DBClusterParameterGroupName') ??
        defaultParameterGroup(source.engine, source.engineVersion),
    ),
    ...network(state, params),
    iamAuth: params.flag('EnableIAMDatabaseAuthentication') ?? false,
    deletionProtection: params.flag('DeletionProtection') ?? false,
    copyTagsToSnapshot: params.flag('CopyTagsToSnapshot') ?? false,
    logExports: params.list('EnableCloudwatchLogsExports', 'member') ?? [],
    storageType: params.text('StorageType') ?? (isAurora(source.engine) ? 'aurora' : 'io1'),
    serverless: serverlessOf(params),
    instanceClass: params.text('DBClusterInstanceClass') ?? source.instanceClass,
    backupRetentionPeriod: params.int('BackupRetentionPeriod') ?? source.backupRetentionPeriod,
    backupWindow: params.text('PreferredBackupWindow') ?? '08:44-09:14',
    maintenanceWindow: 'tue:07:12-tue:07:42',
    databaseInsightsMode: 'standard',
    engineLifecycleSupport: params.text('EngineLifecycleSupport') ?? 'open-source-rds-extended-support',
    associatedRoles: [],
    tags: tags(inheritedTags, params),
  };
};
