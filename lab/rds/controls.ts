import type { Cluster } from '../databases.ts';
import { applyChange } from './apply.ts';
import { type ClusterControls, clusterControls } from './cluster-controls.ts';
import { instanceDefaults } from './engines.ts';
import { loseMember } from './members.ts';
import type { Endpoint } from './naming.ts';
import { endpointOf, publishNames } from './naming.ts';
import { type DbProxy, healthOf, makeProxy, targetInstance } from './proxy.ts';
import { adopt, learnGroups } from './registration.ts';
import { mergeTags } from './rules.ts';
import {
  findInstance,
  findSnapshot,
  type Instance,
  instanceNamed,
  restoreWindow,
  type State,
  snapshotNamed,
} from './state.ts';
import type { InstanceSettings, InstanceView, ProxyView, Quotas, RdsTag, SnapshotView } from './types.ts';
import { instanceView, snapshotView } from './views.ts';

/** What a test does to the provider and sees of it behind the API's back. `id` is an identifier, an ARN or a resource id. */
export type Controls = ClusterControls & {
  /** Puts a cluster under an identifier and takes its first automated backup (as AWS does). */
  register(settings: Partial<InstanceSettings> & { readonly id: string }, cluster: Cluster): Promise<void>;
  setStatus(id: string, status: string): void;
  /** Changes settings behind the API's back, as a person in the console would. */
  change(id: string, settings: Partial<InstanceSettings>): void;
  /** Adds and removes tags of an instance or a snapshot; AWS's own limits are not checked. */
  retag(id: string, change: { readonly add?: readonly RdsTag[]; readonly remove?: readonly string[] }): void;
  setQuotas(quotas: Partial<Quotas>): void;
  /** The maintenance window opens: what is pending is done (a pending rename as well). See `settled`. */
  runMaintenance(id: string): void;
  /**
   * Deletes an instance, as a person in the console would: the database is shut down, its name is free. Its automated
   * backup stays as `retained`, or goes with `automatedBackups: 'deleted'` (so do the automated snapshots).
   */
  remove(id: string, options?: { readonly automatedBackups?: 'retained' | 'deleted' }): Promise<void>;
  removeSnapshot(id: string): void;
  /** Puts a proxy before an instance that is registered already; its target is AVAILABLE at once. */
  registerProxy(asked: { readonly name: string; readonly target?: string }): Promise<ProxyView>;
  instances(): readonly InstanceView[];
  snapshots(): readonly SnapshotView[];
  proxies(): readonly ProxyView[];
  /** The real cluster behind an identifier; throws when there is none (yet). */
  clusterOf(id: string): Cluster;
  /** What Describe says, whether or not the name resolves now. */
  endpointOf(id: string): Endpoint | undefined;
  /** A postgresql:// or mysql:// URL through the endpoint. Default database and role: `app`. */
  urlOf(id: string, database?: string, user?: string): string;
  latestRestorableTime(id: string): Date | undefined;
  /** Waits until every background job (snapshot, restore, rename, first backup) has ended. */
  settled(): Promise<void>;
};

const known = (state: State, id: string): Instance => state.instances.get(id) ?? instanceNamed(state, id);

const clusterOf = (state: State, id: string): Cluster => {
  const { cluster } = known(state, id);
  if (cluster === undefined) throw new Error(`Instance ${id} has no database yet.`);
  return cluster;
};

const through = (endpoint: Endpoint | undefined, url: string): string => {
  if (endpoint === undefined) throw new Error('There is no endpoint yet.');
  const at = new URL(url);
  at.host = `${endpoint.address}:${endpoint.port}`;
  return at.href;
};

const retag: (state: State, ...args: Parameters<Controls['retag']>) => void = (
  state,
  id,
  { add = [], remove = [] },
) => {
  const changed = (tags: readonly RdsTag[]): readonly RdsTag[] =>
    mergeTags(
      tags.filter(({ key }) => !remove.includes(key)),
      add,
    );
  const instance = state.instances.get(id) ?? findInstance(state, id);
  if (instance !== undefined) {
    instance.settings = { ...instance.settings, tags: changed(instance.settings.tags) };
    return;
  }
  const snapshot = snapshotNamed(state, id);
  snapshot.tags = changed(snapshot.tags);
};

const remove: (state: State, ...args: Parameters<Controls['remove']>) => Promise<void> = async (
  state,
  id,
  { automatedBackups = 'retained' } = {},
) => {
  const instance = known(state, id);
  state.instances.delete(instance.resourceId);
  state.removed.set(instance.resourceId, instance);
  instance.removedAt = new Date();
  if (automatedBackups === 'deleted') {
    instance.settings = { ...instance.settings, backupRetentionPeriod: 0 };
    for (const { id: name, type, resourceId } of state.snapshots.values()) {
      if (type === 'automated' && resourceId === instance.resourceId) state.snapshots.delete(name);
    }
  }
  publishNames(state);
  if (instance.settings.clusterId !== undefined) return loseMember(state, instance);
  // The files stay until the lab stops: the retained backup and the snapshots need the log.
  await instance.cluster?.shutdown();
};

const maintain = (state: State, instance: Instance): void => {
  const { id, ...change } = instance.pending;
  instance.pending = {};
  applyChange(state, instance, change, id);
};

const proxyView = (state: State, proxy: DbProxy): ProxyView => {
  const { name, status, endpoint, target } = proxy;
  const instance = target === undefined ? undefined : targetInstance(state, target);
  return {
    name,
    status,
    endpoint,
    target: instance?.settings.id,
    health: target === undefined ? undefined : healthOf(state, target).state,
    url: (database, user) => {
      if (instance?.cluster === undefined) throw new Error(`Proxy ${name} has no database.`);
      return through(endpoint, instance.cluster.url(database, user));
    },
  };
};

const acts = (
  state: State,
): Pick<
  Controls,
  | 'register'
  | 'setStatus'
  | 'change'
  | 'retag'
  | 'setQuotas'
  | 'runMaintenance'
  | 'remove'
  | 'removeSnapshot'
  | 'registerProxy'
> => ({
  register: async (settings, cluster) => {
    const id = settings.id.toLowerCase();
    await adopt(state, { ...instanceDefaults(settings.engine, cluster), ...settings, id }, cluster);
  },
  setStatus: (id, status) => {
    known(state, id).status = status;
  },
  change: (id, settings) => {
    const instance = known(state, id);
    instance.settings = { ...instance.settings, ...settings };
    learnGroups(state, instance.settings);
    publishNames(state);
  },
  retag: (id, change) => retag(state, id, change),
  setQuotas: (quotas) => {
    state.quotas = { ...state.quotas, ...quotas };
  },
  runMaintenance: (id) => maintain(state, known(state, id)),
  remove: (id, options) => remove(state, id, options),
  removeSnapshot: (id) => {
    const snapshot = findSnapshot(state, id) ?? snapshotNamed(state, id);
    state.snapshots.delete(snapshot.id);
  },
  registerProxy: async (asked) => proxyView(state, await makeProxy(state, asked)),
});

export const controls = (state: State): Controls => ({
  ...acts(state),
  ...clusterControls(state),
  instances: () => [...state.instances.values()].map((instance) => instanceView(state, instance)),
  snapshots: () => [...state.snapshots.values()].map((snapshot) => snapshotView(state, snapshot)),
  proxies: () => [...state.proxies.values()].map((proxy) => proxyView(state, proxy)),
  clusterOf: (id) => clusterOf(state, id),
  endpointOf: (id) => endpointOf(state, known(state, id)),
  urlOf: (id, database, user) =>
    through(endpointOf(state, known(state, id)), clusterOf(state, id).url(database, user)),
  latestRestorableTime: (id) => restoreWindow(state, known(state, id))?.latest,
  settled: () => state.jobs.settled(),
});
