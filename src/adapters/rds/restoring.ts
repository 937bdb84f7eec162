import {
  type DBInstance,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { SnapshotRestoreSpec } from '../../ports/fleet.ts';
import type { RestoreSpec } from '../../ports/recovery.ts';
import type { IamAction } from '../aws/failure.ts';
import { instanceFacts } from './describe.ts';
import type { Looking } from './looking.ts';
import { quietly } from './pages.ts';
import type { Reach } from './reach.ts';
import { about, isRejected, restoreRefusal } from './refusals.ts';
import { restoreInput, snapshotRestoreInput } from './restore-input.ts';
import { sameRestore } from './same.ts';

/** Replays the source's log beside it. */
export const restoreToTime = (reach: Reach, look: Looking, spec: RestoreSpec): Promise<InstanceFacts> =>
  restoreOnce(reach, look, spec, {
    label: `restore ${spec.source.identifier} as ${spec.identifier}`,
    action: 'rds:RestoreDBInstanceToPointInTime',
    input: restoreInput(spec),
    send: async (input) =>
      (await reach.client.send(new RestoreDBInstanceToPointInTimeCommand(input))).DBInstance,
  });

/** Restores a snapshot beside the source. */
export const restoreSnapshot = (
  reach: Reach,
  look: Looking,
  spec: SnapshotRestoreSpec,
): Promise<InstanceFacts> =>
  restoreOnce(reach, look, spec, {
    label: `restore ${spec.snapshot.identifier} as ${spec.identifier}`,
    action: 'rds:RestoreDBInstanceFromDBSnapshot',
    input: snapshotRestoreInput(spec),
    send: async (input) =>
      (await reach.client.send(new RestoreDBInstanceFromDBSnapshotCommand(input))).DBInstance,
  });

interface Order<Input> {
  readonly label: string;
  readonly action: IamAction;
  readonly input: Input;
  readonly send: (input: Input) => Promise<DBInstance | undefined>;
}

/**
 * When an answer is lost, the repeated request is refused although the first one did its work. So every refusal is
 * followed by a look for the instance with the tags of this very run.
 */
async function restoreOnce<Input extends { readonly AvailabilityZone?: string | undefined }>(
  reach: Reach,
  look: Looking,
  spec: RestoreSpec | SnapshotRestoreSpec,
  order: Order<Input>,
): Promise<InstanceFacts> {
  try {
    const made = await anyZone(reach, order);
    // The answer of some endpoints has no tags yet; those we passed are the truth.
    return { ...instanceFacts(made ?? {}), tags: spec.tags };
  } catch (error) {
    if (!isRejected(error)) throw about(error, { instance: spec.source.identifier, name: spec.identifier });
    const existing = await quietly(look.instance(spec.identifier));
    if (existing !== undefined && sameRestore(existing, spec.tags)) return existing;
    throw restoreRefusal(error, spec);
  }
}

/** A full zone must not stand between people and their data. */
async function anyZone<Input extends { readonly AvailabilityZone?: string | undefined }>(
  { ask, onRetry }: Reach,
  { label, action, input, send }: Order<Input>,
): Promise<DBInstance | undefined> {
  const { AvailabilityZone: zone } = input;
  try {
    return await ask(label, action, () => send(input));
  } catch (error) {
    if (zone === undefined || !isRejected(error, 'InsufficientDBInstanceCapacity')) throw error;
    onRetry({ label, attempt: 1, cause: `InsufficientDBInstanceCapacity in ${zone}`, delayMs: 0 });
    return await ask(label, action, () => send({ ...input, AvailabilityZone: undefined }));
  }
}
