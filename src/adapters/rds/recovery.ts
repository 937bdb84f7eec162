import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Recovery, SnapshotSpec } from '../../ports/recovery.ts';
import type { Ask } from '../aws/ask.ts';
import { clusterRecovery, type KindRecovery, resolvedCluster } from './cluster-recovery.ts';
import { snapshotFacts, tagList } from './describe.ts';
import { kindOf, type PerKind } from './kinds.ts';
import { type Looking, looking } from './looking.ts';
import { quietly } from './pages.ts';
import type { Reach } from './reach.ts';
import { about, isRejected, snapshotRefusal } from './refusals.ts';
import { restoreToTime } from './restoring.ts';
import { sameSnapshot } from './same.ts';

/** Snapshots and restores by the API of Amazon RDS, of DB instances and of DB clusters. */
export function createRecovery(reach: Reach): Recovery {
  const { client, ask } = reach;
  const kinds: PerKind<KindRecovery> = { instance: instanceRecovery(reach), cluster: clusterRecovery(reach) };
  return {
    instance: (identifier) => target(reach, kinds, identifier),
    snapshots: (identifier) => kinds[reach.targetKind].snapshots(identifier),
    createSnapshot: (spec) => kinds[kindOf(spec.source)].createSnapshot(spec),
    restoreToTime: (spec) => kinds[kindOf(spec.source)].restoreToTime(spec),
    deleteSnapshot: (identifier) => kinds[reach.targetKind].deleteSnapshot(identifier),
    async tag(arn, tags) {
      const command = new AddTagsToResourceCommand({ ResourceName: arn, Tags: tagList(tags) });
      await ask(`tag ${arn}`, 'rds:AddTagsToResource', () => client.send(command));
    },
  };
}

/** A member stands for its cluster, and from then on everything is about clusters. */
async function target(
  reach: Reach,
  kinds: PerKind<KindRecovery>,
  identifier: string,
): Promise<InstanceFacts | undefined> {
  const found = await kinds[reach.targetKind].instance(identifier);
  if (found?.clusterIdentifier === undefined) return found;
  const cluster = await resolvedCluster(reach, found.clusterIdentifier, found.identifier);
  if (cluster !== undefined) reach.targetKind = 'cluster';
  return cluster ?? found;
}

function instanceRecovery(reach: Reach): KindRecovery {
  const { client, ask } = reach;
  const look = looking(client, ask);
  return {
    ...look,
    createSnapshot: (spec) => createSnapshot(client, ask, look, spec),
    restoreToTime: (spec) => restoreToTime(reach, look, spec),
    async deleteSnapshot(identifier) {
      const command = new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: identifier });
      try {
        await ask(`delete snapshot ${identifier}`, 'rds:DeleteDBSnapshot', () => client.send(command));
      } catch (error) {
        if (!isRejected(error, 'DBSnapshotNotFound')) throw error;
      }
    },
  };
}

/**
 * When an answer is lost, the repeated request is refused although the first one did its work: by the name, or
 * first by the state or quota that the work itself changed. So every refusal is followed by a look.
 */
async function createSnapshot(
  client: RDSClient,
  ask: Ask,
  look: Looking,
  spec: SnapshotSpec,
): Promise<SnapshotFacts> {
  const command = new CreateDBSnapshotCommand({
    DBInstanceIdentifier: spec.source.identifier,
    DBSnapshotIdentifier: spec.identifier,
    Tags: tagList(spec.tags),
  });
  try {
    const answer = await ask(`create snapshot ${spec.identifier}`, 'rds:CreateDBSnapshot', () =>
      client.send(command),
    );
    // The answer of some endpoints has no tags yet; those we passed are the truth.
    return { ...snapshotFacts(answer.DBSnapshot ?? {}), tags: spec.tags };
  } catch (error) {
    if (!isRejected(error)) throw about(error, { instance: spec.source.identifier, name: spec.identifier });
    const existing = (await quietly(look.snapshots(spec.identifier)))?.snapshots[0];
    if (existing !== undefined && sameSnapshot(existing, spec)) return existing;
    throw snapshotRefusal(error, spec);
  }
}
