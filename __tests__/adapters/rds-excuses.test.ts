import type { DBInstance } from '@aws-sdk/client-rds';
import { describe, expect, test } from '@jest/globals';
import { compareSettings } from '../../src/adapters/rds/compare.ts';
import { restored, source } from './support/instances.ts';

const told = (got: DBInstance, wanted: DBInstance = {}) =>
  compareSettings(source(wanted), restored(got)).map(
    (each) => `${each.mend} ${each.name}: ${each.wanted} ← ${each.got}`,
  );

describe('what is no difference', () => {
  test.each<readonly [string, DBInstance, DBInstance]>([
    ['endpoint, resource id and the ARN of the secret', {}, {}],
    ['the order of a list', { EnabledCloudwatchLogsExports: ['upgrade', 'postgresql'] }, {}],
    ['storage that grew', { AllocatedStorage: 700, Iops: 16_000, StorageThroughput: 1000 }, {}],
    ['the zone of a Multi-AZ instance', { MultiAZ: true, AvailabilityZone: 'eu-west-1c' }, { MultiAZ: true }],
    ['a backup window that the source does not tell', {}, { PreferredBackupWindow: undefined }],
    [
      'default groups of another family',
      {
        DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18' }],
        OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-18-1' }],
      },
      { DBParameterGroups: [{ DBParameterGroupName: 'default.postgres17' }] },
    ],
    [
      'a limit of autoscaling that limits nothing',
      { MaxAllocatedStorage: undefined },
      { MaxAllocatedStorage: 500 },
    ],
    [
      'a role for monitoring that is off',
      { MonitoringInterval: 0, MonitoringRoleArn: undefined },
      { MonitoringInterval: 0 },
    ],
    [
      'what is off and what is absent',
      { DeletionProtection: false, MonitoringInterval: undefined, MonitoringRoleArn: undefined },
      { DeletionProtection: undefined, MonitoringInterval: 0, MonitoringRoleArn: undefined },
    ],
    [
      'values on their way',
      {
        MultiAZ: false,
        BackupRetentionPeriod: 1,
        IAMDatabaseAuthenticationEnabled: false,
        EnabledCloudwatchLogsExports: ['audit', 'upgrade'],
        PendingModifiedValues: {
          MultiAZ: true,
          BackupRetentionPeriod: 14,
          IAMDatabaseAuthenticationEnabled: true,
          PendingCloudwatchLogsExports: { LogTypesToEnable: ['postgresql'], LogTypesToDisable: ['audit'] },
        },
      },
      { MultiAZ: true },
    ],
    [
      'a role that is being added',
      {
        AssociatedRoles: [
          { FeatureName: 's3Import', RoleArn: 'arn:aws:iam::123456789012:role/import', Status: 'PENDING' },
        ],
      },
      {},
    ],
  ])('%s', (_name, got, wanted) => {
    expect(told(got, wanted)).toEqual([]);
  });

  test('a pending value that is another one is a difference', () => {
    const got = { BackupRetentionPeriod: 1, PendingModifiedValues: { BackupRetentionPeriod: 3 } };
    expect(told(got)).toEqual(['modify BackupRetentionPeriod: 14 ← 1']);
  });
});
