import { type Cluster, restoreToTime, takeBaseBackup } from '../../databases.ts';
import { CLUSTER_SHARED, restoredCluster } from '../cluster-carry.ts';
import {
  type ClusterSettings,
  checkClusterFree,
  clusterNamed,
  clusterSnapshotNamed,
  type DbCluster,
  isAurora,
  newCluster,
} from '../cluster-state.ts';
import { clusterXml } from '../cluster-views.ts';
import {
  clusterNotFound,
  invalidClusterState,
  invalidCombination,
  notImitated,
  RdsError,
} from '../errors.ts';
import { ownMembers } from '../members.ts';
import { placeFor, publishNames } from '../naming.ts';
import type { Params } from '../params.ts';
import { newIdentifier } from '../rules.ts';
import type { State } from '../state.ts';
import type { Action } from './action.ts';
import { replay } from './restore.ts';
import { baseFor, lastInstant, restoreTime } from './restore-request.ts';

/** Storage alone: the server that wrote it is down again before the cluster is `available`, until a member is made. */
const beginRestore = (state: State, settings: ClusterSettings, build: () => Promise<Cluster>): DbCluster => {
  const cluster = newCluster({ settings, status: 'creating', cluster: undefined, made: true });
  state.clusters.set(cluster.resourceId, cluster);
  state.jobs.run(`restore ${settings.id}`, async () => {
    try {
      await state.jobs.lasting(state.durations.restoreMs, async () => {
        const built = await build();
        cluster.cluster = built; // also when the lab stops meanwhile, so that it is stopped with it
        cluster.backups.push(await takeBaseBackup(built, 'first'));
        await built.shutdown();
      });
      publishNames(state);
      if (!isAurora(settings.engine)) await ownMembers(state, cluster);
      cluster.status = 'available';
    } catch (error) {
      cluster.status = 'restore-failed';
      throw error;
    }
  });
  return cluster;
};

const source = (state: State, params: Params): DbCluster => {
  const id = params.text('SourceDBClusterIdentifier');
  const resource = params.text('SourceDbClusterResourceId');
  if ((id === undefined) === (resource === undefined)) {
    throw invalidCombination(
      'Exactly one of SourceDBClusterIdentifier and SourceDbClusterResourceId is needed.',
    );
  }
  if (id !== undefined) return clusterNamed(state, id);
  const found = state.clusters.get(resource ?? '');
  if (found === undefined) throw clusterNotFound(resource ?? '');
  return found;
};

const checkType = (params: Params): void => {
  const type = params.text('RestoreType') ?? 'full-copy';
  if (type === 'full-copy') return;
  if (params.has('RestoreToTime'))
    throw invalidCombination('RestoreToTime cannot be specified with the restore type copy-on-write.');
  throw notImitated(`The restore type ${type} is not imitated.`);
};

const newName = (state: State, params: Params): string => {
  const kind = 'DBClusterIdentifier';
  const id = newIdentifier(kind, kind, params.needed(kind));
  checkClusterFree(state, id);
  return id;
};

export const restoreDBClusterToPointInTime: Action = {
  parameters: [
    ...['SourceDBClusterIdentifier', 'SourceDbClusterResourceId', 'RestoreType', 'RestoreToTime'],
    ...['UseLatestRestorableTime', ...CLUSTER_SHARED],
  ],
  run: (state, params) => {
    const from = source(state, params);
    const storage = from.cluster;
    if (storage === undefined) {
      throw invalidClusterState(
        `The DB cluster ${from.settings.id} is not in a state to be restored from: ${from.status}.`,
      );
    }
    checkType(params);
    const instant = lastInstant(restoreTime(state, from, params, 'RestoreToTime'), state.secondEdge);
    const id = newName(state, params);
    const settings = restoredCluster(state, id, from.settings, from.settings.tags, params);
    const base = baseFor(from, instant);
    const port = params.int('Port') ?? storage.port;
    const cluster = beginRestore(state, settings, async () =>
      replay(storage, id, await placeFor(state, port), base, instant),
    );
    return { DBCluster: clusterXml(state, cluster) };
  },
};

export const restoreDBClusterFromSnapshot: Action = {
  parameters: [
    ...['AvailabilityZones', 'SnapshotIdentifier', 'Engine', 'EngineVersion', 'DatabaseName'],
    ...CLUSTER_SHARED,
  ],
  run: (state, params) => {
    const snapshot = clusterSnapshotNamed(state, params.needed('SnapshotIdentifier'));
    const { backup, source: was } = snapshot;
    if (snapshot.status !== 'available' || backup === undefined) {
      throw new RdsError(
        'InvalidDBClusterSnapshotStateFault',
        `The DB cluster snapshot ${snapshot.id} is not in the available state.`,
      );
    }
    const engine = params.needed('Engine');
    if (engine !== was.engine)
      throw invalidCombination(`The snapshot is of the engine ${was.engine}, not ${engine}.`);
    const id = newName(state, params);
    const owner = state.clusters.get(snapshot.resourceId)?.settings ?? was;
    const settings = restoredCluster(state, id, was, owner.tags, params);
    const { archiveDir, ssl, sourcePort } = snapshot;
    const cluster = beginRestore(state, settings, async () => {
      const place = await placeFor(state, params.int('Port') ?? sourcePort);
      return restoreToTime({ backup, archiveDir, name: id, ssl, ...place });
    });
    return { DBCluster: clusterXml(state, cluster) };
  },
};
