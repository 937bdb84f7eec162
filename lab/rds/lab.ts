import { removeBackup } from '../databases.ts';
import { DEFAULT_SUBNET_GROUP, DEFAULT_VPC, defaultSecurityGroup } from './carry.ts';
import { disposeClusters } from './cluster-controls.ts';
import { controls } from './controls.ts';
import { startFaults } from './faults.ts';
import { startJobs } from './jobs.ts';
import { startNaming } from './naming.ts';
import { startServer, stopServer } from './server.ts';
import { durationsOf, quotasOf } from './settings.ts';
import type { State } from './state.ts';
import type { RdsLab, RdsOptions, RecordedCall } from './types.ts';

const newState = (options: RdsOptions, jobFailures: string[]): State => ({
  region: options.region ?? 'eu-central-1',
  accountId: options.accountId ?? '123456789012',
  durations: durationsOf(options.scale, options.durations),
  quotas: quotasOf(options.quotas),
  secondEdge: options.secondEdge ?? 'end',
  instances: new Map(),
  removed: new Map(),
  snapshots: new Map(),
  clusters: new Map(),
  clusterSnapshots: new Map(),
  clusterParameterGroups: new Set(),
  proxies: new Map(),
  naming: startNaming(options.endpoints),
  securityGroups: new Map([[defaultSecurityGroup(DEFAULT_VPC), DEFAULT_VPC]]),
  subnetGroups: new Map([[DEFAULT_SUBNET_GROUP, DEFAULT_VPC]]),
  parameterGroups: new Set(),
  optionGroups: new Set(),
  violations: [],
  jobs: startJobs((problem) => jobFailures.push(problem)),
});

const dispose = async (state: State): Promise<void> => {
  await state.jobs.stop();
  await Promise.all([...state.proxies.values()].map((proxy) => proxy.forwarder.stop()));
  const all = [...state.instances.values(), ...state.removed.values()];
  await Promise.all(all.map((instance) => instance.door?.stop()));
  await disposeClusters(state);
  await Promise.all(all.filter(({ made }) => made).map((instance) => instance.cluster?.stop()));
  for (const instance of all) instance.backups.forEach(removeBackup);
  if (state.naming.mode === 'names') state.naming.hosts.remove();
};

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
    environment: state.naming.mode === 'names' ? state.naming.hosts.environment : {},
    calls,
    violations: state.violations,
    jobFailures,
    faults: { inject: faults.inject, clear: faults.clear },
    ...controls(state),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
