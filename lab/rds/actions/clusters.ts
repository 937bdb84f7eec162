import { clusterNamed } from '../cluster-state.ts';
import { clusterXml } from '../cluster-views.ts';
import { filtered, page } from '../paging.ts';
import { arnOf } from '../state.ts';
import { type Action, list } from './action.ts';

/** The filters are those that the API reference names for clusters; nobody in the lab has a domain or a clone group. */
export const describeDBClusters: Action = {
  parameters: ['DBClusterIdentifier', 'Filters', 'MaxRecords', 'Marker', 'IncludeShared'],
  run: (state, params) => {
    const id = params.text('DBClusterIdentifier');
    const all = id === undefined ? [...state.clusters.values()] : [clusterNamed(state, id)];
    const chosen = filtered(all, params, {
      'db-cluster-id': ({ settings }) => [settings.id, arnOf(state, 'cluster', settings.id)],
      'db-cluster-resource-id': ({ resourceId }) => resourceId,
      engine: ({ settings }) => settings.engine,
      'clone-group-id': () => undefined,
      domain: () => undefined,
    });
    const { entries, marker } = page(chosen, params);
    return {
      Marker: marker,
      DBClusters: list(
        'DBCluster',
        entries.map((entry) => clusterXml(state, entry)),
      ),
    };
  },
};
