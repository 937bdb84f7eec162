import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instanceFacts } from '../../src/adapters/rds/describe.ts';
import { restoreInput } from '../../src/adapters/rds/restore-input.ts';
import type { RestoreSpec } from '../../src/ports/recovery.ts';

type Db = Parameters<typeof instanceFacts>[0];

const FULL: Db = {
  DBInstanceIdentifier: 'shop',
  DBInstanceArn: 'arn:aws:rds:eu-west-1:1:db:shop',
  DbiResourceId: 'db-ABC',
  DBInstanceClass: 'db.m7g.large',
  Engine: 'postgres',
  EngineVersion: '18.1',
  DBInstanceStatus: 'available',
  AllocatedStorage: 500,
  MaxAllocatedStorage: 1000,
  StorageType: 'gp3',
  Iops: 12_000,
  StorageThroughput: 500,
  Endpoint: { Address: 'shop.x.eu-west-1.rds.amazonaws.com', Port: 5433 },
  AvailabilityZone: 'eu-west-1a',
  MultiAZ: false,
  DBSubnetGroup: { DBSubnetGroupName: 'private' },
  VpcSecurityGroups: [
    { VpcSecurityGroupId: 'sg-1', Status: 'active' },
    { VpcSecurityGroupId: 'sg-old', Status: 'removing' },
  ],
  DBParameterGroups: [{ DBParameterGroupName: 'shop-pg18', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'shop-options', Status: 'in-sync' }],
  PubliclyAccessible: false,
  AutoMinorVersionUpgrade: false,
  LicenseModel: 'postgresql-license',
  CopyTagsToSnapshot: true,
  DeletionProtection: true,
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
  NetworkType: 'DUAL',
  BackupRetentionPeriod: 14,
  BackupTarget: 'region',
  PreferredBackupWindow: '03:00-03:30',
  PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
  CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  DedicatedLogVolume: false,
  MonitoringInterval: 60,
  TagList: [{ Key: 'team', Value: 'shop' }],
};

const specOf = (change: Partial<Db> = {}, more: Partial<RestoreSpec> = {}): RestoreSpec => ({
  source: instanceFacts({ ...FULL, ...change }),
  identifier: 'shop-gm-r-81-1',
  time: '2026-11-21T10:00:07Z',
  tags: { team: 'shop', 'managed-by': 'guarded-migrate' },
  ...more,
});

describe('the restore request', () => {
  test('passes every setting that AWS would default', () => {
    expect(restoreInput(specOf())).toEqual({
      SourceDBInstanceIdentifier: 'shop',
      TargetDBInstanceIdentifier: 'shop-gm-r-81-1',
      RestoreTime: new Date('2026-11-21T10:00:07Z'),
      Tags: [
        { Key: 'team', Value: 'shop' },
        { Key: 'managed-by', Value: 'guarded-migrate' },
      ],
      DBInstanceClass: 'db.m7g.large',
      Port: 5433,
      AvailabilityZone: 'eu-west-1a',
      MultiAZ: false,
      DBSubnetGroupName: 'private',
      VpcSecurityGroupIds: ['sg-1'],
      DBParameterGroupName: 'shop-pg18',
      OptionGroupName: 'shop-options',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: false,
      LicenseModel: 'postgresql-license',
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade'],
      NetworkType: 'DUAL',
      StorageType: 'gp3',
      Iops: 12_000,
      StorageThroughput: 500,
      MaxAllocatedStorage: 1000,
      BackupRetentionPeriod: 14,
      BackupTarget: 'region',
      PreferredBackupWindow: '03:00-03:30',
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      DedicatedLogVolume: false,
    });
  });

  test('gives the same request after the manifest went through the journal', () => {
    const spec = specOf();
    expect(restoreInput(JSON.parse(JSON.stringify(spec)))).toEqual(restoreInput(spec));
  });

  test('asks for a whole second and never for the latest', () => {
    const input = restoreInput(specOf({}, { time: '2026-11-21T10:00:07.999Z' }));
    expect(input.RestoreTime).toEqual(new Date('2026-11-21T10:00:07Z'));
    expect(input).not.toHaveProperty('UseLatestRestorableTime');
  });

  test.each<readonly [string, Partial<Db>, readonly string[], readonly string[]]>([
    ['Multi-AZ takes no zone', { MultiAZ: true }, ['MultiAZ'], ['AvailabilityZone']],
    [
      'gp3 below 400 GiB takes no figures',
      { AllocatedStorage: 399 },
      ['StorageType'],
      ['Iops', 'StorageThroughput'],
    ],
    ['gp3 of 400 GiB takes both', { AllocatedStorage: 400 }, ['Iops', 'StorageThroughput'], []],
    ['gp2 takes neither', { StorageType: 'gp2' }, ['StorageType'], ['Iops', 'StorageThroughput']],
    ['io1 takes IOPS only', { StorageType: 'io1', AllocatedStorage: 100 }, ['Iops'], ['StorageThroughput']],
    ['io2 takes IOPS only', { StorageType: 'io2' }, ['Iops'], ['StorageThroughput']],
    [
      'no subnet group, no security groups',
      { DBSubnetGroup: undefined },
      [],
      ['DBSubnetGroupName', 'VpcSecurityGroupIds'],
    ],
    [
      'a default option group is left to AWS',
      { OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-18', Status: 'in-sync' }] },
      ['DBParameterGroupName'],
      ['OptionGroupName'],
    ],
    ['autoscaling off', { MaxAllocatedStorage: 500 }, [], ['MaxAllocatedStorage']],
    ['no log exports', { EnabledCloudwatchLogsExports: [] }, [], ['EnableCloudwatchLogsExports']],
    [
      'processor features',
      { ProcessorFeatures: [{ Name: 'coreCount', Value: '2' }] },
      ['ProcessorFeatures'],
      [],
    ],
    [
      'AWS directory',
      { DomainMemberships: [{ Domain: 'd-1', FQDN: 'corp.example', IAMRoleName: 'r' }] },
      ['Domain', 'DomainIAMRoleName'],
      ['DomainFqdn', 'DomainOu'],
    ],
    [
      'own directory',
      {
        DomainMemberships: [
          {
            Domain: 'x',
            FQDN: 'corp.example',
            OU: 'ou',
            AuthSecretArn: 'arn',
            DnsIps: ['10.0.0.1', '10.0.0.2'],
          },
        ],
      },
      ['DomainFqdn', 'DomainOu', 'DomainAuthSecretArn', 'DomainDnsIps'],
      ['Domain', 'DomainIAMRoleName'],
    ],
    ['customer-owned IP', { CustomerOwnedIpEnabled: true }, ['EnableCustomerOwnedIp'], []],
    [
      'what no restore takes',
      {},
      [],
      ['MonitoringInterval', 'PreferredMaintenanceWindow', 'KmsKeyId', 'AllocatedStorage'],
    ],
  ])('%s', (_name, change, present, absent) => {
    const names = Object.keys(restoreInput(specOf(change)));
    expect(names).toEqual(expect.arrayContaining([...present]));
    expect(names.filter((name) => absent.includes(name))).toEqual([]);
  });

  test('whatever the source, AWS rules hold', () => {
    const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
    const source = fc.record({
      Engine: fc.constantFrom('postgres', 'mysql', 'mariadb'),
      AllocatedStorage: fc.integer({ min: 5, max: 2000 }),
      MaxAllocatedStorage: optional(fc.integer({ min: 5, max: 4000 })),
      StorageType: optional(fc.constantFrom('gp2', 'gp3', 'io1', 'io2', 'standard')),
      Iops: optional(fc.integer({ min: 0, max: 64_000 })),
      StorageThroughput: optional(fc.integer({ min: 0, max: 4000 })),
      MultiAZ: optional(fc.boolean()),
      AvailabilityZone: optional(fc.constantFrom('a', 'b')),
      DBSubnetGroup: optional(fc.record({ DBSubnetGroupName: optional(fc.constant('g')) })),
      VpcSecurityGroups: optional(fc.array(fc.record({ VpcSecurityGroupId: optional(fc.constant('sg')) }))),
    });
    fc.assert(
      fc.property(source, (change) => {
        const input = restoreInput(specOf(change));
        const small = (change.AllocatedStorage ?? 0) < 400;
        if (input.StorageType === 'gp3' && small) {
          expect(input.Iops).toBeUndefined();
          expect(input.StorageThroughput).toBeUndefined();
        }
        if (input.VpcSecurityGroupIds !== undefined) expect(input.DBSubnetGroupName).toBe('g');
        if (input.MultiAZ === true) expect(input.AvailabilityZone).toBeUndefined();
        if (input.MaxAllocatedStorage !== undefined)
          expect(input.MaxAllocatedStorage).toBeGreaterThan(change.AllocatedStorage);
        expect(Object.values(input)).not.toContain(undefined);
      }),
    );
  });
});
