import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { IamAction } from '../aws/failure.ts';
import { instanceByResource } from './looking.ts';
import { quietly } from './pages.ts';
import { pendingIn } from './pending.ts';
import type { Reach } from './reach.ts';
import { changeRefusal, instanceGone, isRejected } from './refusals.ts';

/** What differs between a rename of an instance and one of a cluster. */
export interface Renaming {
  readonly action: IamAction;
  readonly look: (resourceId: string) => Promise<InstanceFacts | undefined>;
  readonly send: (from: string, to: string) => Promise<unknown>;
  /** Code of the refusal in a state that takes no new name. */
  readonly busy: string;
  /** Where an accepted name waits among the pending values. */
  readonly pendingName: 'DBInstanceIdentifier' | 'DBClusterIdentifier';
}

/** Asks for a new name, which reboots the instance at once. */
export const renameInstance = (reach: Reach, instance: InstanceFacts, to: string): Promise<void> =>
  renameBy(reach, instance, to, {
    action: 'rds:ModifyDBInstance',
    look: (resourceId) => instanceByResource(reach, resourceId),
    send: (from, name) =>
      reach.client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier: from,
          NewDBInstanceIdentifier: name,
          ApplyImmediately: true,
        }),
      ),
    busy: 'InvalidDBInstanceState',
    pendingName: 'DBInstanceIdentifier',
  });

/**
 * The database is looked up by its resource id first: names change hands in a promotion, and a request by an old name
 * would hit the other one. A name that it has already is never sent, because AWS would reboot for it all the same.
 */
export async function renameBy(
  reach: Reach,
  instance: InstanceFacts,
  to: string,
  how: Renaming,
): Promise<void> {
  const now = await how.look(instance.resourceId);
  if (now === undefined) throw instanceGone(instance);
  if (isUnderWay(now, to, how)) return;
  try {
    await reach.ask(`rename ${now.identifier} to ${to}`, how.action, () => how.send(now.identifier, to));
  } catch (error) {
    const after = await afterRefusal(reach, () => how.look(instance.resourceId), {
      isTold: (seen) => isUnderWay(seen, to, how),
      isBusy: isRejected(error, how.busy),
    });
    if (after !== undefined && isUnderWay(after, to, how)) return;
    throw changeRefusal(error, after ?? now, to);
  }
}

/** The status reads `available` for some seconds after AWS accepted a name (boto3 issue 609). */
const PAUSES_MS = [500, 1000, 2000, 4000] as const;

/**
 * What the database is after a refusal. When the first answer was lost, the repeated request is refused by the name or
 * by the state that it changed, and that state may not be told yet.
 */
async function afterRefusal(
  reach: Reach,
  look: () => Promise<InstanceFacts | undefined>,
  { isTold, isBusy }: { readonly isTold: (seen: InstanceFacts) => boolean; readonly isBusy: boolean },
): Promise<InstanceFacts | undefined> {
  let seen = await quietly(look());
  if (!isBusy) return seen;
  for (const ms of PAUSES_MS) {
    if (seen?.status !== 'available' || isTold(seen)) return seen;
    await reach.clock.sleep(ms);
    seen = await quietly(look());
  }
  return seen;
}

/** A name that was accepted can be a pending value before the status tells it. */
const isUnderWay = (now: InstanceFacts, to: string, { pendingName }: Renaming): boolean =>
  now.identifier === to ||
  now.status === 'renaming' ||
  now.clusterStatus === 'renaming' ||
  pendingIn(now.settings)[pendingName] === to;
