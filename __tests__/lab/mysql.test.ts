import {
  CreateDBInstanceCommand,
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { flushLogs, type MysqlCluster, restoreBackup } from '../../lab/mysql/index.ts';
import type { RdsLab } from '../../lab/rds/index.ts';
import { describeMysql } from '../mysql.ts';
import { asUser, ids, type MysqlWorld, startWorld } from './mysql-world.ts';

describeMysql('MySQL in the lab', (flavor) => {
  let world: MysqlWorld;
  let source: MysqlCluster;
  let rds: RdsLab;
  let aws: RDSClient;

  beforeAll(async () => {
    world = await startWorld(flavor);
    ({ source, rds, aws } = world);
  });

  afterEach(async () => {
    await rds.settled();
    expect(rds.violations).toEqual([]);
    expect(rds.jobFailures).toEqual([]);
  });

  afterAll(() => world?.stop());

  const instance = async (id: string): Promise<DBInstance> => {
    const found = await aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return found.DBInstances?.[0] ?? {};
  };
  const cluster = async (id: string): Promise<DBCluster> => {
    const found = await aws.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }));
    return found.DBClusters?.[0] ?? {};
  };

  test('gives its users what they were granted and no more', async () => {
    await expect(asUser(source.url(), 'CREATE TABLE mine (id int); DROP TABLE mine')).rejects.toThrow(
      /syntax/, // several statements at once are a choice of the client
    );
    await expect(asUser(source.url('shop_2'), 'CREATE TABLE mine (id int)')).resolves.toBeDefined();
    await expect(asUser(source.url('app', 'reader'), 'SELECT count(*) AS n FROM orders')).resolves.toEqual([
      { n: 2 },
    ]);
    await expect(asUser(source.url('app', 'reader'), 'DELETE FROM orders')).rejects.toThrow(/denied/);
  });

  test('an instance and a cluster look as AWS shows them', async () => {
    expect(await instance('shop')).toMatchObject({
      Engine: 'mysql',
      EngineVersion: '8.0.39',
      LicenseModel: 'general-public-license',
      Endpoint: { Port: source.port },
    });
    expect(await cluster('shops')).toMatchObject({
      Engine: 'aurora-mysql',
      EngineVersion: '8.0.mysql_aurora.3.08.0',
    });
    expect(await instance('shops-1')).toMatchObject({
      Engine: 'aurora-mysql',
      LicenseModel: 'general-public-license',
      OptionGroupMemberships: [{ OptionGroupName: 'default:aurora-mysql-8-0' }],
    });
    expect(rds.urlOf('shop')).toBe(source.url());
    await expect(rds.register({ id: 'other', engine: 'postgres' }, source)).rejects.toThrow(/no database/);
  });

  test('an instance is restored to a second, and from a snapshot', async () => {
    await Promise.all([
      aws.send(
        new RestoreDBInstanceToPointInTimeCommand({
          SourceDBInstanceIdentifier: 'shop',
          TargetDBInstanceIdentifier: 'shop-back',
          RestoreTime: world.mark,
        }),
      ),
      aws.send(
        new RestoreDBInstanceFromDBSnapshotCommand({
          DBInstanceIdentifier: 'shop-snap',
          DBSnapshotIdentifier: 'one',
        }),
      ),
    ]);
    await rds.settled();
    expect(await instance('shop-back')).toMatchObject({
      DBInstanceStatus: 'available',
      Engine: 'mysql',
      LicenseModel: 'general-public-license',
      DBParameterGroups: [{ DBParameterGroupName: 'default.mysql8.0' }],
      OptionGroupMemberships: [{ OptionGroupName: 'default:mysql-8-0' }],
    });
    expect(await ids(rds.clusterOf('shop-back'))).toEqual([1, 2, 3]);
    expect(await rds.clusterOf('shop-back').query('SELECT count(*) AS n FROM notes')).toEqual([{ n: 2 }]);
    expect(await ids(rds.clusterOf('shop-snap'))).toEqual([1]);
    expect(await ids(source)).toEqual([3, 4]);
  });

  test('a cluster is restored to a second, and from a snapshot; its members are made by hand', async () => {
    await Promise.all([
      aws.send(
        new RestoreDBClusterToPointInTimeCommand({
          SourceDBClusterIdentifier: 'shops',
          DBClusterIdentifier: 'shops-back',
          RestoreToTime: world.mark,
        }),
      ),
      aws.send(
        new RestoreDBClusterFromSnapshotCommand({
          DBClusterIdentifier: 'shops-snap',
          SnapshotIdentifier: 'all',
          Engine: 'aurora-mysql',
        }),
      ),
    ]);
    await rds.settled();
    expect(await cluster('shops-back')).toMatchObject({
      Status: 'available',
      DBClusterParameterGroup: 'default.aurora-mysql8.0',
    });
    expect(rds.storageOf('shops-back').running).toBe(false);
    for (const id of ['shops-back', 'shops-snap']) {
      await aws.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: `${id}-1`,
          DBClusterIdentifier: id,
          DBInstanceClass: 'db.r7g.large',
          Engine: 'aurora-mysql',
        }),
      );
    }
    await rds.settled();
    expect(await instance('shops-back-1')).toMatchObject({
      DBInstanceStatus: 'available',
      DBParameterGroups: [{ DBParameterGroupName: 'default.aurora-mysql8.0' }],
    });
    const through = await asUser(rds.urlOf('shops-back-1'), 'SELECT id FROM orders ORDER BY id');
    expect(through).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(await ids(rds.storageOf('shops-snap'))).toEqual([1]);
  });

  test('a time before the backup or after the end of the logs is refused', async () => {
    const { archiveDir } = source;
    const { backup } = world;
    await flushLogs(source);
    const early = new Date(backup.finishedAt.getTime() - 2000);
    await expect(restoreBackup({ backup, archiveDir, targetTime: early })).rejects.toThrow(/before the end/);
    const late = new Date(Date.now() + 5000);
    await expect(restoreBackup({ backup, archiveDir, targetTime: late })).rejects.toThrow(/logs end before/);
  });

  test('a crash keeps what was committed, and the logs can be replayed without the server', async () => {
    await source.crash();
    expect(source.running).toBe(false);
    const { archiveDir } = source;
    await using copy = await restoreBackup({ backup: world.backup, archiveDir, targetTime: 'latest' });
    expect(await ids(copy)).toEqual([3, 4]);
    await source.start();
    expect(await ids(source)).toEqual([3, 4]);
  });
});
