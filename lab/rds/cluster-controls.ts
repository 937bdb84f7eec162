import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, removeBackup, takeBaseBackup } from '../databases.ts';
import { newClusterSnapshot } from './actions/cluster-snapshots.ts';
import {
  type ClusterSettings,
  clusterEndpoint,
  clusterNamed,
  type DbCluster,
  membersOf,
  newCluster,
} from './cluster-state.ts';
import { clusterDefaults } from './engines.ts';
import { bringUp, memberSettings, newMember } from './members.ts';
import { type Endpoint, publishNames } from './naming.ts';
import { arnOf, restoreWindow, type State } from './state.ts';
import type { InstanceSettings, RdsTag } from './types.ts';

export type MemberSettings = Partial<InstanceSettings> & { readonly id: string };

export type ClusterView = ClusterSettings & {
  readonly status: string;
  readonly resourceId: string;
  readonly arn: string;
  /** Identifiers, the writer first. */
  readonly members: readonly string[];
};

export type ClusterSnapshotView = {
  readonly id: string;
  readonly clusterId: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly status: string;
  readonly tags: readonly RdsTag[];
};

/** What a test does to clusters behind the API's back. `id` is an identifier, an ARN or a resource id. */
export type ClusterControls = {
  /**
   * Puts a server under a cluster with members, the writer first (default: `<id>-1` and `<id>-2`), and takes
   * its first automated backup. Without members (`[]`) the server is shut down.
   */
  registerCluster(
    settings: Partial<ClusterSettings> & {
      readonly id: string;
      readonly members?: readonly MemberSettings[];
    },
    cluster: Cluster,
  ): Promise<void>;
  setClusterStatus(id: string, status: string): void;
  changeCluster(id: string, settings: Partial<ClusterSettings>): void;
  /** Its members are gone in the eyes of AWS; the server behind it, which tests share, goes on. */
  loseMembers(id: string): void;
  clusters(): readonly ClusterView[];
  clusterSnapshots(): readonly ClusterSnapshotView[];
  /** The server that is the storage of a cluster. */
  storageOf(id: string): Cluster;
  clusterEndpointOf(id: string): Endpoint | undefined;
  /** A postgresql:// or mysql:// URL through the cluster's endpoint. Default database and role: `app`. */
  clusterUrl(id: string, database?: string, user?: string): string;
};

const learn = (state: State, settings: ClusterSettings, members: readonly InstanceSettings[]): void => {
  const { subnetGroup } = settings;
  const vpc = state.subnetGroups.get(subnetGroup) ?? `vpc-${subnetGroup}`;
  state.subnetGroups.set(subnetGroup, vpc);
  state.securityGroups.set(`sg-${vpc}`, vpc);
  for (const group of settings.securityGroups)
    if (!state.securityGroups.has(group)) state.securityGroups.set(group, vpc);
  state.clusterParameterGroups.add(settings.parameterGroup);
  for (const { parameterGroup } of members) state.parameterGroups.add(parameterGroup);
};

const stamp = (at: Date): string => at.toISOString().slice(0, 16).replace(/[T:]/g, '-');

const firstBackup = async (state: State, made: DbCluster, storage: Cluster): Promise<void> => {
  const backup = await takeBaseBackup(storage, 'automated');
  made.backups.push(backup);
  const id = `rds:${made.settings.id}-${stamp(backup.finishedAt)}`;
  const snapshot = newClusterSnapshot(state, made, id, 'automated', []);
  Object.assign(snapshot, { status: 'available', backup, completedAt: backup.finishedAt });
  // From here on every second can be restored, also the one in which the caller goes on.
  await sleep(Math.max(0, (restoreWindow(state, made)?.earliest.getTime() ?? 0) - Date.now()));
};

const register =
  (state: State): ClusterControls['registerCluster'] =>
  async ({ members, ...own }, storage) => {
    const id = own.id.toLowerCase();
    const settings: ClusterSettings = { ...clusterDefaults(own.engine, storage), ...own, id };
    const made = newCluster({ settings, status: 'available', cluster: storage, made: false });
    const all = (members ?? [{ id: `${id}-1` }, { id: `${id}-2` }]).map((each) =>
      memberSettings(made, { ...each, id: each.id.toLowerCase() }),
    );
    learn(state, settings, all);
    state.clusters.set(made.resourceId, made);
    for (const each of all) await bringUp(state, made, newMember(state, made, each));
    publishNames(state);
    await firstBackup(state, made, storage);
    if (all.length === 0) await storage.shutdown();
  };

const storageOf = (state: State, id: string): Cluster => {
  const { cluster } = clusterNamed(state, id);
  if (cluster === undefined) throw new Error(`Cluster ${id} has no storage yet.`);
  return cluster;
};

const urlOf = (state: State, id: string, database?: string, user?: string): string => {
  const endpoint = clusterEndpoint(state, clusterNamed(state, id));
  const at = new URL(storageOf(state, id).url(database, user));
  if (endpoint !== undefined) at.host = `${endpoint.address}:${endpoint.port}`;
  return at.href;
};

export const clusterControls = (state: State): ClusterControls => ({
  registerCluster: register(state),
  setClusterStatus: (id, status) => {
    clusterNamed(state, id).status = status;
  },
  changeCluster: (id, settings) => {
    const cluster = clusterNamed(state, id);
    cluster.settings = { ...cluster.settings, ...settings };
    learn(state, cluster.settings, []);
    publishNames(state);
  },
  loseMembers: (id) => {
    const cluster = clusterNamed(state, id);
    for (const member of membersOf(state, cluster)) {
      state.instances.delete(member.resourceId);
      state.removed.set(member.resourceId, member);
    }
    cluster.writer = undefined;
    publishNames(state);
  },
  clusters: () =>
    [...state.clusters.values()].map((cluster) => ({
      ...cluster.settings,
      status: cluster.status,
      resourceId: cluster.resourceId,
      arn: arnOf(state, 'cluster', cluster.settings.id),
      members: membersOf(state, cluster).map(({ settings }) => settings.id),
    })),
  clusterSnapshots: () =>
    [...state.clusterSnapshots.values()].map(({ id, source, resourceId, status, tags }) => ({
      id,
      clusterId: source.id,
      resourceId,
      arn: arnOf(state, 'cluster-snapshot', id),
      status,
      tags,
    })),
  storageOf: (id) => storageOf(state, id),
  clusterEndpointOf: (id) => clusterEndpoint(state, clusterNamed(state, id)),
  clusterUrl: (id, database, user) => urlOf(state, id, database, user),
});

export const disposeClusters = async (state: State): Promise<void> => {
  for (const { made, cluster, backups } of state.clusters.values()) {
    if (made) await cluster?.stop();
    backups.forEach(removeBackup);
  }
};
