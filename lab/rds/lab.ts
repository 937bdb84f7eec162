import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, removeBackup, takeBaseBackup } from '../postgres/index.ts';
import { newSnapshot } from './actions/snapshots.ts';
import { DEFAULT_SUBNET_GROUP, DEFAULT_VPC, defaultSecurityGroup } from './carry.ts';
import { startFaults } from './faults.ts';
import { startJobs } from './jobs.ts';
import { startServer, stopServer } from './server.ts';
import { DEFAULT_SETTINGS, durationsOf, quotasOf } from './settings.ts';
import { type Instance, instanceNamed, newResourceId, restoreWindow, type State } from './state.ts';
import type { InstanceSettings, RdsLab, RdsOptions, RecordedCall } from './types.ts';
import { instanceView, snapshotView } from './views.ts';

const newState = (options: RdsOptions, jobFailures: string[]): State => ({
  region: options.region ?? 'eu-central-1',
  accountId: options.accountId ?? '123456789012',
  durations: durationsOf(options.scale, options.durations),
  quotas: quotasOf(options.quotas),
  secondEdge: options.secondEdge ?? 'end',
  instances: new Map(),
  snapshots: new Map(),
  securityGroups: new Map([[defaultSecurityGroup(DEFAULT_VPC), DEFAULT_VPC]]),
  subnetGroups: new Map([[DEFAULT_SUBNET_GROUP, DEFAULT_VPC]]),
  parameterGroups: new Set(),
  optionGroups: new Set(),
  violations: [],
  jobs: startJobs((problem) => jobFailures.push(problem)),
});

/** Groups exist because an instance uses them; a named subnet group has a VPC of its own. */
const learnGroups = (state: State, settings: InstanceSettings): void => {
  const { subnetGroup } = settings;
  const vpc = state.subnetGroups.get(subnetGroup) ?? `vpc-${subnetGroup}`;
  state.subnetGroups.set(subnetGroup, vpc);
  state.securityGroups.set(defaultSecurityGroup(vpc), vpc);
  for (const group of settings.securityGroups) {
    if (!state.securityGroups.has(group)) state.securityGroups.set(group, vpc);
  }
  state.parameterGroups.add(settings.parameterGroup);
  state.optionGroups.add(settings.optionGroup);
};

const stamp = (at: Date): string => at.toISOString().slice(0, 16).replace(/[T:]/g, '-');

/** The first automated backup, without the waiting: a registered instance is one that has been there for long. */
const adopt = async (state: State, settings: InstanceSettings, cluster: Cluster): Promise<void> => {
  if (settings.backupRetentionPeriod > 0 && cluster.archiveDir === '')
    throw new Error('A registered cluster must archive its WAL.');
  const instance: Instance = {
    resourceId: newResourceId(),
    createdAt: new Date(),
    settings,
    status: 'available',
    cluster,
    made: false,
    backups: [],
  };
  learnGroups(state, settings);
  state.instances.set(instance.resourceId, instance);
  if (settings.backupRetentionPeriod === 0) return;
  const backup = await takeBaseBackup(cluster, 'automated');
  instance.backups.push(backup);
  const id = `rds:${settings.id}-${stamp(backup.finishedAt)}`;
  const snapshot = newSnapshot(
    state,
    instance,
    id,
    'automated',
    settings.copyTagsToSnapshot ? settings.tags : [],
  );
  Object.assign(snapshot, { status: 'available', backup, completedAt: backup.finishedAt });
  // From here on every second can be restored, also the one in which the caller goes on.
  await sleep(Math.max(0, (restoreWindow(state, instance)?.earliest.getTime() ?? 0) - Date.now()));
};

const dispose = async (state: State): Promise<void> => {
  await state.jobs.stop();
  const made = [...state.instances.values()].filter((instance) => instance.made);
  await Promise.all(made.map((instance) => instance.cluster?.stop()));
  for (const instance of state.instances.values()) instance.backups.forEach(removeBackup);
};

/** The parts that look at or change the state from the test's side. */
const controls = (
  state: State,
): Pick<
  RdsLab,
  | 'register'
  | 'setStatus'
  | 'change'
  | 'instances'
  | 'snapshots'
  | 'clusterOf'
  | 'latestRestorableTime'
  | 'settled'
> => ({
  register: (settings, cluster) => {
    const id = settings.id.toLowerCase();
    return adopt(state, { ...DEFAULT_SETTINGS, ...settings, id }, cluster);
  },
  setStatus: (id, status) => {
    instanceNamed(state, id).status = status;
  },
  change: (id, settings) => {
    const instance = instanceNamed(state, id);
    instance.settings = { ...instance.settings, ...settings };
    learnGroups(state, instance.settings);
  },
  instances: () => [...state.instances.values()].map((instance) => instanceView(state, instance)),
  snapshots: () => [...state.snapshots.values()].map((snapshot) => snapshotView(state, snapshot)),
  clusterOf: (id) => {
    const { cluster } = instanceNamed(state, id);
    if (cluster === undefined) throw new Error(`Instance ${id} has no database yet.`);
    return cluster;
  },
  latestRestorableTime: (id) => restoreWindow(state, instanceNamed(state, id))?.latest,
  settled: () => state.jobs.settled(),
});

/** Starts a local RDS endpoint that really snapshots and really restores. No instance exists until `register`. */
export const startRds = async (options: RdsOptions = {}): Promise<RdsLab> => {
  const calls: RecordedCall[] = [];
  const jobFailures: string[] = [];
  const state = newState(options, jobFailures);
  const faults = startFaults();
  const { server, port } = await startServer({ state, faults, calls }, options.port ?? 0);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= stopServer(server).then(() => dispose(state));
    return stopped;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    region: state.region,
    accountId: state.accountId,
    calls,
    violations: state.violations,
    jobFailures,
    faults: { inject: faults.inject, clear: faults.clear },
    ...controls(state),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
