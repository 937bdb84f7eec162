import { describe, expect, test } from '@jest/globals';
import { against, element, instances, named } from './support/amazon.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const there = instances(named('shop', 'db-OLD'));

describe('all instances', () => {
  test('are read page by page, without members of clusters', async () => {
    const first = result(
      'DescribeDBInstances',
      `<Marker>next</Marker><DBInstances>${element('DBInstance', named('a', 'db-A'))}</DBInstances>`,
    );
    const second = instances(named('b', 'db-B'), named('m', 'db-M', { DBClusterIdentifier: 'aurora' }));
    const seen = await against([first, second], ({ fleet }) => fleet.all());
    expect(seen.value?.map(({ identifier }) => identifier)).toEqual(['a', 'b']);
    expect(seen.requests).toMatchObject([{ MaxRecords: '100' }, { Marker: 'next' }]);
  });
});

describe('by resource id', () => {
  test('asks by filter, whatever the name is', async () => {
    const seen = await against([there], ({ fleet }) => fleet.byResource('db-OLD'));
    expect(seen.value).toMatchObject({ identifier: 'shop', resourceId: 'db-OLD' });
    expect(seen.requests[0]).toMatchObject({
      'Filters.Filter.1.Name': 'dbi-resource-id',
      'Filters.Filter.1.Values.Value.1': 'db-OLD',
    });
  });

  test.each<readonly [string, Reply]>([
    ['an empty list', instances()],
    ['a refusal', { code: 'DBInstanceNotFound', status: 404 }],
  ])('gone is undefined: %s', async (_name, reply) => {
    const seen = await against([reply], ({ fleet }) => fleet.byResource('db-OLD'));
    expect(seen).toMatchObject({ value: undefined, problem: undefined });
  });

  describe('one id for several, as an emulator may answer', () => {
    const twins = instances(named('shop', 'db-ONE'), named('shop-r', 'db-ONE'));

    test('is refused, never guessed', async () => {
      const seen = await against([twins], ({ fleet }) => fleet.byResource('db-ONE'));
      expect([seen.value, seen.problem?.code]).toEqual([undefined, 'resource-ambiguous']);
      expect(seen.problem?.detail).toBe('shop, shop-r have the same resource id db-ONE');
    });

    test('is told apart by the name, where one is known', async () => {
      const seen = await against([twins], ({ fleet }) => fleet.byResource('db-ONE', 'shop-r'));
      expect(seen.value?.identifier).toBe('shop-r');
    });

    test('a third name proves nothing', async () => {
      const seen = await against([twins], ({ fleet }) => fleet.byResource('db-ONE', 'shop-other'));
      expect(seen.problem?.code).toBe('resource-ambiguous');
    });

    test('no rename is asked for', async () => {
      const seen = await against([twins, twins], async ({ fleet }) => {
        const [shop] = await fleet.all();
        if (shop !== undefined) await fleet.rename(shop, 'shop-replaced');
      });
      expect([seen.problem?.code, seen.actions]).toEqual([
        'resource-ambiguous',
        ['DescribeDBInstances', 'DescribeDBInstances'],
      ]);
    });
  });

  test('an answer about others, by an endpoint that does not know the filter, is no answer', async () => {
    const seen = await against([there], ({ fleet }) => fleet.byResource('db-NEW'));
    expect([seen.problem, seen.value]).toEqual([undefined, undefined]);
  });

  test('a cluster is told apart by its id', async () => {
    const none = result('DescribeDBClusters', '<DBClusters></DBClusters>');
    const seen = await against([none], ({ fleet }) => fleet.byResource('cluster-ABC'));
    expect([seen.problem, seen.value, seen.actions]).toEqual([undefined, undefined, ['DescribeDBClusters']]);
  });

  test('a cluster is found in the whole list where the filter is refused', async () => {
    const refusal: Reply = { code: 'InvalidParameterValue', status: 400 };
    const cluster = (name: string, id: string) =>
      `<DBCluster><DBClusterIdentifier>${name}</DBClusterIdentifier><DbClusterResourceId>${id}</DbClusterResourceId></DBCluster>`;
    const list = result(
      'DescribeDBClusters',
      `<DBClusters>${cluster('other', 'cluster-X')}${cluster('shop', 'cluster-ABC')}</DBClusters>`,
    );
    const seen = await against([refusal, list], ({ fleet }) => fleet.byResource('cluster-ABC'));
    expect([seen.problem, seen.value?.identifier, seen.actions]).toEqual([
      undefined,
      'shop',
      ['DescribeDBClusters', 'DescribeDBClusters'],
    ]);
  });
});

describe('what is left of deleted instances', () => {
  const backup = (status: string, name: string) =>
    `<DBInstanceAutomatedBackup><Status>${status}</Status><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DbiResourceId>db-${name}</DbiResourceId><Engine>postgres</Engine><AllocatedStorage>100</AllocatedStorage><Port>5433</Port><StorageType>gp3</StorageType><Encrypted>true</Encrypted><IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled><BackupRetentionPeriod>14</BackupRetentionPeriod><OptionGroupName>shop-og</OptionGroupName><RestoreWindow><EarliestTime>2026-11-01T00:00:00Z</EarliestTime><LatestTime>2026-11-02T00:00:00Z</LatestTime></RestoreWindow><TagList><Tag><Key>team</Key><Value>shop</Value></Tag></TagList></DBInstanceAutomatedBackup>`;
  const list = (...found: readonly string[]) =>
    result(
      'DescribeDBInstanceAutomatedBackups',
      `<DBInstanceAutomatedBackups>${found.join('')}</DBInstanceAutomatedBackups>`,
    );

  test('is told with the settings that a backup keeps, and no others', async () => {
    const seen = await against([list(backup('active', 'a'), backup('retained', 'b'))], ({ fleet }) =>
      fleet.retained(),
    );
    expect(seen.requests[0]).toMatchObject({ 'Filters.Filter.1.Name': 'status' });
    expect(seen.value?.map(({ instance }) => instance.identifier)).toEqual(['b']);
    const [left] = seen.value ?? [];
    expect(left?.window).toMatchObject({ latest: Date.UTC(2026, 10, 2), status: 'retained' });
    expect(left?.instance).toMatchObject({
      resourceId: 'db-b',
      status: 'deleted',
      allocatedStorageGiB: 100,
      tags: { team: 'shop' },
    });
    expect(left?.instance.settings).toEqual({
      AllocatedStorage: 100,
      BackupRetentionPeriod: 14,
      EnableIAMDatabaseAuthentication: true,
      OptionGroupName: 'shop-og',
      Port: 5433,
      StorageEncrypted: true,
      StorageType: 'gp3',
    });
  });

  test('of clusters nothing is told', async () => {
    const seen = await against([list()], ({ fleet }) => fleet.retained(), 'cluster');
    expect([seen.value, seen.requests]).toEqual([[], []]);
  });
});

describe('the restorable window', () => {
  const backup = (status: string, window: string) =>
    `<DBInstanceAutomatedBackup><Status>${status}</Status><RestoreWindow>${window}</RestoreWindow></DBInstanceAutomatedBackup>`;
  const span = (day: number) =>
    `<EarliestTime>2026-11-0${day}T00:00:00Z</EarliestTime><LatestTime>2026-11-2${day}T00:00:00Z</LatestTime>`;
  const backups = (...found: readonly string[]) =>
    result(
      'DescribeDBInstanceAutomatedBackups',
      `<DBInstanceAutomatedBackups>${found.join('')}</DBInstanceAutomatedBackups>`,
    );
  const window = (day: number, status: string) => ({
    earliest: Date.UTC(2026, 10, day),
    latest: Date.UTC(2026, 10, 20 + day),
    status,
  });

  test.each<readonly [string, Reply, unknown]>([
    ['active', backups(backup('active', span(1))), window(1, 'active')],
    ['retained', backups(backup('retained', span(1))), window(1, 'retained')],
    [
      'active before retained',
      backups(backup('retained', span(1)), backup('active', span(2))),
      window(2, 'active'),
    ],
    ['none while the first backup is taken', backups(backup('creating', '')), undefined],
    ['none', backups(), undefined],
    ['none, refused', { code: 'DBInstanceAutomatedBackupNotFound', status: 404 }, undefined],
  ])('%s', async (_name, reply, expected) => {
    const seen = await against([reply], ({ fleet }) => fleet.window('db-OLD'));
    expect(seen).toMatchObject({ problem: undefined, requests: [{ DbiResourceId: 'db-OLD' }] });
    expect(seen.value).toEqual(expected);
  });
});
