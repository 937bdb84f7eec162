import { RdsError } from '../errors.ts';
import { filtered, page } from '../paging.ts';
import { findInstance, instanceNamed, type State } from '../state.ts';
import { instanceXml } from '../views.ts';
import { type Action, list } from './action.ts';

export const describeDBInstances: Action = {
  parameters: ['DBInstanceIdentifier', 'Filters', 'MaxRecords', 'Marker'],
  run: (state, params) => {
    const id = params.text('DBInstanceIdentifier');
    const all = id === undefined ? [...state.instances.values()] : [instanceNamed(state, id)];
    const chosen = filtered(all, params, {
      'dbi-resource-id': (instance) => instance.resourceId,
      'db-instance-id': (instance) => instance.settings.id,
      'db-cluster-id': (instance) => instance.settings.clusterId,
      engine: (instance) => instance.settings.engine,
    });
    const { entries, marker } = page(chosen, params);
    return {
      Marker: marker,
      DBInstances: list(
        'DBInstance',
        entries.map((entry) => instanceXml(state, entry)),
      ),
    };
  },
};

/** The lab has no clusters yet: the listing is empty and a name is never found. */
export const describeDBClusters: Action = {
  parameters: ['DBClusterIdentifier', 'Filters', 'MaxRecords', 'Marker', 'IncludeShared'],
  run: (_state, params) => {
    const id = params.text('DBClusterIdentifier');
    if (id !== undefined) throw new RdsError('DBClusterNotFoundFault', `DBCluster ${id} not found.`, 404);
    return { DBClusters: list('DBCluster', []) };
  },
};

/** Room for a name, for every call that makes an instance. */
export const checkNewInstance = (state: State, id: string): void => {
  if (findInstance(state, id) !== undefined)
    throw new RdsError('DBInstanceAlreadyExists', 'DB instance already exists');
  if (state.instances.size >= state.quotas.instances) {
    throw new RdsError(
      'InstanceQuotaExceeded',
      `You have reached the limit of ${state.quotas.instances} DB instances.`,
    );
  }
};
