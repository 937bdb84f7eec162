import { join } from 'node:path';
import {
  type BaseBackup,
  type Cluster,
  flushWal,
  nothingLater,
  type RestoreOptions,
  restoreToTime,
  takeBaseBackup,
} from '../../postgres/index.ts';
import { restoredSettings } from '../carry.ts';
import { invalidState, RdsError } from '../errors.ts';
import { newIdentifier } from '../rules.ts';
import { type Instance, newResourceId, type State, snapshotNamed } from '../state.ts';
import type { InstanceSettings } from '../types.ts';
import { instanceXml } from '../views.ts';
import type { Action } from './action.ts';
import { checkNewInstance } from './instances.ts';
import { baseFor, checkShared, lastInstant, restoreTime, SHARED, source } from './restore-request.ts';

/** Creates the instance at once and its database in the background; the first backup follows, as on AWS since 2025. */
const beginRestore = (state: State, settings: InstanceSettings, build: () => Promise<Cluster>): Instance => {
  const instance: Instance = {
    resourceId: newResourceId(),
    createdAt: new Date(),
    settings,
    status: 'creating',
    cluster: undefined,
    made: true,
    backups: [],
  };
  state.instances.set(instance.resourceId, instance);
  state.jobs.run(`restore ${settings.id}`, async () => {
    try {
      let built: Cluster | undefined;
      try {
        await state.jobs.lasting(state.durations.restoreMs, async () => {
          built = await build();
        });
      } finally {
        instance.cluster = built; // also when the lab stops meanwhile, so that it is stopped with it
      }
      await firstBackup(state, instance);
      instance.status = 'available';
    } catch (error) {
      instance.status = 'failed';
      throw error;
    }
  });
  return instance;
};

const firstBackup = async (state: State, instance: Instance): Promise<void> => {
  const { cluster, settings } = instance;
  if (cluster === undefined || settings.backupRetentionPeriod === 0) return;
  instance.status = 'backing-up';
  const backup = await state.jobs.lasting(state.durations.backingUpMs, () =>
    takeBaseBackup(cluster, 'first'),
  );
  instance.backups.push(backup);
};

const replay = async (from: Cluster, name: string, base: BaseBackup, instant: Date): Promise<Cluster> => {
  const options: RestoreOptions = { backup: base, archiveDir: from.archiveDir, name, ssl: from.ssl };
  if (from.running) {
    await flushWal(from);
    return restoreToTime({ ...options, targetTime: instant });
  }
  // The database died: what it could not archive is still on its disk, and perhaps nothing was committed after the asked time.
  const salvage: RestoreOptions = { ...options, walDir: join(from.dataDir, 'pg_wal') };
  try {
    return await restoreToTime({ ...salvage, targetTime: instant });
  } catch (error) {
    if (!nothingLater(error)) throw error;
    return restoreToTime({ ...salvage, targetTime: 'latest' });
  }
};

export const restoreDBInstanceToPointInTime: Action = {
  parameters: [
    ...['SourceDBInstanceIdentifier', 'TargetDBInstanceIdentifier', 'RestoreTime', 'UseLatestRestorableTime'],
    ...['SourceDbiResourceId', 'SourceDBInstanceAutomatedBackupsArn', 'MaxAllocatedStorage', ...SHARED],
  ],
  run: (state, params) => {
    const id = newIdentifier(
      'TargetDBInstanceIdentifier',
      'DBInstanceIdentifier',
      params.needed('TargetDBInstanceIdentifier'),
    );
    const from = source(state, params);
    const { cluster } = from;
    if (cluster === undefined || from.status === 'deleting') {
      throw invalidState(
        `The DB instance ${from.settings.id} is not in a state to be restored from: ${from.status}.`,
      );
    }
    checkShared(params);
    const instant = lastInstant(restoreTime(state, from, params), state.secondEdge);
    checkNewInstance(state, id);
    const settings = restoredSettings(state, id, from.settings, from.settings.tags, params);
    const base = baseFor(from, instant);
    const instance = beginRestore(state, settings, () => replay(cluster, id, base, instant));
    return { DBInstance: instanceXml(state, instance) };
  },
};

export const restoreDBInstanceFromDBSnapshot: Action = {
  parameters: ['DBInstanceIdentifier', 'DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier', ...SHARED],
  run: (state, params) => {
    const id = newIdentifier(
      'DBInstanceIdentifier',
      'DBInstanceIdentifier',
      params.needed('DBInstanceIdentifier'),
    );
    const snapshot = snapshotNamed(state, params.needed('DBSnapshotIdentifier'));
    const { backup } = snapshot;
    if (snapshot.status !== 'available' || backup === undefined) {
      throw new RdsError(
        'InvalidDBSnapshotState',
        `The DB snapshot ${snapshot.id} is not in the available state.`,
      );
    }
    checkShared(params);
    checkNewInstance(state, id);
    const settings = restoredSettings(state, id, snapshot.source, snapshot.tags, params);
    const archiveDir = state.instances.get(snapshot.resourceId)?.cluster?.archiveDir ?? '';
    const instance = beginRestore(state, settings, () =>
      restoreToTime({ backup, archiveDir, name: id, ssl: snapshot.ssl }),
    );
    return { DBInstance: instanceXml(state, instance) };
  },
};
