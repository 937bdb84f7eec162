import { RdsError } from './errors.ts';
import { publishNames } from './naming.ts';
import { pause, restart, settle } from './restart.ts';
import { findInstance, type Instance, type State } from './state.ts';

/** Whether an instance may take the name: nobody has it and nobody is on the way to it. */
export const checkFree = (state: State, id: string): void => {
  const promised = [...state.instances.values()].some((instance) => instance.renamingTo === id);
  if (promised || findInstance(state, id) !== undefined)
    throw new RdsError('DBInstanceAlreadyExists', 'DB instance already exists');
};

/** Replicas stay with their source, whatever it is called. */
const followed = (state: State, from: string, to: string): void => {
  for (const other of state.instances.values()) {
    const { replicaSource, readReplicas } = other.settings;
    if (replicaSource !== from && !readReplicas.includes(from)) continue;
    other.settings = {
      ...other.settings,
      replicaSource: replicaSource === from ? to : replicaSource,
      readReplicas: readReplicas.map((replica) => (replica === from ? to : replica)),
    };
  }
};

/** The part of `renameMs` in which the old identifier is still shown. */
const OLD_SHARE = 0.25;

/**
 * The rename that follows the moment in which the status still reads `available`: the old DNS name is gone at once and
 * every connection with it; then the identifier changes; the new DNS name works at the end (User Guide, "Renaming a
 * DB instance": about 10 minutes).
 */
export const rename = async (state: State, instance: Instance, to: string): Promise<void> => {
  const { renameMs } = state.durations;
  instance.status = 'renaming';
  instance.resolves = false;
  publishNames(state);
  await restart(state, instance, renameMs * OLD_SHARE);
  const from = instance.settings.id;
  instance.settings = { ...instance.settings, id: to };
  instance.renamingTo = undefined;
  followed(state, from, to);
  await pause(state, renameMs * (1 - OLD_SHARE));
  instance.resolves = true;
  publishNames(state);
  settle(instance, 'renaming');
};

/** `rebooting` with a real restart; a changed parameter group is in force afterwards. */
export const reboot = async (state: State, instance: Instance): Promise<void> => {
  instance.status = 'rebooting';
  await restart(state, instance, state.durations.rebootMs);
  instance.parameterStatus = 'in-sync';
  settle(instance, 'rebooting');
};
