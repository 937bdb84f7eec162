import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Recovery, RestoreSpec, SnapshotSpec } from '../../ports/recovery.ts';
import { type Ask, createAsk, type RetryLimits, type RetryNote } from '../aws/ask.ts';
import { clientOptions } from '../aws/client.ts';
import { instanceFacts, snapshotFacts, tagList } from './describe.ts';
import { type Looking, looking } from './looking.ts';
import { about, isRejected, restoreRefusal, snapshotRefusal } from './refusals.ts';
import { restoreInput } from './restore-input.ts';
import { sameRestore, sameSnapshot } from './same.ts';

export interface RecoveryOptions {
  /** Undefined leaves the choice to AWS_REGION and AWS_DEFAULT_REGION. */
  readonly region?: string | undefined;
  readonly clock: Clock;
  readonly onRetry: (note: RetryNote) => void;
  readonly limits?: Partial<RetryLimits>;
  /** How long one call may stay without an answer. Default 30 seconds. */
  readonly answerMs?: number;
}

/** Amazon RDS by its API. Throws `input-missing` when no region is known. */
export function createRecovery(options: RecoveryOptions): Recovery {
  const client = new RDSClient(clientOptions(options.region, options.answerMs));
  const ask = createAsk(options);
  const look = looking(client, ask);
  return {
    ...look,
    createSnapshot: (spec) => createSnapshot(client, ask, look, spec),
    restoreToTime: (spec) => restoreToTime(client, ask, look, spec, options.onRetry),
    async deleteSnapshot(identifier) {
      const command = new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: identifier });
      try {
        await ask(`delete snapshot ${identifier}`, 'rds:DeleteDBSnapshot', () => client.send(command));
      } catch (error) {
        if (!isRejected(error, 'DBSnapshotNotFound')) throw error;
      }
    },
    async tag(arn, tags) {
      const command = new AddTagsToResourceCommand({ ResourceName: arn, Tags: tagList(tags) });
      await ask(`tag ${arn}`, 'rds:AddTagsToResource', () => client.send(command));
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

async function restoreToTime(
  client: RDSClient,
  ask: Ask,
  look: Looking,
  spec: RestoreSpec,
  onRetry: (note: RetryNote) => void,
): Promise<InstanceFacts> {
  const label = `restore ${spec.source.identifier} as ${spec.identifier}`;
  const request = async (input: ReturnType<typeof restoreInput>): Promise<InstanceFacts> => {
    const command = new RestoreDBInstanceToPointInTimeCommand(input);
    const answer = await ask(label, 'rds:RestoreDBInstanceToPointInTime', () => client.send(command));
    return { ...instanceFacts(answer.DBInstance ?? {}), tags: spec.tags };
  };
  const { AvailabilityZone: zone, ...anywhere } = restoreInput(spec);
  try {
    try {
      return await request(restoreInput(spec));
    } catch (error) {
      // A full zone must not stand between people and their data.
      if (zone === undefined || !isRejected(error, 'InsufficientDBInstanceCapacity')) throw error;
      onRetry({ label, attempt: 1, cause: `InsufficientDBInstanceCapacity in ${zone}`, delayMs: 0 });
      return await request(anywhere);
    }
  } catch (error) {
    if (!isRejected(error)) throw about(error, { instance: spec.source.identifier, name: spec.identifier });
    const existing = await quietly(look.instance(spec.identifier));
    if (existing !== undefined && sameRestore(existing, spec)) return existing;
    throw restoreRefusal(error, spec);
  }
}

/** A look that fails must not hide the refusal it was meant to explain. */
const quietly = <T>(looked: Promise<T>): Promise<T | undefined> => looked.catch(() => undefined);
