import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  type DBInstance,
  DeleteDBSnapshotCommand,
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeMessage,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, removeBackup, startCluster, takeBaseBackup } from '../../lab/postgres/index.ts';
import { replay } from '../../lab/rds/actions/restore.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { startJobs } from '../../lab/rds/jobs.ts';

const DURATIONS = {
  snapshotMs: 150,
  restoreMs: 150,
  backingUpMs: 150,
  modifyMs: 60,
  latestRestorableLagMs: 300,
};
const TAGS = [
  { key: 'team', value: 'orders' },
  { key: 'aws:cloudformation:stack-name', value: 'prod' },
];

let cluster: Cluster;
let rds: RdsLab;
let aws: RDSClient;

const clientOf = (lab: RdsLab, maxAttempts = 1): RDSClient =>
  new RDSClient({
    endpoint: lab.url,
    region: lab.region,
    credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
    maxAttempts,
    requestHandler: { requestTimeout: 3000, throwOnRequestTimeout: true },
  });

beforeAll(async () => {
  cluster = await startCluster({ name: 'prod' });
  rds = await startRds({ durations: DURATIONS });
  await rds.register({ id: 'Prod', multiAz: true, performanceInsights: true, tags: TAGS }, cluster);
  aws = clientOf(rds);
});

afterAll(async () => {
  await rds?.stop();
  await cluster?.stop();
  aws?.destroy();
});

const instance = async (id: string): Promise<DBInstance> => {
  const { DBInstances = [] } = await aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  const [found] = DBInstances;
  if (found === undefined) throw new Error('empty answer');
  return found;
};

const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await what())) await sleep(10);
};

const SECOND = 'floor(extract(epoch FROM clock_timestamp()))::int AS second';

/** The whole second of the database's clock that the query tells; returns when the one after it is over, too. */
const quietSecond = async (query = `SELECT ${SECOND}`): Promise<Date> => {
  const [row] = await cluster.query(query);
  const second = new Date(Number(row?.second) * 1000);
  await sleep(second.getTime() + 2000 - Date.now());
  return second;
};

const restorable = (time: Date): Promise<void> => until(() => (rds.latestRestorableTime('prod') ?? 0) > time);

const restore = async (
  target: string,
  rest: Partial<RestoreDBInstanceToPointInTimeMessage>,
): Promise<DBInstance | undefined> => {
  const message = { SourceDBInstanceIdentifier: 'prod', TargetDBInstanceIdentifier: target, ...rest };
  return (await aws.send(new RestoreDBInstanceToPointInTimeCommand(message))).DBInstance;
};

const idle = async (): Promise<void> => {
  await rds.settled();
  expect(rds.jobFailures).toEqual([]);
};

describe('snapshot, damage, restore', () => {
  const rows = (of: Cluster): Promise<unknown> => of.query('SELECT * FROM orders ORDER BY id');
  let mark: Date;
  let before: unknown;

  beforeAll(async () => {
    await cluster.query(
      "CREATE TABLE orders (id int, note text); INSERT INTO orders SELECT n, 'before' FROM generate_series(1, 50) n",
    );
    await aws.send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'PROD', DBSnapshotIdentifier: 'Gm-Story' }),
    );
    await idle();
    await cluster.query("INSERT INTO orders VALUES (51, 'after the snapshot')");
    before = await rows(cluster);
    mark = await quietSecond();
    await cluster.query('DELETE FROM orders WHERE id > 25; UPDATE orders SET note = NULL');
    await restorable(mark);
  });

  test('a snapshot that is being made keeps its instance in backing-up', async () => {
    await using lab = await startRds({ durations: { ...DURATIONS, snapshotMs: 600_000 } });
    await lab.register({ id: 'busy' }, cluster);
    const client = clientOf(lab);
    await client.send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'BUSY', DBSnapshotIdentifier: 'Gm-Long' }),
    );
    expect(lab.instances()).toMatchObject([{ id: 'busy', status: 'backing-up' }]);
    const { DBSnapshots } = await client.send(
      new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'gm-long' }),
    );
    expect(DBSnapshots?.[0]).toMatchObject({ Status: 'creating', DBSnapshotIdentifier: 'gm-long' });
    expect(DBSnapshots?.[0]?.PercentProgress).toBeLessThan(100);
  });

  test('the snapshot is complete and the instance available again', async () => {
    expect(await instance('prod')).toMatchObject({ DBInstanceStatus: 'available' });
    const { DBSnapshots } = await aws.send(
      new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: 'prod', SnapshotType: 'manual' }),
    );
    expect(DBSnapshots).toHaveLength(1);
    expect(DBSnapshots?.[0]).toMatchObject({ Status: 'available', PercentProgress: 100 });
    expect(DBSnapshots?.[0]?.SnapshotDatabaseTime).toBeInstanceOf(Date);
  });

  test('the restored database is the one of the marked second, row by row', async () => {
    const states = new Set<string>();
    const answer = await restore('prod-back', { RestoreTime: mark });
    expect(answer).toMatchObject({
      DBInstanceStatus: 'creating',
      DbiResourceId: expect.stringMatching(/^db-[A-Z0-9]{26}$/),
    });
    expect(answer?.Endpoint).toBeUndefined();
    await until(async () => {
      const { DBInstanceStatus = '' } = await instance('prod-back');
      states.add(DBInstanceStatus);
      return DBInstanceStatus === 'available';
    });
    expect([...states]).toEqual(['creating', 'backing-up', 'available']);
    const { Endpoint } = await instance('prod-back');
    expect(Endpoint?.Port).not.toBe(cluster.port);
    expect(Endpoint?.Port).toBe(rds.clusterOf('prod-back').port);
    expect(await rows(rds.clusterOf('prod-back'))).toEqual(before);
    expect(await rows(cluster)).toHaveLength(25);
  });

  test('the snapshot restores to its own state', async () => {
    const message = {
      DBInstanceIdentifier: 'prod-snap',
      DBSnapshotIdentifier: 'gm-story',
      BackupRetentionPeriod: 0,
    };
    await aws.send(new RestoreDBInstanceFromDBSnapshotCommand(message));
    await idle();
    expect(await rds.clusterOf('prod-snap').query('SELECT count(*)::int AS n FROM orders')).toEqual([
      { n: 50 },
    ]);
    expect((await instance('prod-snap')).LatestRestorableTime).toBeUndefined();
  });

  test('what is not passed is dropped, as on AWS', async () => {
    const [source, copy] = [await instance('prod'), await instance('prod-back')];
    expect(source).toMatchObject({
      MultiAZ: true,
      DeletionProtection: true,
      PerformanceInsightsEnabled: true,
    });
    expect(copy).toMatchObject({
      MultiAZ: false,
      DeletionProtection: false,
      CopyTagsToSnapshot: false,
      PerformanceInsightsEnabled: false,
      BackupRetentionPeriod: source.BackupRetentionPeriod,
      DBInstanceClass: source.DBInstanceClass,
      DBSubnetGroup: { DBSubnetGroupName: 'default' },
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-vpc-default' }],
      TagList: [{ Key: 'team', Value: 'orders' }],
    });
    expect(copy.MaxAllocatedStorage).toBeUndefined();
    expect(copy.EnabledCloudwatchLogsExports).toBeUndefined();
  });

  test('what is passed is kept', async () => {
    const passed = {
      RestoreTime: mark,
      MultiAZ: true,
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      DBSubnetGroupName: 'lab-private',
      VpcSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      DBParameterGroupName: 'lab-postgres18',
      EnableCloudwatchLogsExports: ['postgresql'],
      MaxAllocatedStorage: 100,
      Tags: [{ Key: 'managed-by', Value: 'guarded-migrate' }],
      Port: 5432,
    };
    await restore('prod-kept', passed);
    expect(await instance('prod-kept')).toMatchObject({
      MultiAZ: true,
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      DBSubnetGroup: { DBSubnetGroupName: 'lab-private' },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d4e5f60718' }],
      DBParameterGroups: [{ DBParameterGroupName: 'lab-postgres18' }],
      EnabledCloudwatchLogsExports: ['postgresql'],
      MaxAllocatedStorage: 100,
      TagList: [{ Key: 'managed-by', Value: 'guarded-migrate' }],
    });
    await idle();
  });

  test('a dead source can still be restored', async () => {
    await cluster.query("INSERT INTO orders VALUES (99, 'last words')");
    const last = await quietSecond();
    await cluster.crash();
    await restorable(last);
    await restore('prod-dead', { RestoreTime: last });
    await idle();
    expect(await rds.clusterOf('prod-dead').query('SELECT note FROM orders WHERE id = 99')).toEqual([
      { note: 'last words' },
    ]);
    await cluster.start();
  });

  test('a source that dies just before its log is made complete can still be restored', async () => {
    const base = await takeBaseBackup(cluster, 'dying');
    await cluster.query("INSERT INTO orders VALUES (100, 'very last words')");
    const last = await quietSecond();
    await cluster.crash();
    try {
      await using restored = await replay(
        { ...cluster, running: true },
        'dying',
        {},
        base,
        new Date(last.getTime() + 999),
      );
      expect(await restored.query('SELECT note FROM orders WHERE id = 100')).toEqual([
        { note: 'very last words' },
      ]);
    } finally {
      await cluster.start();
      removeBackup(base);
    }
  });

  test('which commits of the asked second are there is for the lab to choose', async () => {
    const edges = { end: ['early', 'late in the second'], start: ['early'] } as const;
    const durations = { ...DURATIONS, latestRestorableLagMs: 0 };
    await using inclusive = await startRds({ durations, secondEdge: 'end' });
    await using exclusive = await startRds({ durations, secondEdge: 'start' });
    await Promise.all([
      inclusive.register({ id: 'edge' }, cluster),
      exclusive.register({ id: 'edge' }, cluster),
    ]);
    await cluster.query("CREATE TABLE edge (note text); INSERT INTO edge VALUES ('early')");
    await sleep(1000 - (Date.now() % 1000) + 200);
    const RestoreTime = await quietSecond(
      `INSERT INTO edge VALUES ('late in the second') RETURNING ${SECOND}`,
    );
    await cluster.query("INSERT INTO edge VALUES ('after')");
    const message = { SourceDBInstanceIdentifier: 'edge', TargetDBInstanceIdentifier: 'copy', RestoreTime };
    const notes = async (lab: RdsLab): Promise<unknown> => {
      await clientOf(lab).send(new RestoreDBInstanceToPointInTimeCommand(message));
      await lab.settled();
      return (await lab.clusterOf('copy').query('SELECT note FROM edge')).map((row) => row.note);
    };
    const [end, start] = await Promise.all([notes(inclusive), notes(exclusive)]);
    expect({ end, start }).toEqual(edges);
  });
});

describe('the restorable window', () => {
  test('lags behind, refuses what is too new, and accepts it later', async () => {
    const { LatestRestorableTime } = await instance('prod');
    const now = new Date();
    expect(LatestRestorableTime?.getTime()).toBeLessThanOrEqual(now.getTime());
    await expect(restore('too-new', { RestoreTime: now })).rejects.toThrow(
      /before the latest restorable time/,
    );
    const future = new Date(now.getTime() + 60_000);
    await expect(restore('too-new', { RestoreTime: future })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await restorable(now);
    await restore('new-enough', { RestoreTime: now });
    await idle();
  });

  test('is shown by the automated backup and refuses what is too old', async () => {
    const { DBInstanceAutomatedBackups = [] } = await aws.send(
      new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: 'prod' }),
    );
    const [backup] = DBInstanceAutomatedBackups;
    expect(backup).toMatchObject({ Status: 'active', DbiResourceId: (await instance('prod')).DbiResourceId });
    const earliest = backup?.RestoreWindow?.EarliestTime?.getTime() ?? Number.NaN;
    const RestoreTime = new Date(earliest - 1000);
    await expect(restore('too-old', { RestoreTime })).rejects.toMatchObject({ name: 'InvalidRestoreFault' });
  });
});

describe('refusals carry the codes of AWS', () => {
  const past = (): Date => new Date(Date.now() - 3_600_000);
  const snapshot = (id: string, of = 'prod') =>
    new CreateDBSnapshotCommand({ DBInstanceIdentifier: of, DBSnapshotIdentifier: id });
  const back = (rest: Partial<RestoreDBInstanceToPointInTimeMessage>) =>
    new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: 'prod',
      TargetDBInstanceIdentifier: 'copy',
      UseLatestRestorableTime: true,
      ...rest,
    });

  test.each([
    [
      'DBInstanceNotFoundFault',
      () => aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'nope' })),
    ],
    ['DBInstanceNotFoundFault', () => aws.send(snapshot('fine', 'nope'))],
    [
      'DBSnapshotNotFoundFault',
      () => aws.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'nope' })),
    ],
    [
      'DBSnapshotNotFoundFault',
      () => aws.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: 'nope' })),
    ],
    ['DBSnapshotAlreadyExistsFault', () => aws.send(snapshot('GM-story'))],
    [
      'DBClusterNotFoundFault',
      () => aws.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'nope' })),
    ],
    ['InvalidParameterValue', () => aws.send(snapshot('two--hyphens'))],
    ['InvalidParameterValue', () => aws.send(snapshot('ends-'))],
    ['InvalidParameterValue', () => aws.send(snapshot('1st'))],
    ['InvalidParameterValue', () => aws.send(snapshot('a'.repeat(256)))],
    ['InvalidParameterValue', () => aws.send(back({ TargetDBInstanceIdentifier: 'a'.repeat(64) }))],
    ['InvalidParameterValue', () => aws.send(back({ Tags: [{ Key: 'aws:stack', Value: 'x' }] }))],
    ['InvalidParameterValue', () => aws.send(new DescribeDBInstancesCommand({ MaxRecords: 5 }))],
    [
      'InvalidParameterValue',
      () => aws.send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'nope', Values: ['x'] }] })),
    ],
    ['InvalidParameterCombination', () => aws.send(back({ RestoreTime: past() }))],
    ['InvalidParameterCombination', () => aws.send(back({ SourceDbiResourceId: 'db-X' }))],
    ['InvalidParameterCombination', () => aws.send(back({ VpcSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'] }))],
    [
      'InvalidParameterCombination',
      () => aws.send(back({ StorageType: 'gp3', Iops: 3000, StorageThroughput: 125 })),
    ],
    [
      'InvalidParameterCombination',
      () => aws.send(back({ MultiAZ: true, AvailabilityZone: 'eu-central-1a' })),
    ],
    ['DBSubnetGroupNotFoundFault', () => aws.send(back({ DBSubnetGroupName: 'nope' }))],
    ['DBParameterGroupNotFoundFault', () => aws.send(back({ DBParameterGroupName: 'nope' }))],
    ['DBInstanceAlreadyExistsFault', () => aws.send(back({ TargetDBInstanceIdentifier: 'PROD' }))],
  ] as const)('%s (%#)', async (name, call) => {
    await expect(call()).rejects.toMatchObject({ name });
  });

  test('an instance that is not available takes no snapshot', async () => {
    rds.setStatus('prod', 'modifying');
    await expect(aws.send(snapshot('busy'))).rejects.toMatchObject({ name: 'InvalidDBInstanceStateFault' });
    rds.setStatus('prod', 'available');
  });

  test('without retention there is no point-in-time restore', async () => {
    rds.change('prod', { backupRetentionPeriod: 0 });
    await expect(aws.send(back({}))).rejects.toMatchObject({ name: 'PointInTimeRestoreNotEnabledFault' });
    expect((await instance('prod')).LatestRestorableTime).toBeUndefined();
    rds.change('prod', { backupRetentionPeriod: 7 });
  });

  test('quotas', async () => {
    await using lab = await startRds({ quotas: { manualSnapshots: 0, instances: 1 }, durations: DURATIONS });
    await lab.register({ id: 'prod' }, cluster);
    const client = clientOf(lab);
    await expect(client.send(snapshot('one'))).rejects.toMatchObject({ name: 'SnapshotQuotaExceededFault' });
    await expect(client.send(back({}))).rejects.toMatchObject({ name: 'InstanceQuotaExceededFault' });
    expect(lab.violations).toEqual([]);
  });
});

describe('tags and settings', () => {
  test('tags in the request turn the copying of tags off', async () => {
    await rds.settled();
    for (const [id, Tags] of [
      ['copied', undefined],
      ['own', [{ Key: 'mine', Value: 'a b/c' }]],
    ] as const) {
      await aws.send(
        new CreateDBSnapshotCommand({
          DBInstanceIdentifier: 'prod',
          DBSnapshotIdentifier: id,
          ...(Tags && { Tags: [...Tags] }),
        }),
      );
      await rds.settled();
    }
    expect(rds.snapshots().find(({ id }) => id === 'copied')?.tags).toEqual([
      { key: 'team', value: 'orders' },
    ]);
    expect(rds.snapshots().find(({ id }) => id === 'own')?.tags).toEqual([{ key: 'mine', value: 'a b/c' }]);
  });

  test('tags are added, listed and removed by ARN', async () => {
    const ResourceName = `arn:aws:rds:${rds.region}:${rds.accountId}:snapshot:own`;
    await aws.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'phase', Value: 'failed' }] }));
    await aws.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['mine'] }));
    const { TagList } = await aws.send(new ListTagsForResourceCommand({ ResourceName }));
    expect(TagList).toEqual([{ Key: 'phase', Value: 'failed' }]);
    await expect(
      aws.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'aws:x', Value: '' }] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('a deleted snapshot is gone', async () => {
    await aws.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: 'own' }));
    await expect(
      aws.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'own' })),
    ).rejects.toMatchObject({
      name: 'DBSnapshotNotFoundFault',
    });
  });

  test('a modification is not seen at once', async () => {
    await aws.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: 'prod',
        MonitoringInterval: 60,
        MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitoring',
        ApplyImmediately: true,
      }),
    );
    // It may be modifying by then on a busy machine; the value is the old one as long as it is.
    expect(await instance('prod')).toMatchObject({ MonitoringInterval: 0 });
    await until(async () => (await instance('prod')).DBInstanceStatus !== 'available');
    await idle();
    expect(await instance('prod')).toMatchObject({ DBInstanceStatus: 'available', MonitoringInterval: 60 });
  });

  test('instances are found by resource id', async () => {
    const { DbiResourceId = '' } = await instance('prod');
    const Filters = [{ Name: 'dbi-resource-id', Values: [DbiResourceId] }];
    const { DBInstances } = await aws.send(new DescribeDBInstancesCommand({ Filters }));
    expect(DBInstances?.map((found) => found.DBInstanceIdentifier)).toEqual(['prod']);
  });
});

describe('bad days', () => {
  const look = (client = aws) => client.send(new DescribeDBInstancesCommand({}));

  test.each([
    ['throttle', { name: 'Throttling', message: 'Rate exceeded' }],
    ['503', { name: 'ServiceUnavailable' }],
    ['500', { name: 'InternalFailure' }],
    ['expired', { name: 'ExpiredToken' }],
    [
      'denied',
      {
        name: 'AccessDenied',
        message: expect.stringContaining('is not authorized to perform: rds:DescribeDBInstances on resource'),
      },
    ],
    ['reset', { message: expect.stringContaining('ECONNRESET') }],
    ['timeout', { name: 'TimeoutError' }],
  ] as const)('%s', async (kind, error) => {
    rds.faults.inject({ action: 'DescribeDBInstances', kind });
    await expect(look()).rejects.toMatchObject(error);
    expect(rds.calls.at(-1)?.action).toBe('DescribeDBInstances');
    await expect(look()).resolves.toBeDefined();
  });

  test('a lost answer: the work is done, and the SDK meets its own snapshot when it tries again', async () => {
    rds.faults.inject({ action: 'CreateDBSnapshot', kind: 'lost-answer' });
    const message = { DBInstanceIdentifier: 'prod', DBSnapshotIdentifier: 'lost' };
    await expect(clientOf(rds, 3).send(new CreateDBSnapshotCommand(message))).rejects.toMatchObject({
      name: 'DBSnapshotAlreadyExistsFault',
    });
    await rds.settled();
    expect(rds.snapshots().find(({ id }) => id === 'lost')?.status).toBe('available');
  });

  test('faults can wait, match and be called off', async () => {
    rds.faults.inject({
      action: '*',
      kind: 'throttle',
      after: 1,
      times: 2,
      match: (params) => params.MaxRecords === '50',
    });
    const listing = () => aws.send(new DescribeDBSnapshotsCommand({ MaxRecords: 50 }));
    await listing();
    await expect(listing()).rejects.toMatchObject({ name: 'Throttling' });
    await expect(look()).resolves.toBeDefined();
    rds.faults.clear();
    await expect(listing()).resolves.toBeDefined();
  });

  test('unsigned, unknown and misspelt requests are refused', async () => {
    await using lab = await startRds();
    const post = async (body: string, authorization?: string): Promise<string> => {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization && { authorization }),
      };
      return (await fetch(lab.url, { method: 'POST', body, headers })).text();
    };
    const scope = `lab/20261121/${lab.region}/rds/aws4_request`;
    const signed = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const body = 'Action=DescribeDBInstances&Version=2014-10-31';
    expect(await post(body)).toContain('MissingAuthenticationToken');
    expect(await post(body, signed.replace(lab.region, 'us-east-9'))).toContain('SignatureDoesNotMatch');
    expect(await post(body, signed)).toContain('<DescribeDBInstancesResult>');
    expect(lab.violations).toEqual([]);
    expect(await post(`${body}&DbInstanceIdentifier=x`, signed)).toContain('UnknownParameter');
    expect(await post('Action=DropEverything&Version=2014-10-31', signed)).toContain('InvalidAction');
    expect(lab.violations).toHaveLength(2);
  });

  test('what a job makes for a lab that stops is discarded', async () => {
    const jobs = startJobs(() => undefined);
    const discarded: string[] = [];
    const job = jobs.lasting(
      600_000,
      async () => 'files',
      (made) => discarded.push(made),
    );
    await Promise.all([expect(job).rejects.toThrow(/aborted/), jobs.stop()]);
    expect(discarded).toEqual(['files']);
  });

  test('a background failure is kept for the test to see', async () => {
    await using lab = await startRds({ durations: DURATIONS });
    const dying = await startCluster({ name: 'dying' });
    try {
      await lab.register({ id: 'dying' }, dying);
      await dying.crash();
      await clientOf(lab).send(
        new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'dying', DBSnapshotIdentifier: 's' }),
      );
      await lab.settled();
      expect(lab.snapshots().find(({ id }) => id === 's')?.status).toBe('failed');
      expect(lab.jobFailures).toEqual([expect.stringContaining('ECONNREFUSED')]);
    } finally {
      await dying.stop();
    }
  });
});

test('nothing that the SDK asked was unknown to the lab', () => {
  expect(rds.calls.length).toBeGreaterThan(50);
  expect(rds.violations).toEqual([]);
});
