import { applyChange } from '../apply.ts';
import { checkChange, checkModifiable } from '../change-rules.ts';
import { CHANGES, type Change, changesOf, split } from '../changes.ts';
import { invalidCombination } from '../errors.ts';
import type { Params } from '../params.ts';
import { checkFree } from '../rename.ts';
import { newIdentifier } from '../rules.ts';
import { type Instance, instanceNamed, type State } from '../state.ts';
import { instanceXml } from '../views.ts';
import type { Action } from './action.ts';

const askedName = (state: State, instance: Instance, params: Params): string | undefined => {
  const asked = params.text('NewDBInstanceIdentifier');
  if (asked === undefined) return undefined;
  const id = newIdentifier('NewDBInstanceIdentifier', 'DBInstanceIdentifier', asked);
  if (id !== instance.settings.id) checkFree(state, id);
  return id;
};

const OF_THE_CLUSTER = [
  ...['BackupRetentionPeriod', 'PreferredBackupWindow', 'VpcSecurityGroupIds', 'DBSubnetGroupName'],
  ...['EnableIAMDatabaseAuthentication', 'DeletionProtection', 'StorageType', 'AllocatedStorage', 'MultiAZ'],
  ...['CloudwatchLogsExportConfiguration', 'ManageMasterUserPassword', 'DatabaseInsightsMode'],
];

const checkMember = ({ settings }: Instance, params: Params): void => {
  const foreign = OF_THE_CLUSTER.find((name) => params.has(name));
  if (settings.clusterId !== undefined && foreign !== undefined)
    throw invalidCombination(
      `${foreign} of ${settings.id} is managed by the DB cluster ${settings.clusterId}.`,
    );
};

/** The old name asked for again calls off a pending rename. */
const queued = (instance: Instance, later: Change, name: string | undefined): Change => {
  const pending = { ...instance.pending, ...later, ...(name === undefined ? {} : { id: name }) };
  if (pending.id !== instance.settings.id) return pending;
  const { id: _calledOff, ...rest } = pending;
  return rest;
};

/** Changes settings, and the identifier. With ApplyImmediately all that is pending goes along, as on AWS. */
export const modifyDBInstance: Action = {
  parameters: [
    'DBInstanceIdentifier',
    'ApplyImmediately',
    'NewDBInstanceIdentifier',
    ...Object.keys(CHANGES),
  ],
  run: (state, params) => {
    const instance = instanceNamed(state, params.needed('DBInstanceIdentifier'));
    checkModifiable(instance);
    checkMember(instance, params);
    const name = askedName(state, instance, params);
    const change = changesOf(state, instance.settings, params);
    checkChange(state, instance.settings, change);
    if (params.flag('ApplyImmediately') === true) {
      const { id: pendingName, ...pending } = instance.pending;
      const to = name ?? pendingName;
      if (to !== undefined && to !== instance.settings.id) checkFree(state, to);
      instance.pending = {};
      applyChange(state, instance, { ...pending, ...change }, to);
    } else {
      const { atOnce, later } = split(instance.settings, change);
      instance.pending = queued(instance, later, name);
      if (Object.keys(atOnce).length > 0) applyChange(state, instance, atOnce, undefined);
    }
    return { DBInstance: instanceXml(state, instance) };
  },
};
