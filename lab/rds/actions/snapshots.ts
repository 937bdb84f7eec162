import { removeBackup, takeBaseBackup } from '../../databases.ts';
import { invalidState, invalidValue, RdsError } from '../errors.ts';
import { filtered, page } from '../paging.ts';
import { checkTags, copiedTags, newIdentifier } from '../rules.ts';
import {
  arnOf,
  findSnapshot,
  type Instance,
  instanceNamed,
  type Snapshot,
  type State,
  snapshotNamed,
} from '../state.ts';
import type { RdsTag } from '../types.ts';
import { snapshotXml } from '../views.ts';
import { type Action, list } from './action.ts';

/** `storage-optimization` counts as usable since 2024 (API reference of CreateDBSnapshot). */
const SNAPSHOT_STATES: readonly string[] = ['available', 'storage-optimization'];

const checkSource = (instance: Instance): void => {
  if (instance.settings.clusterId !== undefined) {
    throw invalidValue(
      'The specified instance is a member of a cluster and a snapshot cannot be created directly. ' +
        'Please use the CreateDBClusterSnapshot API instead.',
    );
  }
  if (!SNAPSHOT_STATES.includes(instance.status)) {
    throw invalidState(
      `Cannot create a snapshot because the database instance ${instance.settings.id} is not currently in the available state.`,
    );
  }
};

const checkQuota = (state: State): void => {
  const manual = [...state.snapshots.values()].filter((snapshot) => snapshot.type === 'manual').length;
  if (manual >= state.quotas.manualSnapshots) {
    throw new RdsError(
      'SnapshotQuotaExceeded',
      `Cannot create more than ${state.quotas.manualSnapshots} manual snapshots`,
    );
  }
};

export const newSnapshot = (
  state: State,
  instance: Instance,
  id: string,
  type: Snapshot['type'],
  tags: readonly RdsTag[],
): Snapshot => {
  const snapshot: Snapshot = {
    id,
    type,
    resourceId: instance.resourceId,
    source: instance.settings,
    sourceCreatedAt: instance.createdAt,
    sourcePort: instance.cluster?.port ?? 0,
    archiveDir: instance.cluster?.archiveDir ?? '',
    ssl: instance.cluster?.ssl ?? 'off',
    requestedAt: new Date(),
    lastsMs: state.durations.snapshotMs,
    status: 'creating',
    tags,
    backup: undefined,
    completedAt: undefined,
  };
  state.snapshots.set(id, snapshot);
  return snapshot;
};

/** Copies the files now (the content is fixed at the request) and finishes no sooner than AWS would. */
const takeSnapshot = async (state: State, instance: Instance, snapshot: Snapshot): Promise<void> => {
  const { cluster } = instance;
  try {
    if (cluster === undefined) throw new Error('the instance has no database');
    const copy = () => takeBaseBackup(cluster, snapshot.id);
    snapshot.backup = await state.jobs.lasting(snapshot.lastsMs, copy, removeBackup);
    instance.backups.push(snapshot.backup);
    snapshot.completedAt = new Date();
    snapshot.status = 'available';
  } catch (error) {
    snapshot.status = 'failed';
    throw error;
  } finally {
    if (instance.status === 'backing-up') instance.status = 'available';
  }
};

export const createDBSnapshot: Action = {
  parameters: ['DBSnapshotIdentifier', 'DBInstanceIdentifier', 'Tags'],
  run: (state, params) => {
    const id = newIdentifier(
      'DBSnapshotIdentifier',
      'DBSnapshotIdentifier',
      params.needed('DBSnapshotIdentifier'),
    );
    const instance = instanceNamed(state, params.needed('DBInstanceIdentifier'));
    const given = params.tags();
    const tags = given === undefined ? [] : checkTags(given);
    if (state.snapshots.has(id)) {
      throw new RdsError(
        'DBSnapshotAlreadyExists',
        `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
      );
    }
    checkSource(instance);
    checkQuota(state);
    // Any tag in the request turns CopyTagsToSnapshot off for this snapshot.
    const inherited =
      tags.length === 0 && instance.settings.copyTagsToSnapshot ? copiedTags(instance.settings.tags) : tags;
    const snapshot = newSnapshot(state, instance, id, 'manual', inherited);
    instance.status = 'backing-up';
    state.jobs.run(`snapshot ${id}`, () => takeSnapshot(state, instance, snapshot));
    return { DBSnapshot: snapshotXml(state, snapshot) };
  },
};

export const ofType = (snapshot: Pick<Snapshot, 'type'>, type: string | undefined): boolean => {
  if (type === undefined) return true;
  if (!['manual', 'automated', 'shared', 'public', 'awsbackup'].includes(type)) {
    throw invalidValue(`Invalid snapshot type: ${type}`);
  }
  return snapshot.type === type;
};

export const describeDBSnapshots: Action = {
  parameters: [
    ...['DBInstanceIdentifier', 'DBSnapshotIdentifier', 'SnapshotType', 'Filters', 'MaxRecords', 'Marker'],
    ...['IncludeShared', 'IncludePublic', 'DbiResourceId'],
  ],
  run: (state, params) => {
    const id = params.text('DBSnapshotIdentifier');
    const instance = params.text('DBInstanceIdentifier')?.toLowerCase();
    const resource = params.text('DbiResourceId');
    const all = id === undefined ? [...state.snapshots.values()] : [snapshotNamed(state, id)];
    const asked = all.filter(
      (snapshot) =>
        (instance === undefined || snapshot.source.id === instance) &&
        (resource === undefined || snapshot.resourceId === resource) &&
        ofType(snapshot, params.text('SnapshotType')),
    );
    const chosen = filtered(asked, params, {
      'db-instance-id': ({ source }) => [source.id, arnOf(state, 'db', source.id)],
      'db-snapshot-id': (snapshot) => snapshot.id,
      'dbi-resource-id': (snapshot) => snapshot.resourceId,
      'snapshot-type': (snapshot) => snapshot.type,
      engine: (snapshot) => snapshot.source.engine,
    });
    const { entries, marker } = page(chosen, params);
    return {
      Marker: marker,
      DBSnapshots: list(
        'DBSnapshot',
        entries.map((entry) => snapshotXml(state, entry)),
      ),
    };
  },
};

export const deleteDBSnapshot: Action = {
  parameters: ['DBSnapshotIdentifier'],
  run: (state, params) => {
    const id = params.needed('DBSnapshotIdentifier');
    const snapshot = findSnapshot(state, id) ?? snapshotNamed(state, id);
    if (snapshot.type === 'automated') {
      throw new RdsError('InvalidDBSnapshotState', `Cannot delete the automated snapshot ${snapshot.id}.`);
    }
    if (snapshot.status !== 'available') {
      throw new RdsError(
        'InvalidDBSnapshotState',
        `Cannot delete the snapshot ${snapshot.id} because it is not currently in the available state.`,
      );
    }
    // The files stay until the lab stops: a restore may be reading them.
    state.snapshots.delete(snapshot.id);
    snapshot.status = 'deleted';
    return { DBSnapshot: snapshotXml(state, snapshot) };
  },
};
