import type { Change } from './changes.ts';
import { firstBackup } from './first-backup.ts';
import { reboot, rename } from './rename.ts';
import { pause, restart, settle } from './restart.ts';
import type { Instance, State } from './state.ts';

/** The share of `modifyMs` in which the status still reads `available` after the answer. */
const UNSEEN = 0.25;

/** A new parameter group is named at once and in force after the next reboot. */
const group = (instance: Instance, change: Change): void => {
  const { parameterGroup } = change;
  if (parameterGroup === undefined || parameterGroup === instance.settings.parameterGroup) return;
  instance.settings = { ...instance.settings, parameterGroup };
  instance.parameterStatus = 'applying';
};

/** The secret is the last to be ready, when the instance is `available` again. */
const makeSecret = (state: State, instance: Instance): void => {
  instance.secretStatus = 'creating';
  state.jobs.run(`secret of ${instance.settings.id}`, async () => {
    await pause(state, state.durations.modifyMs * 2);
    instance.secretStatus = 'active';
  });
};

const modifying = async (state: State, instance: Instance, change: Change): Promise<void> => {
  const { modifyMs } = state.durations;
  instance.status = 'modifying';
  group(instance, change);
  const secret =
    change.masterUserSecretArn !== undefined &&
    change.masterUserSecretArn !== instance.settings.masterUserSecretArn;
  if (secret) makeSecret(state, instance);
  const moves = change.subnetGroup !== undefined && change.subnetGroup !== instance.settings.subnetGroup;
  await (moves ? restart(state, instance, modifyMs) : pause(state, modifyMs));
  instance.settings = { ...instance.settings, ...change };
  if (instance.parameterStatus === 'applying') instance.parameterStatus = 'pending-reboot';
  const ofCluster = instance.settings.clusterId !== undefined;
  if (!ofCluster && instance.settings.backupRetentionPeriod > 0 && instance.backups.length === 0)
    await firstBackup(state, instance);
  settle(instance, instance.status === 'backing-up' ? 'backing-up' : 'modifying');
};

/** Does in the background what a modification asks for, and the rename or the reboot that belongs to it. */
export const applyChange = (
  state: State,
  instance: Instance,
  change: Change,
  to: string | undefined,
): void => {
  const { settings } = instance;
  if (to !== undefined && to !== settings.id) instance.renamingTo = to;
  const before = instance.work;
  const work = async (): Promise<void> => {
    await before;
    await pause(state, state.durations.modifyMs * UNSEEN);
    if (Object.keys(change).length > 0 || to === undefined) await modifying(state, instance, change);
    if (to === undefined) return;
    // The current name asked for again still costs a reboot.
    await (to === settings.id ? reboot(state, instance) : rename(state, instance, to));
  };
  state.jobs.run(`modify ${settings.id}`, () => {
    const done = work();
    instance.work = done.catch(() => undefined); // a failure belongs to one job, not to those after it
    return done;
  });
};
