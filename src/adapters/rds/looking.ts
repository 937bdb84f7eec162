import {
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Recovery } from '../../ports/recovery.ts';
import type { Ask } from '../aws/ask.ts';
import { instanceFacts, snapshotFacts } from './describe.ts';
import { allPages } from './pages.ts';
import type { Reach } from './reach.ts';
import { isRejected, onlyOne } from './refusals.ts';
import { instanceOfSnapshot } from './remains.ts';

export type Looking = Pick<Recovery, 'instance' | 'snapshots'>;

/** From here on the account's limit (100 unless it was raised) is worth a call. */
const MANY = 80;

/** The calls that change nothing. */
export const looking = (client: RDSClient, ask: Ask): Looking => ({
  instance: (identifier) => instanceByName({ client, ask }, identifier),
  async snapshots(identifier) {
    if (identifier !== undefined) {
      return { snapshots: await oneSnapshot(client, ask, identifier), limit: undefined };
    }
    const snapshots = await allSnapshots(client, ask);
    return { snapshots, limit: snapshots.length < MANY ? undefined : await snapshotLimit(client, ask) };
  },
});

/**
 * Manual snapshots have plain names; AWS finds one of another type only when its type is named too
 * (API reference, DescribeDBSnapshots), and says which by a prefix.
 */
export function snapshotType(identifier: string): string {
  if (identifier.startsWith('rds:')) return 'automated';
  return identifier.startsWith('awsbackup:') ? 'awsbackup' : 'manual';
}

async function oneSnapshot(client: RDSClient, ask: Ask, identifier: string): Promise<SnapshotFacts[]> {
  const command = new DescribeDBSnapshotsCommand({
    SnapshotType: snapshotType(identifier),
    DBSnapshotIdentifier: identifier,
  });
  try {
    const answer = await ask(`describe snapshot ${identifier}`, 'rds:DescribeDBSnapshots', () =>
      client.send(command),
    );
    return (answer.DBSnapshots ?? []).map((each) => ({
      ...snapshotFacts(each),
      describes: instanceOfSnapshot(each),
    }));
  } catch (error) {
    if (isRejected(error, 'DBSnapshotNotFound')) return [];
    throw error;
  }
}

const allSnapshots = (client: RDSClient, ask: Ask): Promise<SnapshotFacts[]> =>
  allPages(async (page) => {
    const command = new DescribeDBSnapshotsCommand({ SnapshotType: 'manual', ...page });
    const answer = await ask('list snapshots', 'rds:DescribeDBSnapshots', () => client.send(command));
    return { found: answer.DBSnapshots?.map(snapshotFacts), marker: answer.Marker };
  });

/** Undefined when AWS will not tell: a role without this right must still be able to deploy. */
async function snapshotLimit(client: RDSClient, ask: Ask): Promise<number | undefined> {
  const command = new DescribeAccountAttributesCommand({});
  try {
    const answer = await ask('read the snapshot limit', 'rds:DescribeAccountAttributes', () =>
      client.send(command),
    );
    return answer.AccountQuotas?.find((quota) => quota.AccountQuotaName === 'ManualSnapshots')?.Max;
  } catch {
    return undefined;
  }
}

/** Undefined when no DB instance has that identifier. A member of a cluster is described like any other. */
export async function instanceByName(
  { client, ask }: Pick<Reach, 'client' | 'ask'>,
  identifier: string,
): Promise<InstanceFacts | undefined> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
  const action = 'rds:DescribeDBInstances';
  try {
    const answer = await ask(`describe ${identifier}`, action, () => client.send(command));
    const found = answer.DBInstances?.[0];
    return found === undefined ? undefined : instanceFacts(found);
  } catch (error) {
    if (isRejected(error, 'DBInstanceNotFound')) return undefined;
    throw error;
  }
}

/** Undefined when it was deleted. The id survives every rename. */
export async function instanceByResource(
  { client, ask }: Pick<Reach, 'client' | 'ask'>,
  resourceId: string,
  identifier?: string,
): Promise<InstanceFacts | undefined> {
  const command = new DescribeDBInstancesCommand({
    Filters: [{ Name: 'dbi-resource-id', Values: [resourceId] }],
  });
  try {
    const answer = await ask(`describe ${resourceId}`, 'rds:DescribeDBInstances', () => client.send(command));
    return onlyOne((answer.DBInstances ?? []).map(instanceFacts), resourceId, identifier);
  } catch (error) {
    if (isRejected(error, 'DBInstanceNotFound')) return undefined;
    throw error;
  }
}
