import {
  type DBCluster,
  type DBInstance,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  type DescribeDBClustersCommandInput,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { SnapshotInventory } from '../../ports/recovery.ts';
import { clusterFacts, clusterSnapshotFacts } from './cluster-describe.ts';
import { snapshotType } from './looking.ts';
import { allPages } from './pages.ts';
import type { Reach } from './reach.ts';
import { isRejected, onlyOne } from './refusals.ts';

/** Undefined when no cluster has that identifier. */
export const clusterNamed = (reach: Reach, identifier: string): Promise<InstanceFacts | undefined> =>
  oneCluster(reach, identifier, { DBClusterIdentifier: identifier });

/** Undefined when it was deleted. The id survives every rename. */
export async function clusterByResource(
  reach: Reach,
  resourceId: string,
  identifier?: string,
): Promise<InstanceFacts | undefined> {
  const found = await clustersWith(reach, resourceId);
  const one = onlyOne(
    found.map((each) => clusterFacts(each, [])),
    resourceId,
    identifier,
  );
  const cluster = found.find((each) => each.DBClusterIdentifier === one?.identifier);
  return cluster === undefined ? undefined : clusterFacts(cluster, await membersOf(reach, cluster));
}

/** Those with that resource id, without their members. Some emulators refuse the filter: then the whole list is read. */
export async function clustersWith(reach: Reach, resourceId: string): Promise<readonly DBCluster[]> {
  const Filters = [{ Name: 'db-cluster-resource-id', Values: [resourceId] }];
  try {
    return await describeClusters(reach, resourceId, { Filters });
  } catch (error) {
    if (!isRejected(error, 'InvalidParameterValue')) throw error;
    return (await listClusters(reach)).filter((each) => each.DbClusterResourceId === resourceId);
  }
}

async function oneCluster(
  reach: Reach,
  label: string,
  input: DescribeDBClustersCommandInput,
): Promise<InstanceFacts | undefined> {
  const found = await describeCluster(reach, label, input);
  return found === undefined ? undefined : clusterFacts(found, await membersOf(reach, found));
}

const describeCluster = async (
  reach: Reach,
  label: string,
  input: DescribeDBClustersCommandInput,
): Promise<DBCluster | undefined> => (await describeClusters(reach, label, input))[0];

async function describeClusters(
  { client, ask }: Reach,
  label: string,
  input: DescribeDBClustersCommandInput,
): Promise<readonly DBCluster[]> {
  const command = new DescribeDBClustersCommand(input);
  try {
    const answer = await ask(`describe ${label}`, 'rds:DescribeDBClusters', () => client.send(command));
    return answer.DBClusters ?? [];
  } catch (error) {
    if (isRejected(error, 'DBClusterNotFound')) return [];
    throw error;
  }
}

/** No call for a cluster that lists none. */
async function membersOf({ client, ask }: Reach, cluster: DBCluster): Promise<readonly DBInstance[]> {
  const { DBClusterIdentifier: id = '', DBClusterMembers: listed = [] } = cluster;
  if (listed.length === 0) return [];
  return allPages(async (page) => {
    const command = new DescribeDBInstancesCommand({
      Filters: [{ Name: 'db-cluster-id', Values: [id] }],
      ...page,
    });
    const answer = await ask(`describe the members of ${id}`, 'rds:DescribeDBInstances', () =>
      client.send(command),
    );
    return { found: answer.DBInstances, marker: answer.Marker };
  });
}

const listClusters = ({ client, ask }: Reach): Promise<DBCluster[]> =>
  allPages(async (page) => {
    const command = new DescribeDBClustersCommand(page);
    const answer = await ask('list DB clusters', 'rds:DescribeDBClusters', () => client.send(command));
    return { found: answer.DBClusters, marker: answer.Marker };
  });

/** Every cluster of the region with its members: two listings, however many there are. */
export async function allClusters(reach: Reach): Promise<readonly InstanceFacts[]> {
  const { client, ask } = reach;
  const clusters = await listClusters(reach);
  if (clusters.length === 0) return [];
  const instances = await allPages(async (page) => {
    const command = new DescribeDBInstancesCommand(page);
    const answer = await ask('list DB instances', 'rds:DescribeDBInstances', () => client.send(command));
    return { found: answer.DBInstances, marker: answer.Marker };
  });
  return clusters.map((cluster) =>
    clusterFacts(
      cluster,
      instances.filter(({ DBClusterIdentifier: id }) => id === cluster.DBClusterIdentifier),
    ),
  );
}

export async function clusterSnapshots(reach: Reach, identifier?: string): Promise<SnapshotInventory> {
  // The account's limit of cluster snapshots is one of its own, which no call of RDS tells (DescribeAccountAttributes).
  const snapshots =
    identifier === undefined ? await everySnapshot(reach) : await oneSnapshot(reach, identifier);
  return { snapshots, limit: undefined };
}

async function oneSnapshot({ client, ask }: Reach, identifier: string): Promise<readonly SnapshotFacts[]> {
  const command = new DescribeDBClusterSnapshotsCommand({
    SnapshotType: snapshotType(identifier),
    DBClusterSnapshotIdentifier: identifier,
  });
  try {
    const answer = await ask(`describe snapshot ${identifier}`, 'rds:DescribeDBClusterSnapshots', () =>
      client.send(command),
    );
    return (answer.DBClusterSnapshots ?? []).map(clusterSnapshotFacts);
  } catch (error) {
    if (isRejected(error, 'DBClusterSnapshotNotFound')) return [];
    throw error;
  }
}

const everySnapshot = ({ client, ask }: Reach): Promise<readonly SnapshotFacts[]> =>
  allPages(async (page) => {
    const command = new DescribeDBClusterSnapshotsCommand({ SnapshotType: 'manual', ...page });
    const answer = await ask('list snapshots', 'rds:DescribeDBClusterSnapshots', () => client.send(command));
    return { found: answer.DBClusterSnapshots?.map(clusterSnapshotFacts), marker: answer.Marker };
  });
