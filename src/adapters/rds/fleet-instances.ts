import { DescribeDBInstanceAutomatedBackupsCommand, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { Fleet, RestoreWindow } from '../../ports/fleet.ts';
import { instanceFacts } from './describe.ts';
import { instanceByResource, looking } from './looking.ts';
import { allPages } from './pages.ts';
import type { Reach } from './reach.ts';
import { isRejected } from './refusals.ts';
import { retainedBackups, windowOf } from './remains.ts';
import { renameInstance } from './rename.ts';
import { restoreSnapshot } from './restoring.ts';

/** DB instances that stand alone; members of clusters go with their cluster. */
export function instanceFleet(reach: Reach): Fleet {
  return {
    all: async () =>
      (await allInstances(reach)).filter(({ clusterIdentifier }) => clusterIdentifier === undefined),
    byResource: (resourceId, identifier) => instanceByResource(reach, resourceId, identifier),
    window: (resourceId) => restoreWindow(reach, resourceId),
    retained: () => retainedBackups(reach),
    restoreSnapshot: (spec) => restoreSnapshot(reach, looking(reach.client, reach.ask), spec),
    rename: (instance, to) => renameInstance(reach, instance, to.toLowerCase()),
  };
}

const allInstances = ({ client, ask }: Reach): Promise<InstanceFacts[]> =>
  allPages(async (page) => {
    const command = new DescribeDBInstancesCommand(page);
    const answer = await ask('list DB instances', 'rds:DescribeDBInstances', () => client.send(command));
    return { found: answer.DBInstances?.map(instanceFacts), marker: answer.Marker };
  });

async function restoreWindow({ client, ask }: Reach, resourceId: string): Promise<RestoreWindow | undefined> {
  const command = new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: resourceId });
  const label = `read the restorable window of ${resourceId}`;
  const action = 'rds:DescribeDBInstanceAutomatedBackups';
  try {
    const answer = await ask(label, action, () => client.send(command));
    const windows = (answer.DBInstanceAutomatedBackups ?? []).flatMap(windowOf);
    return windows.find(({ status }) => status === 'active') ?? windows[0];
  } catch (error) {
    if (isRejected(error, 'DBInstanceAutomatedBackupNotFound')) return undefined;
    throw error;
  }
}
