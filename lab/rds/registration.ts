import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, takeBaseBackup } from '../databases.ts';
import { newSnapshot } from './actions/snapshots.ts';
import { publishNames } from './naming.ts';
import { newInstance, restoreWindow, type State } from './state.ts';
import type { InstanceSettings } from './types.ts';

/** Groups exist because an instance uses them; a named subnet group has a VPC of its own. */
export const learnGroups = (state: State, settings: InstanceSettings): void => {
  const { subnetGroup } = settings;
  const vpc = state.subnetGroups.get(subnetGroup) ?? `vpc-${subnetGroup}`;
  state.subnetGroups.set(subnetGroup, vpc);
  // The group that every VPC has by itself.
  state.securityGroups.set(`sg-${vpc}`, vpc);
  for (const group of settings.securityGroups) {
    if (!state.securityGroups.has(group)) state.securityGroups.set(group, vpc);
  }
  state.parameterGroups.add(settings.parameterGroup);
  state.optionGroups.add(settings.optionGroup);
};

const stamp = (at: Date): string => at.toISOString().slice(0, 16).replace(/[T:]/g, '-');

/** The first automated backup, without the waiting: a registered instance is one that has been there for long. */
export const adopt = async (state: State, settings: InstanceSettings, cluster: Cluster): Promise<void> => {
  if (settings.backupRetentionPeriod > 0 && cluster.archiveDir === '')
    throw new Error('A registered cluster must archive its WAL.');
  const instance = newInstance({ settings, status: 'available', cluster, made: false });
  learnGroups(state, settings);
  state.instances.set(instance.resourceId, instance);
  publishNames(state);
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
