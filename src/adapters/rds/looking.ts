import {
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { SnapshotFacts } from '../../domain/facts.ts';
import type { Recovery } from '../../ports/recovery.ts';
import type { Ask } from '../aws/ask.ts';
import { instanceFacts, snapshotFacts } from './describe.ts';
import { isRejected } from './refusals.ts';

export type Looking = Pick<Recovery, 'instance' | 'snapshots'>;

/** Page size of DescribeDBSnapshots; 100 is the most that AWS gives. */
const PAGE = 100;
/** From here on the account's limit (100 unless it was raised) is worth a call. */
const MANY = 80;

/** The calls that change nothing. */
export const looking = (client: RDSClient, ask: Ask): Looking => ({
  async instance(identifier) {
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
  },
  async snapshots(identifier) {
    if (identifier !== undefined) {
      return { snapshots: await oneSnapshot(client, ask, identifier), limit: undefined };
    }
    const snapshots = await allSnapshots(client, ask);
    return { snapshots, limit: snapshots.length < MANY ? undefined : await snapshotLimit(client, ask) };
  },
});

async function oneSnapshot(client: RDSClient, ask: Ask, identifier: string): Promise<SnapshotFacts[]> {
  const command = new DescribeDBSnapshotsCommand({
    SnapshotType: 'manual',
    DBSnapshotIdentifier: identifier,
  });
  try {
    const answer = await ask(`describe snapshot ${identifier}`, 'rds:DescribeDBSnapshots', () =>
      client.send(command),
    );
    return (answer.DBSnapshots ?? []).map(snapshotFacts);
  } catch (error) {
    if (isRejected(error, 'DBSnapshotNotFound')) return [];
    throw error;
  }
}

async function allSnapshots(client: RDSClient, ask: Ask): Promise<SnapshotFacts[]> {
  const found: SnapshotFacts[] = [];
  let marker: string | undefined;
  do {
    const command = new DescribeDBSnapshotsCommand({
      SnapshotType: 'manual',
      MaxRecords: PAGE,
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    const answer = await ask('list snapshots', 'rds:DescribeDBSnapshots', () => client.send(command));
    found.push(...(answer.DBSnapshots ?? []).map(snapshotFacts));
    marker = answer.Marker || undefined;
  } while (marker !== undefined);
  return found;
}

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
