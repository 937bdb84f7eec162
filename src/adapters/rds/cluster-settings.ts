import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';

/** Settings of one member that a new member of a restored cluster is made with, in the names of `CreateDBInstance`. */
export interface MemberSettings {
  readonly DBInstanceIdentifier: string;
  readonly DBInstanceClass: string;
  readonly [name: string]: unknown;
}

/**
 * The configuration manifest of a cluster: plain JSON, absent values left out. Names are those of the request
 * `RestoreDBClusterToPointInTime`; what that cannot carry is here under the names of `ModifyDBCluster`. `Members` has
 * the settings of each member, the writer first.
 */
export const clusterSettings = (
  cluster: DBCluster,
  members: readonly DBInstance[],
): Readonly<Record<string, unknown>> =>
  present({
    ...carried(cluster),
    ...(isAurora(cluster.Engine) ? {} : ofMultiAz(cluster)),
    ...notCarried(cluster),
    Members: members.map(memberSettings),
  });

export const isAurora = (engine: string | undefined): boolean => engine?.startsWith('aurora') ?? false;

const carried = (cluster: DBCluster) => ({
  BackupRetentionPeriod: cluster.BackupRetentionPeriod,
  // Zero is "off", which every engine but Aurora MySQL has to be without.
  BacktrackWindow: cluster.BacktrackWindow || undefined,
  CopyTagsToSnapshot: cluster.CopyTagsToSnapshot,
  DBClusterParameterGroupName: cluster.DBClusterParameterGroup,
  DBSubnetGroupName: cluster.DBSubnetGroup,
  DeletionProtection: cluster.DeletionProtection,
  Domain: cluster.DomainMemberships?.[0]?.Domain,
  DomainIAMRoleName: cluster.DomainMemberships?.[0]?.IAMRoleName,
  EnableCloudwatchLogsExports: cluster.EnabledCloudwatchLogsExports,
  EnableIAMDatabaseAuthentication: cluster.IAMDatabaseAuthenticationEnabled,
  EngineLifecycleSupport: cluster.EngineLifecycleSupport,
  NetworkType: cluster.NetworkType,
  Port: cluster.Port,
  PreferredBackupWindow: cluster.PreferredBackupWindow,
  ServerlessV2ScalingConfiguration: scaling(cluster),
  // Aurora Standard is what AWS leaves out (API reference, DBCluster.StorageType).
  StorageType: cluster.StorageType ?? (isAurora(cluster.Engine) ? 'aurora' : undefined),
  VpcSecurityGroupIds: cluster.VpcSecurityGroups?.filter(({ Status }) => Status !== 'removing').flatMap(
    ({ VpcSecurityGroupId: id }) => (id === undefined ? [] : [id]),
  ),
});

/** A Multi-AZ DB cluster has one class and one kind of storage for its three instances. */
const ofMultiAz = (cluster: DBCluster) => ({
  DBClusterInstanceClass: cluster.DBClusterInstanceClass,
  Iops: cluster.Iops,
  PubliclyAccessible: cluster.PubliclyAccessible,
});

const notCarried = (cluster: DBCluster) => ({
  AssociatedRoles: cluster.AssociatedRoles?.map(({ FeatureName, RoleArn }) => ({ FeatureName, RoleArn })),
  DatabaseInsightsMode: cluster.DatabaseInsightsMode,
  KmsKeyId: cluster.KmsKeyId,
  ManageMasterUserPassword: cluster.MasterUserSecret !== undefined,
  MasterUserSecretKmsKeyId: cluster.MasterUserSecret?.KmsKeyId,
  PendingModifiedValues: pendingOf(cluster),
  PreferredMaintenanceWindow: cluster.PreferredMaintenanceWindow,
  ReadReplicas: cluster.ReadReplicaIdentifiers,
  StorageEncrypted: cluster.StorageEncrypted,
});

function scaling({ ServerlessV2ScalingConfiguration: given }: DBCluster) {
  if (given?.MinCapacity === undefined || given.MaxCapacity === undefined) return undefined;
  const { MinCapacity, MaxCapacity, SecondsUntilAutoPause } = given;
  // Only a cluster that may go down to nothing takes a pause.
  return MinCapacity === 0 && SecondsUntilAutoPause !== undefined
    ? { MinCapacity, MaxCapacity, SecondsUntilAutoPause }
    : { MinCapacity, MaxCapacity };
}

/** What is on its way, under the names of the manifest; a new name waits there as `DBClusterIdentifier`. */
function pendingOf({ PendingModifiedValues: pending }: DBCluster) {
  const known = present({
    BackupRetentionPeriod: pending?.BackupRetentionPeriod,
    DBClusterIdentifier: pending?.DBClusterIdentifier,
    EnableIAMDatabaseAuthentication: pending?.IAMDatabaseAuthenticationEnabled,
    EngineVersion: pending?.EngineVersion,
    Iops: pending?.Iops,
    LogTypesToDisable: pending?.PendingCloudwatchLogsExports?.LogTypesToDisable,
    LogTypesToEnable: pending?.PendingCloudwatchLogsExports?.LogTypesToEnable,
    StorageType: pending?.StorageType,
  });
  return Object.keys(known).length === 0 ? undefined : known;
}

export const memberSettings = (db: DBInstance): MemberSettings => ({
  ...present({
    AutoMinorVersionUpgrade: db.AutoMinorVersionUpgrade,
    AvailabilityZone: db.AvailabilityZone,
    CACertificateIdentifier: db.CACertificateIdentifier,
    DBParameterGroupName: db.DBParameterGroups?.[0]?.DBParameterGroupName,
    EnablePerformanceInsights: db.PerformanceInsightsEnabled,
    MonitoringInterval: db.MonitoringInterval,
    MonitoringRoleArn: db.MonitoringRoleArn,
    PerformanceInsightsKMSKeyId: db.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: db.PerformanceInsightsRetentionPeriod,
    PreferredMaintenanceWindow: db.PreferredMaintenanceWindow,
    PromotionTier: db.PromotionTier,
    PubliclyAccessible: db.PubliclyAccessible,
    Tags: db.TagList?.map(({ Key, Value }) => ({ Key, Value })),
  }),
  DBInstanceIdentifier: db.DBInstanceIdentifier ?? '',
  DBInstanceClass: db.DBInstanceClass ?? '',
});

const isMember = (value: unknown): value is MemberSettings => {
  const { DBInstanceIdentifier, DBInstanceClass } = (value ?? {}) as Partial<MemberSettings>;
  return typeof DBInstanceIdentifier === 'string' && typeof DBInstanceClass === 'string';
};

/** The members of a manifest, the writer first; it may come out of a journal. */
export const membersIn = (settings: Readonly<Record<string, unknown>>): readonly MemberSettings[] =>
  Array.isArray(settings.Members) ? settings.Members.filter(isMember) : [];

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const present = (settings: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => !isEmpty(value)));
