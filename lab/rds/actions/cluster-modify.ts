import {
  applyClusterChange,
  CLUSTER_CHANGES,
  checkClusterChange,
  clusterChangeOf,
} from '../cluster-changes.ts';
import { checkClusterFree, clusterNamed, type DbCluster } from '../cluster-state.ts';
import { clusterXml } from '../cluster-views.ts';
import { invalidClusterState } from '../errors.ts';
import type { Params } from '../params.ts';
import { newIdentifier } from '../rules.ts';
import type { State } from '../state.ts';
import type { Action } from './action.ts';

const askedName = (state: State, cluster: DbCluster, params: Params): string | undefined => {
  const asked = params.text('NewDBClusterIdentifier');
  if (asked === undefined) return undefined;
  const id = newIdentifier('NewDBClusterIdentifier', 'DBClusterIdentifier', asked);
  if (id !== cluster.settings.id) checkClusterFree(state, id);
  return id;
};

const checkModifiable = ({ settings, status, renamingTo }: DbCluster): void => {
  if (status === 'available' && renamingTo === undefined) return;
  const words = renamingTo === undefined ? status : 'renaming';
  throw invalidClusterState(`DB cluster is not in available state: ${settings.id} is ${words}.`);
};

/**
 * ApplyImmediately holds back a new name and IAM authentication only; all else is done at once (API reference,
 * ModifyDBCluster).
 */
export const modifyDBCluster: Action = {
  parameters: [
    'DBClusterIdentifier',
    'NewDBClusterIdentifier',
    'ApplyImmediately',
    ...Object.keys(CLUSTER_CHANGES),
  ],
  run: (state, params) => {
    const cluster = clusterNamed(state, params.needed('DBClusterIdentifier'));
    checkModifiable(cluster);
    const name = askedName(state, cluster, params);
    const change = clusterChangeOf(params, cluster.settings);
    checkClusterChange(state, cluster.settings, change);
    if (params.flag('ApplyImmediately') === true) {
      const { id: pendingName, ...pending } = cluster.pending;
      cluster.pending = {};
      applyClusterChange(state, cluster, { ...pending, ...change }, name ?? pendingName);
    } else {
      const { iamAuth, ...atOnce } = change;
      cluster.pending = {
        ...cluster.pending,
        ...(iamAuth === undefined ? {} : { iamAuth }),
        ...(name === undefined ? {} : { id: name }),
      };
      if (Object.keys(atOnce).length > 0) applyClusterChange(state, cluster, atOnce, undefined);
    }
    return { DBCluster: clusterXml(state, cluster) };
  },
};
