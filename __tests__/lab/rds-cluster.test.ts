import {
  AddTagsToResourceCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  type DBCluster,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  type RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { clientOf, until } from './rds-app.ts';

const DURATIONS = {
  snapshotMs: 50,
  restoreMs: 50,
  memberMs: 50,
  modifyMs: 40,
  renameMs: 200,
  latestRestorableLagMs: 0,
};

let storage: Cluster;
let rds: RdsLab;
let aws: RDSClient;

beforeAll(async () => {
  storage = await startCluster({ name: 'shop' });
  rds = await startRds({ durations: DURATIONS });
  aws = clientOf(rds);
  await rds.registerCluster({ id: 'shop', tags: [{ key: 'team', value: 'orders' }] }, storage);
  await storage.query("CREATE TABLE place AS SELECT 'before' AS name; GRANT SELECT ON place TO app");
});

afterEach(() => {
  expect(rds.violations).toEqual([]);
  expect(rds.jobFailures).toEqual([]);
});

afterAll(async () => {
  await rds?.stop();
  await storage?.stop();
  aws?.destroy();
});

const described = async (id: string): Promise<DBCluster> => {
  const found = await aws.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }));
  return found.DBClusters?.[0] ?? {};
};
const available = async (id: string): Promise<DBCluster> => {
  await until(async () => (await described(id)).Status === 'available');
  return described(id);
};
const failing = (work: Promise<unknown>): Promise<{ name: string; message: string }> =>
  work.then(
    () => ({ name: 'none', message: '' }),
    (error: Error) => ({ name: error.name, message: error.message }),
  );
const placeAt = async (url: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('SELECT name FROM place')).rows[0]?.name;
  } finally {
    await client.end();
  }
};
const member = (cluster: string, id: string): CreateDBInstanceCommand =>
  new CreateDBInstanceCommand({
    DBInstanceIdentifier: id,
    DBClusterIdentifier: cluster,
    DBInstanceClass: 'db.r7g.large',
    Engine: 'aurora-postgresql',
  });
/** A second that can be restored by now, with the log past it. */
const marked = async (): Promise<Date> => {
  const at = new Date(Math.floor(Date.now() / 1000) * 1000);
  await until(async () => ((await described('shop')).LatestRestorableTime ?? at) > at);
  return at;
};

describe('a cluster', () => {
  test('is described with its members, the writer marked', async () => {
    const cluster = await described('shop');
    expect(cluster).toMatchObject({
      Status: 'available',
      Engine: 'aurora-postgresql',
      StorageType: 'aurora-iopt1',
      DBClusterParameterGroup: 'lab-aurora17',
      DBSubnetGroup: 'lab-private',
      Port: storage.port,
      Endpoint: storage.host,
      TagList: [{ Key: 'team', Value: 'orders' }],
    });
    expect(cluster.DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'shop-1', IsClusterWriter: true },
      { DBInstanceIdentifier: 'shop-2', IsClusterWriter: false },
    ]);
    expect(cluster.EarliestRestorableTime).toBeInstanceOf(Date);
    expect(cluster.DbClusterResourceId).toMatch(/^cluster-/);
  });

  test('is found by its resource id', async () => {
    const id = (await described('shop')).DbClusterResourceId ?? '';
    const by = { Filters: [{ Name: 'db-cluster-resource-id', Values: [id] }] };
    const found = await aws.send(new DescribeDBClustersCommand(by));
    expect(found.DBClusters?.map(({ DBClusterIdentifier }) => DBClusterIdentifier)).toEqual(['shop']);
  });

  test('has members with endpoints of their own', async () => {
    const filter = { Filters: [{ Name: 'db-cluster-id', Values: ['shop'] }] };
    const { DBInstances = [] } = await aws.send(new DescribeDBInstancesCommand(filter));
    expect(DBInstances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual(['shop-1', 'shop-2']);
    const ports = new Set([storage.port, ...DBInstances.map(({ Endpoint }) => Endpoint?.Port)]);
    expect(ports.size).toBe(3);
    for (const { Endpoint, LatestRestorableTime, DBClusterIdentifier } of DBInstances) {
      expect(DBClusterIdentifier).toBe('shop');
      // A cluster is restored, not its members.
      expect(LatestRestorableTime).toBeUndefined();
      expect(await placeAt(`postgresql://app:app-lab-1@${Endpoint?.Address}:${Endpoint?.Port}/app`)).toBe(
        'before',
      );
    }
  });

  test('refuses a snapshot of a member, in the words of AWS', async () => {
    const asked = new CreateDBSnapshotCommand({
      DBInstanceIdentifier: 'shop-1',
      DBSnapshotIdentifier: 'gm-member',
    });
    expect(await failing(aws.send(asked))).toEqual({
      name: 'InvalidParameterValue',
      message:
        'The specified instance is a member of a cluster and a snapshot cannot be created directly. Please use the CreateDBClusterSnapshot API instead.',
    });
  });

  test('is not found by a name that nobody has', async () => {
    expect((await failing(described('nobody'))).name).toBe('DBClusterNotFoundFault');
  });
});

describe('a cluster snapshot', () => {
  test('is made, tagged, listed and deleted', async () => {
    const tags = [{ Key: 'managed-by', Value: 'guarded-migrate' }];
    const name = { DBClusterSnapshotIdentifier: 'gm-shop-81-1' };
    const make = new CreateDBClusterSnapshotCommand({ ...name, DBClusterIdentifier: 'shop', Tags: tags });
    const made = await aws.send(make);
    expect(made.DBClusterSnapshot).toMatchObject({ Status: 'creating', SnapshotType: 'manual' });
    expect((await failing(aws.send(make))).name).toBe('DBClusterSnapshotAlreadyExistsFault');
    expect((await failing(aws.send(new DeleteDBClusterSnapshotCommand(name)))).name).toBe(
      'InvalidDBClusterSnapshotStateFault',
    );
    const seen = async () =>
      (await aws.send(new DescribeDBClusterSnapshotsCommand(name))).DBClusterSnapshots?.[0];
    await until(async () => (await seen())?.Status === 'available');
    const arn = made.DBClusterSnapshot?.DBClusterSnapshotArn ?? '';
    expect(arn).toMatch(/:cluster-snapshot:gm-shop-81-1$/);
    await aws.send(
      new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: 'phase', Value: 'applied' }] }),
    );
    // The source's tags are not copied once a tag is passed.
    expect((await seen())?.TagList).toEqual([...tags, { Key: 'phase', Value: 'applied' }]);
    await aws.send(new DeleteDBClusterSnapshotCommand(name));
    expect((await failing(seen())).name).toBe('DBClusterSnapshotNotFoundFault');
  });
});

describe('a restored cluster', () => {
  test('has the rows of its second, defaults for what was not passed, and nobody who answers', async () => {
    const second = await marked();
    await storage.query("UPDATE place SET name = 'after'");
    await aws.send(
      new RestoreDBClusterToPointInTimeCommand({
        SourceDBClusterIdentifier: 'shop',
        DBClusterIdentifier: 'back',
        RestoreToTime: second,
      }),
    );
    expect((await failing(aws.send(member('back', 'back-1')))).name).toBe('InvalidDBClusterStateFault');
    expect(await available('back')).toMatchObject({
      DBClusterMembers: [],
      DBClusterParameterGroup: 'default.aurora-postgresql17',
      DBSubnetGroup: 'default',
      IAMDatabaseAuthenticationEnabled: false,
      DeletionProtection: false,
      CopyTagsToSnapshot: false,
      BackupRetentionPeriod: 7,
      TagList: [{ Key: 'team', Value: 'orders' }],
    });
    // Aurora Standard is what is left out.
    expect((await described('back')).StorageType).toBeUndefined();
    await expect(placeAt(rds.clusterUrl('back'))).rejects.toThrow(/ECONNREFUSED/);
    await aws.send(member('back', 'back-1'));
    const writer = async () =>
      (await aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'back-1' }))).DBInstances?.[0];
    expect((await writer())?.DBInstanceStatus).toBe('creating');
    await until(async () => (await writer())?.DBInstanceStatus === 'available');
    expect(await placeAt(rds.clusterUrl('back'))).toBe('before');
    expect((await described('back')).DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'back-1', IsClusterWriter: true },
    ]);
  });

  test('comes from a snapshot, too', async () => {
    await aws.send(
      new CreateDBClusterSnapshotCommand({
        DBClusterIdentifier: 'shop',
        DBClusterSnapshotIdentifier: 'gm-shop-82-1',
      }),
    );
    const restore = new RestoreDBClusterFromSnapshotCommand({
      DBClusterIdentifier: 'shot',
      SnapshotIdentifier: 'gm-shop-82-1',
      Engine: 'aurora-postgresql',
    });
    expect((await failing(aws.send(restore))).name).toBe('InvalidDBClusterSnapshotStateFault');
    await until(async () =>
      rds.clusterSnapshots().some(({ id, status }) => id === 'gm-shop-82-1' && status === 'available'),
    );
    await aws.send(restore);
    await available('shot');
    await aws.send(member('shot', 'shot-1'));
    await rds.settled();
    expect(await placeAt(rds.clusterUrl('shot'))).toBe('after');
  });

  test.each([
    ['MonitoringInterval', { MonitoringInterval: 60, MonitoringRoleArn: 'arn:aws:iam::123456789012:role/m' }],
    ['Performance Insights', { EnablePerformanceInsights: true }],
  ])('is refused with %s', async (_name, more) => {
    const asked = new RestoreDBClusterToPointInTimeCommand({
      SourceDBClusterIdentifier: 'shop',
      DBClusterIdentifier: 'limitless',
      RestoreToTime: await marked(),
      ...more,
    });
    expect(await failing(aws.send(asked))).toEqual({
      name: 'InvalidParameterCombination',
      message:
        'You can enable Performance Insights or set the Enhanced Monitoring interval only when restoring from a source Aurora Limitless DB cluster.',
    });
  });
});

describe('a changed cluster', () => {
  test('takes a new name, and its members stay who they are', async () => {
    const { DbClusterResourceId: id = '', DBClusterArn: arn } = await described('back');
    await aws.send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: 'back',
        NewDBClusterIdentifier: 'front',
        ApplyImmediately: true,
      }),
    );
    const by = { Filters: [{ Name: 'db-cluster-resource-id', Values: [id] }] };
    const seen: string[] = [];
    await until(async () => {
      const [one] = (await aws.send(new DescribeDBClustersCommand(by))).DBClusters ?? [];
      const now = `${one?.DBClusterIdentifier} ${one?.Status}`;
      if (seen.at(-1) !== now) seen.push(now);
      return now === 'front available';
    });
    expect(seen.slice(-2)).toEqual(['front renaming', 'front available']);
    const front = await described('front');
    expect(front.DBClusterArn).toBe(arn?.replace('back', 'front'));
    expect(front.DBClusterMembers).toMatchObject([{ DBInstanceIdentifier: 'back-1' }]);
    expect(await placeAt(rds.clusterUrl('front'))).toBe('before');
  });

  test('cannot take the name of another', async () => {
    const asked = new ModifyDBClusterCommand({
      DBClusterIdentifier: 'front',
      NewDBClusterIdentifier: 'shop',
      ApplyImmediately: true,
    });
    expect((await failing(aws.send(asked))).name).toBe('DBClusterAlreadyExistsFault');
  });

  test('gets its settings', async () => {
    await aws.send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: 'front',
        ApplyImmediately: true,
        DeletionProtection: true,
        EnableIAMDatabaseAuthentication: true,
        DBClusterParameterGroupName: 'lab-aurora17',
      }),
    );
    await rds.settled();
    expect(await described('front')).toMatchObject({
      Status: 'available',
      DeletionProtection: true,
      IAMDatabaseAuthenticationEnabled: true,
      DBClusterParameterGroup: 'lab-aurora17',
    });
  });

  test('answers no more when its last member is gone', async () => {
    await rds.remove('back-1');
    expect((await described('front')).DBClusterMembers).toEqual([]);
    await expect(placeAt(rds.clusterUrl('front'))).rejects.toThrow(/ECONNREFUSED/);
  });
});
