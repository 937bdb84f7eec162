import { removeBackup, takeBaseBackup } from '../../databases.ts';
import {
  type ClusterSnapshot,
  clusterNamed,
  clusterSnapshotNamed,
  type DbCluster,
} from '../cluster-state.ts';
import { clusterSnapshotXml } from '../cluster-views.ts';
import { invalidClusterState, RdsError } from '../errors.ts';
import { filtered, page } from '../paging.ts';
import { checkTags, copiedTags, newIdentifier } from '../rules.ts';
import { arnOf, type State } from '../state.ts';
import type { RdsTag } from '../types.ts';
import { type Action, list } from './action.ts';
import { ofType } from './snapshots.ts';

export const newClusterSnapshot = (
  state: State,
  cluster: DbCluster,
  id: string,
  type: ClusterSnapshot['type'],
  tags: readonly RdsTag[],
): ClusterSnapshot => {
  const snapshot: ClusterSnapshot = {
    id,
    type,
    resourceId: cluster.resourceId,
    source: cluster.settings,
    sourceCreatedAt: cluster.createdAt,
    sourcePort: cluster.cluster?.port ?? 0,
    archiveDir: cluster.cluster?.archiveDir ?? '',
    ssl: cluster.cluster?.ssl ?? 'off',
    requestedAt: new Date(),
    lastsMs: state.durations.snapshotMs,
    status: 'creating',
    tags,
    backup: undefined,
    completedAt: undefined,
  };
  state.clusterSnapshots.set(id, snapshot);
  return snapshot;
};

/** The cluster stays `available` meanwhile: a snapshot of Aurora's storage is nothing its members notice. */
const take = async (state: State, cluster: DbCluster, snapshot: ClusterSnapshot): Promise<void> => {
  const storage = cluster.cluster;
  try {
    if (storage === undefined) throw new Error('the cluster has no storage');
    const copy = () => takeBaseBackup(storage, snapshot.id);
    snapshot.backup = await state.jobs.lasting(snapshot.lastsMs, copy, removeBackup);
    cluster.backups.push(snapshot.backup);
    snapshot.completedAt = new Date();
    snapshot.status = 'available';
  } catch (error) {
    snapshot.status = 'failed';
    throw error;
  }
};

const checkQuota = (state: State): void => {
  const manual = [...state.clusterSnapshots.values()].filter(({ type }) => type === 'manual').length;
  if (manual >= state.quotas.manualSnapshots) {
    throw new RdsError(
      'SnapshotQuotaExceeded',
      `Cannot create more than ${state.quotas.manualSnapshots} manual snapshots`,
    );
  }
};

export const createDBClusterSnapshot: Action = {
  parameters: ['DBClusterSnapshotIdentifier', 'DBClusterIdentifier', 'Tags'],
  run: (state, params) => {
    const kind = 'DBClusterSnapshotIdentifier';
    const id = newIdentifier(kind, kind, params.needed(kind));
    const cluster = clusterNamed(state, params.needed('DBClusterIdentifier'));
    const tags = checkTags(params.tags() ?? []);
    if (state.clusterSnapshots.has(id)) {
      throw new RdsError(
        'DBClusterSnapshotAlreadyExistsFault',
        `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
      );
    }
    if (cluster.status !== 'available' || cluster.renamingTo !== undefined) {
      throw invalidClusterState(
        `Cannot create a snapshot because the database cluster ${cluster.settings.id} is not currently in the available state.`,
      );
    }
    checkQuota(state);
    const { settings } = cluster;
    // Any tag in the request turns CopyTagsToSnapshot off for this snapshot.
    const inherited = tags.length === 0 && settings.copyTagsToSnapshot ? copiedTags(settings.tags) : tags;
    const snapshot = newClusterSnapshot(state, cluster, id, 'manual', inherited);
    state.jobs.run(`cluster snapshot ${id}`, () => take(state, cluster, snapshot));
    return { DBClusterSnapshot: clusterSnapshotXml(state, snapshot) };
  },
};

export const describeDBClusterSnapshots: Action = {
  parameters: [
    ...['DBClusterIdentifier', 'DBClusterSnapshotIdentifier', 'SnapshotType', 'Filters', 'MaxRecords'],
    ...['Marker', 'IncludeShared', 'IncludePublic', 'DbClusterResourceId'],
  ],
  run: (state, params) => {
    const id = params.text('DBClusterSnapshotIdentifier');
    const cluster = params.text('DBClusterIdentifier')?.toLowerCase();
    const resource = params.text('DbClusterResourceId');
    const all = id === undefined ? [...state.clusterSnapshots.values()] : [clusterSnapshotNamed(state, id)];
    const asked = all.filter(
      (snapshot) =>
        (cluster === undefined || snapshot.source.id === cluster) &&
        (resource === undefined || snapshot.resourceId === resource) &&
        ofType(snapshot, params.text('SnapshotType')),
    );
    const chosen = filtered(asked, params, {
      'db-cluster-id': ({ source }) => [source.id, arnOf(state, 'cluster', source.id)],
      'db-cluster-snapshot-id': (snapshot) => snapshot.id,
      'snapshot-type': (snapshot) => snapshot.type,
      engine: (snapshot) => snapshot.source.engine,
    });
    const { entries, marker } = page(chosen, params);
    return {
      Marker: marker,
      DBClusterSnapshots: list(
        'DBClusterSnapshot',
        entries.map((entry) => clusterSnapshotXml(state, entry)),
      ),
    };
  },
};

export const deleteDBClusterSnapshot: Action = {
  parameters: ['DBClusterSnapshotIdentifier'],
  run: (state, params) => {
    const snapshot = clusterSnapshotNamed(state, params.needed('DBClusterSnapshotIdentifier'));
    if (snapshot.type === 'automated' || snapshot.status !== 'available') {
      throw new RdsError(
        'InvalidDBClusterSnapshotStateFault',
        snapshot.type === 'automated'
          ? `Cannot delete the automated snapshot ${snapshot.id}.`
          : `Cannot delete the snapshot ${snapshot.id} because it is not currently in the available state.`,
      );
    }
    // The files stay until the lab stops: a restore may be reading them.
    state.clusterSnapshots.delete(snapshot.id);
    snapshot.status = 'deleted';
    return { DBClusterSnapshot: clusterSnapshotXml(state, snapshot) };
  },
};
