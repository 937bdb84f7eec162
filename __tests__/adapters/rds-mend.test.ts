import { describe, expect, test } from '@jest/globals';
import { compareSettings } from '../../src/adapters/rds/compare.ts';
import { against, element, instances, named } from './support/amazon.ts';
import { restored, source } from './support/instances.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const SOURCE = source();
const BEHIND = restored({
  DeletionProtection: false,
  MonitoringInterval: 0,
  MonitoringRoleArn: undefined,
  AssociatedRoles: [],
});
const DIFFERENCES = compareSettings(SOURCE, BEHIND);
const found = instances(
  named('shop-now', 'db-NEW', {
    DBInstanceArn: 'arn:aws:rds:eu-west-1:1:db:shop-now',
    DeletionProtection: 'false',
  }),
);
const added: Reply = { xml: '<AddRoleToDBInstanceResponse></AddRoleToDBInstanceResponse>' };
const modified = result('ModifyDBInstance', element('DBInstance', named('shop-now', 'db-NEW')));
const rebooted = result('RebootDBInstance', element('DBInstance', named('shop-now', 'db-NEW')));
const BUSY: Reply = {
  code: 'InvalidDBInstanceState',
  message:
    'RDS is configuring Enhanced Monitoring or Performance Insights for this DB instance. Try your request later.',
};
const mend = (replies: readonly Reply[], differences = DIFFERENCES) =>
  against(replies, ({ settings }) => settings.mend(SOURCE, BEHIND, differences));

describe('mending', () => {
  test('adds the roles, then makes one modification, by the name that the resource id has now', async () => {
    const seen = await mend([found, added, modified]);
    expect(seen.value).toEqual([
      'AssociatedRoles',
      'DeletionProtection',
      'MonitoringInterval',
      'MonitoringRoleArn',
    ]);
    expect(seen.actions).toEqual(['DescribeDBInstances', 'AddRoleToDBInstance', 'ModifyDBInstance']);
    expect(seen.requests[1]).toMatchObject({ DBInstanceIdentifier: 'shop-now', FeatureName: 's3Import' });
    expect(seen.requests[2]).toMatchObject({
      DBInstanceIdentifier: 'shop-now',
      ApplyImmediately: 'true',
      DeletionProtection: 'true',
      MonitoringInterval: '60',
    });
    expect(Object.keys(seen.requests[2] ?? {})).not.toContain('NewDBInstanceIdentifier');
  });

  test('asks nothing when nothing differs, and never touches the source', async () => {
    expect((await mend([found], [])).requests).toEqual([]);
    const itself = await against([found], ({ settings }) => settings.mend(SOURCE, SOURCE, DIFFERENCES));
    expect([itself.value, itself.requests]).toEqual([[], []]);
  });

  test('of a deleted instance is refused', async () => {
    const seen = await mend([instances()]);
    expect(seen.problem).toMatchObject({ code: 'instance-gone', fields: { resourceId: 'db-NEW' } });
  });

  test('is tried again while RDS configures monitoring', async () => {
    const seen = await mend([found, BUSY, added, BUSY, modified]);
    expect(seen.value).toContain('DeletionProtection');
    expect(seen.slept).toHaveLength(2);
    expect(seen.notes).toEqual(['add role s3Import to shop-now', 'mend the settings of shop-now']);
  });

  test('ends with the state when that lasts', async () => {
    const seen = await mend([found, BUSY]);
    expect(seen.problem).toMatchObject({
      code: 'instance-state',
      fields: { instance: 'shop-now', message: BUSY.message },
    });
    expect(seen.slept.every((ms) => ms <= 10_000)).toBe(true);
  });

  test('a refused role does not keep the rest from being mended', async () => {
    const seen = await mend([found, { code: 'AccessDenied', status: 403 }, modified]);
    expect(seen.problem).toMatchObject({
      code: 'aws-denied',
      fields: { action: 'rds:AddRoleToDBInstance', instance: 'shop-now' },
    });
    expect(seen.actions.at(-1)).toBe('ModifyDBInstance');
  });

  test('a role that is there already is mended', async () => {
    const only = DIFFERENCES.filter((each) => each.mend === 'role');
    const seen = await mend([found, { code: 'DBInstanceRoleAlreadyExistsFault' }], only);
    expect([seen.value, seen.actions.length]).toEqual([['AssociatedRoles'], 2]);
  });
});

describe('a parameter group that waits', () => {
  const waits = restored({
    DBParameterGroups: [{ DBParameterGroupName: 'shop-pg18', ParameterApplyStatus: 'pending-reboot' }],
  });
  const differences = compareSettings(SOURCE, waits);

  test('is put in force by a reboot', async () => {
    const seen = await mend([found, rebooted], differences);
    expect([seen.value, seen.actions[1]]).toEqual([['ParameterApplyStatus'], 'RebootDBInstance']);
  });

  test('stays a difference while a modification is under way', async () => {
    const seen = await mend(
      [found, { code: 'InvalidDBInstanceState', message: 'is modifying' }],
      differences,
    );
    expect(seen).toMatchObject({ value: [], problem: undefined });
  });
});

test('a DB instance has no members to add', async () => {
  const none = await against([found], ({ settings }) => settings.addMembers(SOURCE, BEHIND));
  expect([none.value, none.requests]).toEqual([[], []]);
});
