import type { DBInstance, DBSnapshot, Tag } from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Tags } from '../../domain/tags.ts';
import { settingsOf } from './settings.ts';

export function instanceFacts(db: DBInstance): InstanceFacts {
  const port = db.Endpoint?.Port;
  const address = db.Endpoint?.Address;
  return {
    identifier: db.DBInstanceIdentifier ?? '',
    arn: db.DBInstanceArn ?? '',
    resourceId: db.DbiResourceId ?? '',
    status: db.DBInstanceStatus ?? 'unknown',
    engine: db.Engine ?? '',
    engineVersion: db.EngineVersion ?? '',
    clusterIdentifier: db.DBClusterIdentifier,
    replicaOf: db.ReadReplicaSourceDBInstanceIdentifier ?? db.ReadReplicaSourceDBClusterIdentifier,
    endpoint: address && port ? { address, port } : undefined,
    instanceClass: db.DBInstanceClass ?? '',
    allocatedStorageGiB: db.AllocatedStorage ?? 0,
    multiAz: db.MultiAZ ?? false,
    backupRetentionDays: db.BackupRetentionPeriod ?? 0,
    backupWindow: db.PreferredBackupWindow,
    latestRestorableTime: db.LatestRestorableTime?.getTime(),
    createdAt: db.InstanceCreateTime?.getTime(),
    iamAuthentication: db.IAMDatabaseAuthenticationEnabled ?? false,
    managedPassword: db.MasterUserSecret !== undefined,
    ...waitingOf(db),
    settings: settingsOf(db),
    tags: tagsOf(db.TagList),
  };
}

/** What was asked for and is not in force yet; keys only where there is something. */
function waitingOf(db: DBInstance): Pick<InstanceFacts, 'pending' | 'parameterStatus'> {
  const pending = Object.entries(db.PendingModifiedValues ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name]) => name);
  const status = db.DBParameterGroups?.find(
    ({ ParameterApplyStatus: apply }) => apply !== undefined && apply !== 'in-sync',
  )?.ParameterApplyStatus;
  return {
    ...(pending.length === 0 ? {} : { pending }),
    ...(status === undefined ? {} : { parameterStatus: status }),
  };
}

export const snapshotFacts = (snapshot: DBSnapshot): SnapshotFacts => ({
  identifier: snapshot.DBSnapshotIdentifier ?? '',
  arn: snapshot.DBSnapshotArn ?? '',
  status: snapshot.Status ?? 'unknown',
  percent: snapshot.PercentProgress,
  sourceIdentifier: snapshot.DBInstanceIdentifier ?? '',
  sourceResourceId: snapshot.DbiResourceId,
  sizeGiB: snapshot.AllocatedStorage,
  createdAt: (snapshot.OriginalSnapshotCreateTime ?? snapshot.SnapshotCreateTime)?.getTime(),
  tags: tagsOf(snapshot.TagList),
});

export const tagsOf = (list: readonly Tag[] | undefined): Tags =>
  Object.fromEntries(
    (list ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])),
  );

export const tagList = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
