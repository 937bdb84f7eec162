import { RdsError } from '../errors.ts';
import { filtered, page } from '../paging.ts';
import { checkFree } from '../rename.ts';
import { arnOf, instanceNamed, type State } from '../state.ts';
import { instanceXml } from '../views.ts';
import { type Action, list } from './action.ts';

export const describeDBInstances: Action = {
  parameters: ['DBInstanceIdentifier', 'Filters', 'MaxRecords', 'Marker'],
  run: (state, params) => {
    const id = params.text('DBInstanceIdentifier');
    const all = id === undefined ? [...state.instances.values()] : [instanceNamed(state, id)];
    const chosen = filtered(all, params, {
      'dbi-resource-id': (instance) => instance.resourceId,
      'db-instance-id': (instance) => [instance.settings.id, arnOf(state, 'db', instance.settings.id)],
      'db-cluster-id': ({ settings: { clusterId } }) =>
        clusterId === undefined ? undefined : [clusterId, arnOf(state, 'cluster', clusterId)],
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

/** Room for a name, for every call that makes an instance. */
export const checkNewInstance = (state: State, id: string): void => {
  checkFree(state, id);
  if (state.instances.size >= state.quotas.instances) {
    throw new RdsError(
      'InstanceQuotaExceeded',
      `You have reached the limit of ${state.quotas.instances} DB instances.`,
    );
  }
};
