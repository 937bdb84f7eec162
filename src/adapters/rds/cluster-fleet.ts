import {
  type DBClusterAutomatedBackup,
  DescribeDBClusterAutomatedBackupsCommand,
  ModifyDBClusterCommand,
} from '@aws-sdk/client-rds';
import type { Fleet, RestoreWindow } from '../../ports/fleet.ts';
import { allClusters, clusterByResource, clustersWith } from './cluster-looking.ts';
import { restoreClusterSnapshot } from './cluster-restoring.ts';
import type { Reach } from './reach.ts';
import { isRejected } from './refusals.ts';
import { renameBy } from './rename.ts';

export const clusterFleet = (reach: Reach): Fleet => ({
  all: () => allClusters(reach),
  byResource: (resourceId, identifier) => clusterByResource(reach, resourceId, identifier),
  window: (resourceId) => restoreWindow(reach, resourceId),
  retained: async () => [],
  restoreSnapshot: (spec) => restoreClusterSnapshot(reach, spec),
  rename: (cluster, to) =>
    renameBy(reach, cluster, to.toLowerCase(), {
      action: 'rds:ModifyDBCluster',
      look: (resourceId) => clusterByResource(reach, resourceId),
      send: (from, name) =>
        reach.client.send(
          new ModifyDBClusterCommand({
            DBClusterIdentifier: from,
            NewDBClusterIdentifier: name,
            ApplyImmediately: true,
          }),
        ),
      busy: 'InvalidDBClusterState',
      pendingName: 'DBClusterIdentifier',
    }),
});

/** A cluster tells its window itself; the backups of a deleted one are asked for. */
async function restoreWindow(reach: Reach, resourceId: string): Promise<RestoreWindow | undefined> {
  const [found] = await clustersWith(reach, resourceId);
  if (found === undefined) return retainedWindow(reach, resourceId);
  const [earliest, latest] = [found.EarliestRestorableTime?.getTime(), found.LatestRestorableTime?.getTime()];
  // Both are unknown until the restore that made the cluster has ended.
  return earliest === undefined || latest === undefined ? undefined : { earliest, latest, status: 'active' };
}

async function retainedWindow(
  { client, ask }: Reach,
  resourceId: string,
): Promise<RestoreWindow | undefined> {
  const command = new DescribeDBClusterAutomatedBackupsCommand({ DbClusterResourceId: resourceId });
  const label = `read the restorable window of ${resourceId}`;
  try {
    const answer = await ask(label, 'rds:DescribeDBClusterAutomatedBackups', () => client.send(command));
    return (answer.DBClusterAutomatedBackups ?? []).flatMap(windowOf)[0];
  } catch (error) {
    if (isRejected(error, 'DBClusterAutomatedBackupNotFound')) return undefined;
    throw error;
  }
}

function windowOf({ RestoreWindow: window, Status }: DBClusterAutomatedBackup): readonly RestoreWindow[] {
  const [earliest, latest] = [window?.EarliestTime?.getTime(), window?.LatestTime?.getTime()];
  if (earliest === undefined || latest === undefined) return [];
  return [{ earliest, latest, status: Status ?? 'retained' }];
}
