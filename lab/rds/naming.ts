import type { Cluster } from '../databases.ts';
import {
  type Addresses,
  clusterName,
  type Hosts,
  instanceName,
  startAddresses,
  startHosts,
} from '../dns/index.ts';
import type { Instance, State } from './state.ts';

/** Where a database or a proxy is reached. */
export type Endpoint = { readonly address: string; readonly port: number };

export type Naming =
  | { readonly mode: 'addresses' }
  | { readonly mode: 'names'; readonly hosts: Hosts; readonly addresses: Addresses };

export const startNaming = (mode: Naming['mode'] = 'addresses'): Naming => {
  if (mode === 'addresses') return { mode };
  // Elsewhere only 127.0.0.1 is set up on the loopback interface.
  if (process.platform !== 'linux') throw new Error("endpoints: 'names' needs Linux.");
  return { mode, hosts: startHosts(), addresses: startAddresses() };
};

const named = (state: State, instance: Instance): string => instanceName(instance.settings.id, state.region);

/** What Describe shows; absent while there is no database. The name may not resolve (yet, or any more). */
export const endpointOf = (state: State, instance: Instance): Endpoint | undefined => {
  const { cluster, door } = instance;
  if (cluster === undefined) return undefined;
  if (door !== undefined) return { address: door.host, port: door.port };
  const address = state.naming.mode === 'names' ? named(state, instance) : cluster.host;
  return { address, port: cluster.port };
};

/** Writes the names that resolve now. Called after every change of a name, an address or a life. */
export const publishNames = (state: State): void => {
  if (state.naming.mode === 'addresses') return;
  const names = new Map<string, string>();
  for (const instance of state.instances.values()) {
    if (instance.resolves && instance.cluster !== undefined)
      names.set(named(state, instance), instance.cluster.host);
  }
  for (const each of state.clusters.values()) {
    // They are there without members, too; then nothing answers behind them.
    if (!each.resolves || each.cluster === undefined) continue;
    for (const role of ['writer', 'reader'] as const)
      names.set(clusterName(each.settings.id, state.region, role), each.cluster.host);
  }
  for (const proxy of state.proxies.values()) names.set(proxy.endpoint.address, proxy.forwarder.host);
  state.naming.hosts.publish(names);
};

/** Where a new database listens. With names it keeps the source's port, or takes the asked one, on an address of its own. */
export const placeFor = async (
  state: State,
  port: number,
): Promise<{ readonly host?: string; readonly port?: number }> =>
  state.naming.mode === 'names' ? { host: await state.naming.addresses.take(port), port } : {};

/** Gives an instance its database and, with it, its name. */
export const moveIn = (state: State, instance: Instance, cluster: Cluster | undefined): void => {
  instance.cluster = cluster;
  publishNames(state);
};
