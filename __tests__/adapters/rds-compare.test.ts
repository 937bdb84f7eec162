import type { DBInstance } from '@aws-sdk/client-rds';
import { describe, expect, test } from '@jest/globals';
import { compareSettings } from '../../src/adapters/rds/compare.ts';
import { restored, source } from './support/instances.ts';

const MODIFY = 'aws rds modify-db-instance --region eu-west-1 --db-instance-identifier shop-gm-r-81-1';
const differences = (got: DBInstance, wanted: DBInstance = {}) =>
  compareSettings(source(wanted), restored(got));
const told = (got: DBInstance, wanted: DBInstance = {}) =>
  differences(got, wanted).map((each) => `${each.mend} ${each.name}: ${each.wanted} ← ${each.got}`);

describe('what a modification mends, with its call', () => {
  test.each<readonly [DBInstance, string, string]>([
    [{ DeletionProtection: false }, 'DeletionProtection: true ← false', '--deletion-protection'],
    [
      { AutoMinorVersionUpgrade: true },
      'AutoMinorVersionUpgrade: false ← true',
      '--no-auto-minor-version-upgrade',
    ],
    [
      { IAMDatabaseAuthenticationEnabled: false },
      'EnableIAMDatabaseAuthentication: true ← false',
      '--enable-iam-database-authentication',
    ],
    [
      { PreferredMaintenanceWindow: 'tue:07:12-tue:07:42' },
      'PreferredMaintenanceWindow: sun:03:00-sun:03:30 ← tue:07:12-tue:07:42',
      '--preferred-maintenance-window sun:03:00-sun:03:30',
    ],
    [
      { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-9', Status: 'active' }] },
      'VpcSecurityGroupIds: sg-1, sg-2 ← sg-9',
      '--vpc-security-group-ids sg-1 sg-2',
    ],
    [
      { MaxAllocatedStorage: undefined },
      'MaxAllocatedStorage: 1000 ← not set',
      '--max-allocated-storage 1000',
    ],
    [
      { EnabledCloudwatchLogsExports: ['audit', 'upgrade'] },
      'EnableCloudwatchLogsExports: postgresql, upgrade ← audit, upgrade',
      `--cloudwatch-logs-export-configuration '{"EnableLogTypes":["postgresql"],"DisableLogTypes":["audit"]}'`,
    ],
    [
      {
        DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18', ParameterApplyStatus: 'in-sync' }],
      },
      'DBParameterGroupName: shop-pg18 ← default.postgres18',
      '--db-parameter-group-name shop-pg18',
    ],
    [
      { MonitoringInterval: 15 },
      'MonitoringInterval: 60 ← 15',
      '--monitoring-interval 60 --monitoring-role-arn arn:aws:iam::123456789012:role/watch',
    ],
    [
      { DatabaseInsightsMode: 'standard' },
      'DatabaseInsightsMode: advanced ← standard',
      '--enable-performance-insights --performance-insights-retention-period 465 --database-insights-mode advanced',
    ],
  ])('%j', (got, line, option) => {
    const [first, ...rest] = differences(got);
    expect(told(got)).toEqual([`modify ${line}`]);
    expect(rest).toEqual([]);
    expect(first?.call).toBe(`${MODIFY} ${option} --apply-immediately`);
  });

  test('the key of Performance Insights can be chosen only while it is switched on', () => {
    const off = { PerformanceInsightsEnabled: false, PerformanceInsightsRetentionPeriod: undefined };
    const found = differences({ ...off, PerformanceInsightsKMSKeyId: undefined });
    expect(found.map(({ mend, name }) => `${mend} ${name}`)).toEqual([
      'modify EnablePerformanceInsights',
      'modify PerformanceInsightsRetentionPeriod',
      'none PerformanceInsightsKMSKeyId',
    ]);
    expect(found[0]?.call).toContain('--performance-insights-kms-key-id arn:aws:kms:');
  });
});

describe('what a person decides', () => {
  test.each<readonly [string, DBInstance, DBInstance, string, string]>([
    [
      'storage',
      { StorageType: 'gp2' },
      {},
      'none StorageType: gp3 ← gp2',
      '--storage-type gp3 --iops 12000 --storage-throughput 500',
    ],
    [
      'a port',
      { Endpoint: { Address: 'x', Port: 6000 } },
      {},
      'none Port: 5432 ← 6000',
      '--db-port-number 5432',
    ],
    [
      'a smaller disk',
      { AllocatedStorage: 400 },
      {},
      'none AllocatedStorage: 500 ← 400',
      '--allocated-storage 500',
    ],
    [
      'an older engine',
      { EngineVersion: '18.0' },
      {},
      'none EngineVersion: 18.1 ← 18.0',
      '--engine-version 18.1',
    ],
    [
      'a new master password',
      { MasterUserSecret: undefined },
      {},
      'none ManageMasterUserPassword: true ← false',
      '--manage-master-user-password --master-user-secret-kms-key-id key/2',
    ],
  ])('%s', (_name, got, wanted, line, option) => {
    expect(told(got, wanted)).toEqual([line]);
    expect(differences(got, wanted)[0]?.call).toBe(`${MODIFY} ${option} --apply-immediately`);
  });

  test.each<readonly [string, DBInstance]>([
    ['the zone', { AvailabilityZone: 'eu-west-1b' }],
    ['the key', { KmsKeyId: 'key/4' }],
    ['encryption', { StorageEncrypted: false }],
  ])('no call mends %s', (_name, got) => {
    expect(differences(got)).toMatchObject([{ mend: 'none', call: '' }]);
  });

  test('replicas stay with the source', () => {
    const [first] = differences({}, { ReadReplicaDBInstanceIdentifiers: ['shop-read'] });
    expect(first).toMatchObject({ name: 'ReadReplicas', wanted: 'shop-read', got: 'not set', mend: 'none' });
    expect(first?.call).toBe(
      'aws rds create-db-instance-read-replica --region eu-west-1 --source-db-instance-identifier shop-gm-r-81-1 --db-instance-identifier shop-read-new',
    );
  });
});

test('a missing role and a parameter group that waits for a reboot have calls of their own', () => {
  const found = differences({
    AssociatedRoles: [],
    DBParameterGroups: [{ DBParameterGroupName: 'shop-pg18', ParameterApplyStatus: 'pending-reboot' }],
  });
  expect(found).toEqual([
    {
      name: 'AssociatedRoles',
      wanted: 's3Import arn:aws:iam::123456789012:role/import',
      got: 'not set',
      mend: 'role',
      call: 'aws rds add-role-to-db-instance --region eu-west-1 --db-instance-identifier shop-gm-r-81-1 --role-arn arn:aws:iam::123456789012:role/import --feature-name s3Import',
    },
    {
      name: 'ParameterApplyStatus',
      wanted: 'in-sync',
      got: 'pending-reboot',
      mend: 'reboot',
      call: 'aws rds reboot-db-instance --region eu-west-1 --db-instance-identifier shop-gm-r-81-1',
    },
  ]);
});
