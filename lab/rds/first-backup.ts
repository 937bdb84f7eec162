import { removeBackup, takeBaseBackup } from '../databases.ts';
import type { Instance, State } from './state.ts';

/** The first automated backup, in `backing-up`. The restorable window begins at its end. */
export const firstBackup = async (state: State, instance: Instance): Promise<void> => {
  const { cluster, settings } = instance;
  if (cluster === undefined || settings.backupRetentionPeriod === 0) return;
  instance.status = 'backing-up';
  const copy = () => takeBaseBackup(cluster, 'first');
  const backup = await state.jobs.lasting(state.durations.backingUpMs, copy, removeBackup);
  instance.backups.push(backup);
};
