import {
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Recovery, SnapshotSpec } from '../../ports/recovery.ts';
import { clusterSnapshotFacts } from './cluster-describe.ts';
import { clusterNamed, clusterSnapshots } from './cluster-looking.ts';
import { restoreClusterToTime } from './cluster-restoring.ts';
import { tagList } from './describe.ts';
import { quietly } from './pages.ts';
import type { Reach } from './reach.ts';
import { about, isRejected, snapshotRefusal } from './refusals.ts';
import { sameSnapshot } from './same.ts';

/** The part of `Recovery` that differs for clusters. */
export type KindRecovery = Omit<Recovery, 'tag'>;

export const clusterRecovery = (reach: Reach): KindRecovery => ({
  instance: async (identifier) =>
    (await clusterNamed(reach, identifier)) ?? (await clusterOfMember(reach, identifier)),
  snapshots: (identifier) => clusterSnapshots(reach, identifier),
  createSnapshot: (spec) => createSnapshot(reach, spec),
  deleteSnapshot: (identifier) => deleteSnapshot(reach, identifier),
  restoreToTime: (spec) => restoreClusterToTime(reach, spec),
});

/** A member may be given for its cluster. Undefined when there is no such member either. */
async function clusterOfMember(reach: Reach, member: string): Promise<InstanceFacts | undefined> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: member });
  try {
    const answer = await reach.ask(`describe ${member}`, 'rds:DescribeDBInstances', () =>
      reach.client.send(command),
    );
    const cluster = answer.DBInstances?.[0]?.DBClusterIdentifier;
    return cluster === undefined ? undefined : await resolvedCluster(reach, cluster, member);
  } catch (error) {
    if (isRejected(error, 'DBInstanceNotFound')) return undefined;
    throw error;
  }
}

export async function resolvedCluster(
  reach: Reach,
  cluster: string,
  member: string,
): Promise<InstanceFacts | undefined> {
  const found = await clusterNamed(reach, cluster);
  return found === undefined ? undefined : { ...found, resolvedFrom: member };
}

/** As for instances: every refusal is followed by a look, because a lost answer makes the repeated request fail. */
async function createSnapshot(reach: Reach, spec: SnapshotSpec): Promise<SnapshotFacts> {
  const command = new CreateDBClusterSnapshotCommand({
    DBClusterIdentifier: spec.source.identifier,
    DBClusterSnapshotIdentifier: spec.identifier,
    Tags: tagList(spec.tags),
  });
  const label = `create snapshot ${spec.identifier}`;
  try {
    const answer = await reach.ask(label, 'rds:CreateDBClusterSnapshot', () => reach.client.send(command));
    return { ...clusterSnapshotFacts(answer.DBClusterSnapshot ?? {}), tags: spec.tags };
  } catch (error) {
    if (!isRejected(error)) throw about(error, { instance: spec.source.identifier, name: spec.identifier });
    const existing = (await quietly(clusterSnapshots(reach, spec.identifier)))?.snapshots[0];
    if (existing !== undefined && sameSnapshot(existing, spec)) return existing;
    throw snapshotRefusal(error, spec);
  }
}

async function deleteSnapshot({ client, ask }: Reach, identifier: string): Promise<void> {
  const command = new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: identifier });
  try {
    await ask(`delete snapshot ${identifier}`, 'rds:DeleteDBClusterSnapshot', () => client.send(command));
  } catch (error) {
    if (!isRejected(error, 'DBClusterSnapshotNotFound')) throw error;
  }
}
