import type { DBCluster, DBClusterSnapshot, DBInstance } from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import { isUsable, WITHOUT_INSTANCES } from '../../domain/instance-state.ts';
import { clusterSettings, isAurora } from './cluster-settings.ts';
import { tagsOf } from './describe.ts';

/** A cluster with the descriptions of its members, in any order. */
export function clusterFacts(cluster: DBCluster, members: readonly DBInstance[]): InstanceFacts {
  const all = writerFirst(cluster, members);
  const [writer] = all;
  const { Endpoint: address, Port: port, Status: own = 'unknown' } = cluster;
  return {
    kind: 'cluster',
    identifier: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    status: statusOf(own, writer),
    clusterStatus: own,
    members: all.map(({ DBInstanceIdentifier: id }) => id ?? ''),
    engine: cluster.Engine ?? '',
    engineVersion: cluster.EngineVersion ?? '',
    clusterIdentifier: undefined,
    replicaOf: cluster.ReplicationSourceIdentifier || undefined,
    // AWS tells an endpoint without members, too; nothing answers there.
    endpoint: address && port && writer !== undefined ? { address, port } : undefined,
    instanceClass: writer?.DBInstanceClass ?? cluster.DBClusterInstanceClass ?? '',
    allocatedStorageGiB: cluster.AllocatedStorage ?? 0,
    multiAz: cluster.MultiAZ ?? false,
    backupRetentionDays: cluster.BackupRetentionPeriod ?? 0,
    backupWindow: cluster.PreferredBackupWindow,
    latestRestorableTime: cluster.LatestRestorableTime?.getTime(),
    createdAt: cluster.ClusterCreateTime?.getTime(),
    iamAuthentication: cluster.IAMDatabaseAuthenticationEnabled ?? false,
    managedPassword: cluster.MasterUserSecret !== undefined,
    ...waitingOf(cluster, all),
    settings: clusterSettings(cluster, all),
    tags: tagsOf(cluster.TagList),
  };
}

/** Usable is a cluster whose writer is: its own status says nothing of who answers. */
function statusOf(own: string, writer: DBInstance | undefined): string {
  if (!isUsable(own)) return own;
  if (writer === undefined) return WITHOUT_INSTANCES;
  const status = writer.DBInstanceStatus ?? 'unknown';
  return isUsable(status) ? own : status;
}

function writerFirst(cluster: DBCluster, members: readonly DBInstance[]): readonly DBInstance[] {
  const listed = cluster.DBClusterMembers ?? [];
  const writer = listed.find(({ IsClusterWriter }) => IsClusterWriter === true)?.DBInstanceIdentifier;
  const rank = ({ DBInstanceIdentifier: id }: DBInstance) => (id === writer ? 0 : 1);
  return members.toSorted((a, b) => rank(a) - rank(b));
}

function waitingOf(
  cluster: DBCluster,
  members: readonly DBInstance[],
): Pick<InstanceFacts, 'pending' | 'parameterStatus'> {
  const pending = Object.entries(cluster.PendingModifiedValues ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name]) => name);
  const states = [
    ...(cluster.DBClusterMembers ?? []).map((each) => each.DBClusterParameterGroupStatus),
    ...members.flatMap((each) => (each.DBParameterGroups ?? []).map((group) => group.ParameterApplyStatus)),
  ];
  const status = states.find((each) => each !== undefined && each !== 'in-sync');
  return {
    ...(pending.length === 0 ? {} : { pending }),
    ...(status === undefined ? {} : { parameterStatus: status }),
  };
}

export const clusterSnapshotFacts = (snapshot: DBClusterSnapshot): SnapshotFacts => ({
  identifier: snapshot.DBClusterSnapshotIdentifier ?? '',
  arn: snapshot.DBClusterSnapshotArn ?? '',
  status: snapshot.Status ?? 'unknown',
  percent: snapshot.PercentProgress,
  sourceIdentifier: snapshot.DBClusterIdentifier ?? '',
  sourceResourceId: snapshot.DbClusterResourceId,
  // Aurora's is a figure of no meaning (0 or 1).
  sizeGiB: isAurora(snapshot.Engine) ? undefined : snapshot.AllocatedStorage,
  createdAt: snapshot.SnapshotCreateTime?.getTime(),
  tags: tagsOf(snapshot.TagList),
});
