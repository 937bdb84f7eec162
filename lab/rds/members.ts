import { type DbCluster, isAurora, membersOf, sharedSettings } from './cluster-state.ts';
import { memberDefaults } from './engines.ts';
import { startForwarder } from './forwarder.ts';
import { publishNames } from './naming.ts';
import { pause } from './restart.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { type Instance, newInstance, type State } from './state.ts';
import type { InstanceSettings } from './types.ts';

export const MEMBER_SETTINGS: Omit<InstanceSettings, 'id'> = {
  ...DEFAULT_SETTINGS,
  instanceClass: 'db.r7g.large',
  // Aurora's storage belongs to the cluster; its members show a single GiB.
  allocatedStorage: 1,
  maxAllocatedStorage: undefined,
  iops: undefined,
  storageThroughput: undefined,
  parameterGroup: 'lab-aurora17-member',
  optionGroup: 'default:aurora-postgresql-17',
  deletionProtection: false,
  copyTagsToSnapshot: false,
  tags: [],
};

export const memberSettings = (
  cluster: DbCluster,
  own: Partial<InstanceSettings> & { readonly id: string },
): InstanceSettings => ({
  ...MEMBER_SETTINGS,
  ...memberDefaults(cluster.settings.engine),
  ...own,
  ...sharedSettings(cluster.settings),
  // A Multi-AZ DB cluster has one class and one parameter group for all.
  ...(isAurora(cluster.settings.engine)
    ? {}
    : { instanceClass: cluster.settings.instanceClass ?? MEMBER_SETTINGS.instanceClass }),
});

/** A member that is not there yet. The first one of a cluster becomes its writer. */
export const newMember = (state: State, cluster: DbCluster, settings: InstanceSettings): Instance => {
  const member = newInstance({ settings, status: 'creating', cluster: undefined, made: false });
  state.instances.set(member.resourceId, member);
  if (membersOf(state, cluster).length === 1) cluster.writer = member.resourceId;
  return member;
};

/**
 * The member answers from here on. All members of a lab cluster are the same server under names (or ports)
 * of their own: readers of the lab take writes, too.
 */
export const bringUp = async (state: State, cluster: DbCluster, member: Instance): Promise<void> => {
  const storage = cluster.cluster;
  if (storage === undefined) throw new Error(`the cluster ${cluster.settings.id} has no storage`);
  if (!storage.running) {
    cluster.start ??= storage.start();
    await cluster.start.finally(() => {
      cluster.start = undefined;
    });
  }
  if (state.naming.mode === 'addresses') {
    member.door = await startForwarder({ host: '127.0.0.1', port: 0 }, () =>
      storage.running ? storage : undefined,
    );
  }
  member.cluster = storage;
  member.status = 'available';
  publishNames(state);
};

/** CreateDBInstance for a cluster: the work behind the answer. */
export const createMember = (state: State, cluster: DbCluster, settings: InstanceSettings): Instance => {
  const member = newMember(state, cluster, settings);
  state.jobs.run(`member ${settings.id}`, async () => {
    try {
      await pause(state, state.durations.memberMs);
      await bringUp(state, cluster, member);
    } catch (error) {
      member.status = 'failed';
      throw error;
    }
  });
  return member;
};

/** A member is gone; another one writes, or nothing answers any more. */
export const loseMember = async (state: State, member: Instance): Promise<void> => {
  const cluster = [...state.clusters.values()].find(
    ({ settings }) => settings.id === member.settings.clusterId,
  );
  await member.door?.stop();
  if (cluster === undefined) return;
  const left = membersOf(state, cluster);
  if (cluster.writer === member.resourceId) cluster.writer = left[0]?.resourceId;
  if (left.length === 0) await cluster.cluster?.shutdown();
};

const MULTI_AZ_MEMBERS = 3;

/** Makes the members that come with a Multi-AZ DB cluster by themselves. */
export const ownMembers = async (state: State, cluster: DbCluster): Promise<void> => {
  for (let n = 1; n <= MULTI_AZ_MEMBERS; n += 1) {
    const id = `${cluster.settings.id}-instance-${n}`;
    await bringUp(state, cluster, newMember(state, cluster, memberSettings(cluster, { id })));
  }
};
