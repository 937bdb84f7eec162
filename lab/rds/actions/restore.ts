import { join } from 'node:path';
import {
  type BaseBackup,
  type Cluster,
  flushWal,
  nothingLater,
  type RestoreOptions,
  restoreToTime,
} from '../../databases.ts';
import { restoredSettings } from '../carry.ts';
import { invalidState, RdsError } from '../errors.ts';
import { firstBackup } from '../first-backup.ts';
import { moveIn, placeFor } from '../naming.ts';
import { newIdentifier } from '../rules.ts';
import { type Instance, newInstance, type Snapshot, type State, snapshotNamed } from '../state.ts';
import type { InstanceSettings, RdsTag } from '../types.ts';
import { instanceXml } from '../views.ts';
import type { Action } from './action.ts';
import { checkNewInstance } from './instances.ts';
import { baseFor, checkShared, lastInstant, restoreTime, SHARED, source } from './restore-request.ts';

/** Creates the instance at once and its database in the background; the first backup follows, as on AWS since 2025. */
const beginRestore = (state: State, settings: InstanceSettings, build: () => Promise<Cluster>): Instance => {
  const instance = newInstance({ settings, status: 'creating', cluster: undefined, made: true });
  state.instances.set(instance.resourceId, instance);
  state.jobs.run(`restore ${settings.id}`, async () => {
    try {
      let built: Cluster | undefined;
      try {
        await state.jobs.lasting(state.durations.restoreMs, async () => {
          built = await build();
        });
      } finally {
        moveIn(state, instance, built); // also when the lab stops meanwhile, so that it is stopped with it
      }
      await firstBackup(state, instance);
      instance.status = 'available';
      instance.configuringUntil = Date.now() + state.durations.configuringMs;
    } catch (error) {
      instance.status = 'failed';
      throw error;
    }
  });
  return instance;
};

type Place = { readonly host?: string; readonly port?: number };

/** False when the database is down, or dies while it is asked. */
const isFlushed = (from: Cluster): Promise<boolean> =>
  flushWal(from).then(
    () => true,
    () => false,
  );

export const replay = async (
  from: Cluster,
  name: string,
  place: Place,
  base: BaseBackup,
  instant: Date,
): Promise<Cluster> => {
  const options: RestoreOptions = {
    backup: base,
    archiveDir: from.archiveDir,
    name,
    ssl: from.ssl,
    ...place,
  };
  if (from.running && (await isFlushed(from))) return restoreToTime({ ...options, targetTime: instant });
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
    if (cluster === undefined) {
      throw invalidState(
        `The DB instance ${from.settings.id} is not in a state to be restored from: ${from.status}.`,
      );
    }
    checkShared(params);
    const instant = lastInstant(restoreTime(state, from, params), state.secondEdge);
    checkNewInstance(state, id);
    const settings = restoredSettings(state, id, from.settings, from.settings.tags, params);
    const base = baseFor(from, instant);
    const port = params.int('Port') ?? cluster.port;
    const instance = beginRestore(state, settings, async () =>
      replay(cluster, id, await placeFor(state, port), base, instant),
    );
    return { DBInstance: instanceXml(state, instance) };
  },
};

/** Without tags in the request the source instance's are taken, not the snapshot's (API reference, CopyTagsToSnapshot). */
const sourceTags = (state: State, snapshot: Snapshot): readonly RdsTag[] =>
  (state.instances.get(snapshot.resourceId)?.settings ?? snapshot.source).tags;

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
    const settings = restoredSettings(state, id, snapshot.source, sourceTags(state, snapshot), params);
    const { archiveDir, ssl, sourcePort } = snapshot;
    const instance = beginRestore(state, settings, async () => {
      const place = await placeFor(state, params.int('Port') ?? sourcePort);
      return restoreToTime({ backup, archiveDir, name: id, ssl, ...place });
    });
    return { DBInstance: instanceXml(state, instance) };
  },
};
