import { checkClusterGroup, checkedNetwork, serverlessOf } from './cluster-carry.ts';
import { type ClusterSettings, type DbCluster, membersOf, sharedSettings } from './cluster-state.ts';
import { invalidCombination, invalidValue } from './errors.ts';
import { publishNames } from './naming.ts';
import type { Params } from './params.ts';
import { pause, restart, settle } from './restart.ts';
import type { State } from './state.ts';

export type ClusterChange = Partial<ClusterSettings>;

const LOGS = 'CloudwatchLogsExportConfiguration';

const logs = (params: Params, now: ClusterSettings): ClusterChange => {
  const off = params.list(`${LOGS}.DisableLogTypes`, 'member') ?? [];
  const on = params.list(`${LOGS}.EnableLogTypes`, 'member') ?? [];
  return { logExports: [...new Set([...now.logExports, ...on])].filter((type) => !off.includes(type)) };
};

type Reader = (params: Params, now: ClusterSettings) => ClusterChange;

/** One entry per parameter of ModifyDBCluster that the lab can change. */
export const CLUSTER_CHANGES: Readonly<Record<string, Reader>> = {
  BackupRetentionPeriod: (p, now) => ({
    backupRetentionPeriod: p.int('BackupRetentionPeriod') ?? now.backupRetentionPeriod,
  }),
  CloudwatchLogsExportConfiguration: logs,
  CopyTagsToSnapshot: (p) => ({ copyTagsToSnapshot: p.flag('CopyTagsToSnapshot') === true }),
  DBClusterParameterGroupName: (p, now) => ({
    parameterGroup: p.text('DBClusterParameterGroupName') ?? now.parameterGroup,
  }),
  DatabaseInsightsMode: (p, now) => ({
    databaseInsightsMode: p.text('DatabaseInsightsMode') ?? now.databaseInsightsMode,
  }),
  DeletionProtection: (p) => ({ deletionProtection: p.flag('DeletionProtection') === true }),
  EnableIAMDatabaseAuthentication: (p) => ({ iamAuth: p.flag('EnableIAMDatabaseAuthentication') === true }),
  NetworkType: (p, now) => ({ networkType: p.text('NetworkType') ?? now.networkType }),
  PreferredBackupWindow: (p, now) => ({ backupWindow: p.text('PreferredBackupWindow') ?? now.backupWindow }),
  PreferredMaintenanceWindow: (p, now) => ({
    maintenanceWindow: p.text('PreferredMaintenanceWindow') ?? now.maintenanceWindow,
  }),
  ServerlessV2ScalingConfiguration: (p, now) => ({ serverless: serverlessOf(p) ?? now.serverless }),
  StorageType: (p, now) => ({ storageType: p.text('StorageType') ?? now.storageType }),
  VpcSecurityGroupIds: (p, now) => ({
    securityGroups: p.list('VpcSecurityGroupIds', 'VpcSecurityGroupId') ?? now.securityGroups,
  }),
};

export const clusterChangeOf = (params: Params, now: ClusterSettings): ClusterChange =>
  Object.assign(
    {},
    ...Object.entries(CLUSTER_CHANGES).map(([name, read]) => (params.has(name) ? read(params, now) : {})),
  );

export const checkClusterChange = (state: State, now: ClusterSettings, change: ClusterChange): void => {
  if (change.parameterGroup !== undefined) checkClusterGroup(state, change.parameterGroup);
  if (change.securityGroups !== undefined) checkedNetwork(state, now.subnetGroup, change.securityGroups);
  const days = change.backupRetentionPeriod;
  if (days !== undefined && (days < 1 || days > 35))
    throw invalidValue(`Invalid backup retention period: ${days}. Must be between 1 and 35.`);
  // The advanced mode belongs to members that keep Performance Insights for 465 days; the lab has none.
  if (change.databaseInsightsMode === 'advanced')
    throw invalidCombination('The advanced mode of Database Insights needs Performance Insights.');
};

const settleMembers = (state: State, cluster: DbCluster): void => {
  for (const member of membersOf(state, cluster))
    member.settings = { ...member.settings, ...sharedSettings(cluster.settings) };
};

/** The share of a duration in which the status still reads `available`, or the old name is shown. */
const EARLY = 0.25;

/** The endpoints go with the old name at once and every connection with them; the members keep theirs. */
const rename = async (state: State, cluster: DbCluster, to: string): Promise<void> => {
  const { renameMs } = state.durations;
  cluster.status = 'renaming';
  cluster.resolves = false;
  publishNames(state);
  await restart(state, cluster, renameMs * EARLY);
  const members = membersOf(state, cluster);
  cluster.settings = { ...cluster.settings, id: to };
  cluster.renamingTo = undefined;
  for (const member of members) member.settings = { ...member.settings, clusterId: to };
  await pause(state, renameMs * (1 - EARLY));
  cluster.resolves = true;
  publishNames(state);
  settle(cluster, 'renaming');
};

/** Does in the background what ModifyDBCluster asked for. */
export const applyClusterChange = (
  state: State,
  cluster: DbCluster,
  change: ClusterChange,
  to: string | undefined,
): void => {
  const { settings } = cluster;
  if (to !== undefined && to !== settings.id) cluster.renamingTo = to;
  const before = cluster.work;
  const work = async (): Promise<void> => {
    await before;
    await pause(state, state.durations.modifyMs * EARLY);
    if (Object.keys(change).length > 0) {
      cluster.status = 'modifying';
      await pause(state, state.durations.modifyMs);
      cluster.settings = { ...cluster.settings, ...change };
      settleMembers(state, cluster);
      settle(cluster, 'modifying');
    }
    if (to !== undefined && to !== settings.id) await rename(state, cluster, to);
  };
  state.jobs.run(`modify ${settings.id}`, () => {
    const done = work();
    cluster.work = done.catch(() => undefined); // a failure belongs to one job, not to those after it
    return done;
  });
};
