import { clusterNamed, type DbCluster, isAurora } from '../cluster-state.ts';
import { invalidClusterState, invalidCombination, notImitated, RdsError } from '../errors.ts';
import { createMember, memberSettings } from '../members.ts';
import type { Params } from '../params.ts';
import { checkTags, newIdentifier } from '../rules.ts';
import { defaultParameterGroup } from '../settings.ts';
import type { State } from '../state.ts';
import type { InstanceSettings } from '../types.ts';
import { instanceXml } from '../views.ts';
import type { Action } from './action.ts';
import { checkNewInstance } from './instances.ts';

/** What AWS has at the cluster and refuses for a member. */
const OF_THE_CLUSTER = [
  ...['AllocatedStorage', 'BackupRetentionPeriod', 'DBName', 'DatabaseInsightsMode', 'DeletionProtection'],
  ...['EnableCloudwatchLogsExports', 'EnableIAMDatabaseAuthentication', 'Iops', 'KmsKeyId'],
  ...['MasterUserPassword', 'MasterUsername', 'MultiAZ', 'NetworkType', 'OptionGroupName', 'Port'],
  ...['PreferredBackupWindow', 'StorageEncrypted', 'StorageType', 'VpcSecurityGroupIds'],
];

const OWN = [
  ...['DBInstanceIdentifier', 'DBInstanceClass', 'Engine', 'EngineVersion', 'DBClusterIdentifier', 'Tags'],
  ...['AvailabilityZone', 'DBSubnetGroupName', 'PreferredMaintenanceWindow', 'DBParameterGroupName'],
  ...['AutoMinorVersionUpgrade', 'LicenseModel', 'PubliclyAccessible', 'MonitoringInterval'],
  ...['MonitoringRoleArn', 'PromotionTier', 'EnablePerformanceInsights', 'PerformanceInsightsKMSKeyId'],
  ...['PerformanceInsightsRetentionPeriod', 'CACertificateIdentifier', 'CopyTagsToSnapshot'],
];

const checkAsked = (state: State, cluster: DbCluster, params: Params): void => {
  const { settings, status } = cluster;
  const foreign = OF_THE_CLUSTER.find((name) => params.has(name));
  if (foreign !== undefined) {
    throw invalidCombination(
      `The requested DB Instance will be a member of a DB Cluster. Set ${foreign} for the DB Cluster.`,
    );
  }
  if (params.needed('Engine') !== settings.engine) {
    throw invalidCombination(
      `The engine name requested for your DB instance (${params.text('Engine')}) doesn't match the engine name of your DB cluster (${settings.engine}).`,
    );
  }
  if (!isAurora(settings.engine))
    throw invalidCombination('DB instances cannot be added to a Multi-AZ DB cluster.');
  // API reference, RestoreDBClusterToPointInTime: only after the cluster is available.
  if (status !== 'available')
    throw invalidClusterState(`The DB cluster ${settings.id} is not in the available state: ${status}.`);
  if (params.needed('DBInstanceClass') === 'db.serverless' && settings.serverless === undefined) {
    throw invalidCombination(
      'Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.',
    );
  }
  const group = params.text('DBParameterGroupName');
  if (group !== undefined && !group.startsWith('default.') && !state.parameterGroups.has(group))
    throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${group}`, 404);
  if ((params.int('MonitoringInterval') ?? 0) > 0 !== params.has('MonitoringRoleArn')) {
    throw invalidCombination(
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
  }
};

const asked = (state: State, { settings }: DbCluster, params: Params): Partial<InstanceSettings> => ({
  instanceClass: params.needed('DBInstanceClass'),
  parameterGroup:
    params.text('DBParameterGroupName') ?? defaultParameterGroup(settings.engine, settings.engineVersion),
  promotionTier: params.int('PromotionTier') ?? 1,
  availabilityZone: params.text('AvailabilityZone') ?? `${state.region}b`,
  publiclyAccessible: params.flag('PubliclyAccessible') ?? settings.subnetGroup === 'default',
  autoMinorVersionUpgrade: params.flag('AutoMinorVersionUpgrade') ?? true,
  maintenanceWindow: params.text('PreferredMaintenanceWindow') ?? 'tue:07:12-tue:07:42',
  caCertificateIdentifier: params.text('CACertificateIdentifier') ?? 'rds-ca-rsa2048-g1',
  monitoringInterval: params.int('MonitoringInterval') ?? 0,
  monitoringRoleArn: params.text('MonitoringRoleArn'),
  performanceInsights: params.flag('EnablePerformanceInsights') ?? false,
  performanceInsightsRetention:
    params.int('PerformanceInsightsRetentionPeriod') ??
    (params.flag('EnablePerformanceInsights') === true ? 7 : undefined),
  performanceInsightsKmsKeyId: params.text('PerformanceInsightsKMSKeyId'),
  tags: checkTags(params.tags() ?? []),
});

/** Only members of clusters are made by request; an instance that stands alone comes with `register`. */
export const createDBInstance: Action = {
  parameters: [...OWN, ...OF_THE_CLUSTER],
  run: (state, params) => {
    const kind = 'DBInstanceIdentifier';
    const id = newIdentifier(kind, kind, params.needed(kind));
    const owner = params.text('DBClusterIdentifier');
    if (owner === undefined) throw notImitated('CreateDBInstance without a cluster is not imitated.');
    const cluster = clusterNamed(state, owner);
    checkNewInstance(state, id);
    checkAsked(state, cluster, params);
    const settings = memberSettings(cluster, { id, ...asked(state, cluster, params) });
    return { DBInstance: instanceXml(state, createMember(state, cluster, settings)) };
  },
};
