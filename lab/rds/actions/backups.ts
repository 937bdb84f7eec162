import { RdsError } from '../errors.ts';
import { filtered, page } from '../paging.ts';
import type { Params } from '../params.ts';
import { arnOf, type Instance, restoreWindow, type State } from '../state.ts';
import { tagList } from '../views.ts';
import type { XmlRecord } from '../xml.ts';
import { type Action, list } from './action.ts';

export const automatedBackupArn = (state: State, instance: Instance): string =>
  arnOf(state, 'auto-backup', `ab-${instance.resourceId.slice(3).toLowerCase()}`);

/** `creating` until the first backup has ended, when the window begins; `retained` when the instance is gone. */
const statusOf = (state: State, instance: Instance): string => {
  if (instance.removedAt !== undefined) return 'retained';
  return restoreWindow(state, instance) === undefined ? 'creating' : 'active';
};

const backupXml = (state: State, instance: Instance): XmlRecord => {
  const { settings } = instance;
  const window = restoreWindow(state, instance);
  return {
    DBInstanceArn: arnOf(state, 'db', settings.id),
    DBInstanceAutomatedBackupsArn: automatedBackupArn(state, instance),
    DbiResourceId: instance.resourceId,
    DBInstanceIdentifier: settings.id,
    Region: state.region,
    Status: statusOf(state, instance),
    RestoreWindow: window === undefined ? {} : { EarliestTime: window.earliest, LatestTime: window.latest },
    Engine: settings.engine,
    EngineVersion: settings.engineVersion,
    AllocatedStorage: settings.allocatedStorage,
    StorageType: settings.storageType,
    Encrypted: settings.storageEncrypted,
    Port: instance.cluster?.port,
    InstanceCreateTime: instance.createdAt,
    MasterUsername: settings.masterUsername,
    OptionGroupName: settings.optionGroup,
    BackupRetentionPeriod: settings.backupRetentionPeriod,
    TagList: tagList(settings.tags),
  };
};

const askedFor = (state: State, params: Params): readonly Instance[] => {
  const id = params.text('DBInstanceIdentifier')?.toLowerCase();
  const resource = params.text('DbiResourceId');
  const arn = params.text('DBInstanceAutomatedBackupsArn');
  const asked = [...state.instances.values(), ...state.removed.values()].filter(
    (instance) =>
      instance.settings.backupRetentionPeriod > 0 &&
      instance.settings.clusterId === undefined &&
      (id === undefined || instance.settings.id === id) &&
      (resource === undefined || instance.resourceId === resource) &&
      (arn === undefined || automatedBackupArn(state, instance) === arn),
  );
  if (asked.length === 0 && (id ?? resource ?? arn) !== undefined) {
    throw new RdsError(
      'DBInstanceAutomatedBackupNotFound',
      `Automated backup of ${id ?? resource ?? arn} not found.`,
      404,
    );
  }
  return asked;
};

export const describeDBInstanceAutomatedBackups: Action = {
  parameters: [
    'DbiResourceId',
    'DBInstanceIdentifier',
    'DBInstanceAutomatedBackupsArn',
    'Filters',
    'MaxRecords',
    'Marker',
  ],
  run: (state, params) => {
    const asked = askedFor(state, params);
    const chosen = filtered(asked, params, {
      'db-instance-id': ({ settings }) => [settings.id, arnOf(state, 'db', settings.id)],
      'dbi-resource-id': (instance) => instance.resourceId,
      status: (instance) => statusOf(state, instance),
    });
    const { entries, marker } = page(chosen, params);
    return {
      Marker: marker,
      DBInstanceAutomatedBackups: list(
        'DBInstanceAutomatedBackup',
        entries.map((entry) => backupXml(state, entry)),
      ),
    };
  },
};
