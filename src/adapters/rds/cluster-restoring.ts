import {
  type DBCluster,
  RestoreDBClusterFromSnapshotCommand,
  type RestoreDBClusterFromSnapshotCommandInput,
  RestoreDBClusterToPointInTimeCommand,
  type RestoreDBClusterToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { Tags } from '../../domain/tags.ts';
import type { SnapshotRestoreSpec } from '../../ports/fleet.ts';
import type { RestoreSpec } from '../../ports/recovery.ts';
import { clusterFacts } from './cluster-describe.ts';
import { clusterNamed } from './cluster-looking.ts';
import { tagList } from './describe.ts';
import { quietly } from './pages.ts';
import type { Reach } from './reach.ts';
import { about, isRejected, restoreRefusal } from './refusals.ts';
import { sameRestore } from './same.ts';

/**
 * What a restore takes from the manifest of the source. Monitoring and Performance Insights are not here: with them AWS
 * refuses the request of every cluster but Aurora Limitless (boto3 issue 4634).
 */
const CARRIED = [
  ...(['BackupRetentionPeriod', 'BacktrackWindow', 'CopyTagsToSnapshot', 'DBClusterInstanceClass'] as const),
  ...(['DBClusterParameterGroupName', 'DBSubnetGroupName', 'DeletionProtection', 'Domain'] as const),
  ...(['DomainIAMRoleName', 'EnableCloudwatchLogsExports', 'EnableIAMDatabaseAuthentication'] as const),
  ...(['EngineLifecycleSupport', 'Iops', 'NetworkType', 'Port', 'PreferredBackupWindow'] as const),
  ...(['PubliclyAccessible', 'ServerlessV2ScalingConfiguration', 'StorageType'] as const),
];

type Carried = Pick<
  RestoreDBClusterToPointInTimeCommandInput,
  (typeof CARRIED)[number] | 'VpcSecurityGroupIds'
> & {
  readonly Tags: RestoreDBClusterToPointInTimeCommandInput['Tags'];
};

/** The manifest has the values of the API under its own names; a journal cannot be typed more closely. */
function manifest({ settings }: InstanceFacts, tags: Tags): Carried {
  // Groups without their subnet group are looked for in the default VPC and refused.
  const names = settings.DBSubnetGroupName === undefined ? CARRIED : [...CARRIED, 'VpcSecurityGroupIds'];
  const fields = names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]]));
  return { ...Object.fromEntries(fields), Tags: tagList(tags) } as Carried;
}

/** The time is exact (never "latest", which could be after the damage) and cut to the whole second. */
export const clusterRestoreInput = (spec: RestoreSpec): RestoreDBClusterToPointInTimeCommandInput => ({
  ...manifest(spec.source, spec.tags),
  ...(spec.sourceBy === 'resource-id'
    ? { SourceDbClusterResourceId: spec.source.resourceId }
    : { SourceDBClusterIdentifier: spec.source.identifier }),
  DBClusterIdentifier: spec.identifier,
  RestoreToTime: new Date(Math.floor(Date.parse(spec.time) / 1000) * 1000),
});

/** The same from a snapshot, which wants to be told the engine. */
export const clusterSnapshotRestoreInput = (
  spec: SnapshotRestoreSpec,
): RestoreDBClusterFromSnapshotCommandInput => ({
  ...manifest(spec.source, spec.tags),
  Engine: spec.source.engine,
  SnapshotIdentifier: spec.snapshot.identifier,
  DBClusterIdentifier: spec.identifier,
});

export const restoreClusterToTime = (reach: Reach, spec: RestoreSpec): Promise<InstanceFacts> =>
  restoreOnce(reach, spec, () => {
    const command = new RestoreDBClusterToPointInTimeCommand(clusterRestoreInput(spec));
    const label = `restore ${spec.source.identifier} as ${spec.identifier}`;
    return reach.ask(label, 'rds:RestoreDBClusterToPointInTime', () => reach.client.send(command));
  });

export const restoreClusterSnapshot = (reach: Reach, spec: SnapshotRestoreSpec): Promise<InstanceFacts> =>
  restoreOnce(reach, spec, () => {
    const command = new RestoreDBClusterFromSnapshotCommand(clusterSnapshotRestoreInput(spec));
    const label = `restore ${spec.snapshot.identifier} as ${spec.identifier}`;
    return reach.ask(label, 'rds:RestoreDBClusterFromSnapshot', () => reach.client.send(command));
  });

/** A refusal may be the answer to a repeated request whose first one did its work: so a look follows it. */
async function restoreOnce(
  reach: Reach,
  spec: RestoreSpec | SnapshotRestoreSpec,
  send: () => Promise<{ readonly DBCluster?: DBCluster | undefined }>,
): Promise<InstanceFacts> {
  try {
    const { DBCluster: made = {} } = await send();
    // The answer of some endpoints has no tags yet; those we passed are the truth.
    return { ...clusterFacts(made, []), tags: spec.tags };
  } catch (error) {
    if (!isRejected(error)) throw about(error, { instance: spec.source.identifier, name: spec.identifier });
    const existing = await quietly(clusterNamed(reach, spec.identifier));
    if (existing !== undefined && sameRestore(existing, spec.tags)) return existing;
    throw restoreRefusal(error, spec);
  }
}
