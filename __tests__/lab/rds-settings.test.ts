import {
  AddRoleToDBInstanceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceMessage,
  type RDSClient,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { clientOf, until } from './rds-app.ts';

const DURATIONS = { restoreMs: 50, backingUpMs: 50, modifyMs: 300, rebootMs: 60, configuringMs: 1500 };
const ROLE = 'arn:aws:iam::123456789012:role/monitoring';
const SECRET = /^arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-/;

let cluster: Cluster;
let rds: RdsLab;
let aws: RDSClient;

beforeAll(async () => {
  cluster = await startCluster({ name: 'prod' });
  rds = await startRds({ durations: DURATIONS });
  aws = clientOf(rds);
  await rds.register(
    {
      id: 'prod',
      monitoringInterval: 60,
      monitoringRoleArn: ROLE,
      performanceInsights: true,
      performanceInsightsRetention: 465,
      databaseInsightsMode: 'advanced',
      masterUserSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-of-prod',
      associatedRoles: [{ roleArn: ROLE, featureName: 's3Import' }],
      tags: [{ key: 'team', value: 'orders' }],
    },
    cluster,
  );
});

afterEach(() => {
  expect(rds.violations).toEqual([]);
  expect(rds.jobFailures).toEqual([]);
});

afterAll(async () => {
  await rds?.stop();
  await cluster?.stop();
  aws?.destroy();
});

const look = async (id: string): Promise<DBInstance> => {
  const { DBInstances } = await aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  if (DBInstances?.[0] === undefined) throw new Error('empty answer');
  return DBInstances[0];
};

const modify = (rest: Partial<ModifyDBInstanceMessage>, id = 'back') =>
  aws.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, ApplyImmediately: true, ...rest }));

const automated = (): string => rds.snapshots().find(({ type }) => type === 'automated')?.id ?? '';

describe('what a restore drops', () => {
  beforeAll(async () => {
    await aws.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: 'back',
        DBSnapshotIdentifier: automated(),
        DBSubnetGroupName: 'lab-private',
        VpcSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      }),
    );
    await until(async () => (await look('back')).DBInstanceStatus === 'available');
  });

  test('a restore from a snapshot drops it as well', async () => {
    const back = await look('back');
    expect(back).toMatchObject({
      DeletionProtection: false,
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: false,
      DatabaseInsightsMode: 'standard',
      AssociatedRoles: [],
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18', ParameterApplyStatus: 'in-sync' }],
      TagList: [{ Key: 'team', Value: 'orders' }],
    });
    expect(back.MasterUserSecret).toBeUndefined();
    expect(back.PreferredMaintenanceWindow).not.toBe((await look('prod')).PreferredMaintenanceWindow);
  });

  test('is refused for a moment after the instance is available, then mended by one call', async () => {
    const mend = (): Promise<unknown> =>
      modify({
        DeletionProtection: true,
        MonitoringInterval: 60,
        MonitoringRoleArn: ROLE,
        EnablePerformanceInsights: true,
        PerformanceInsightsRetentionPeriod: 465,
        DatabaseInsightsMode: 'advanced',
        PreferredMaintenanceWindow: 'sun:04:30-sun:05:00',
        ManageMasterUserPassword: true,
        CloudwatchLogsExportConfiguration: { EnableLogTypes: ['postgresql'] },
      });
    await expect(mend()).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
      message: expect.stringContaining('RDS is configuring Enhanced Monitoring or Performance Insights'),
    });
    await until(() =>
      mend().then(
        () => true,
        () => false,
      ),
    );
    const secrets = new Set<string | undefined>();
    await until(async () => {
      const { MasterUserSecret } = await look('back');
      secrets.add(MasterUserSecret?.SecretStatus);
      return MasterUserSecret?.SecretStatus === 'active';
    });
    expect([...secrets]).toEqual([undefined, 'creating', 'active']);
    await rds.settled();
    const back = await look('back');
    expect(back).toMatchObject({
      DBInstanceStatus: 'available',
      DeletionProtection: true,
      MonitoringInterval: 60,
      MonitoringRoleArn: ROLE,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsRetentionPeriod: 465,
      DatabaseInsightsMode: 'advanced',
      PreferredMaintenanceWindow: 'sun:04:30-sun:05:00',
      EnabledCloudwatchLogsExports: ['postgresql'],
      MasterUserSecret: { SecretArn: expect.stringMatching(SECRET) },
    });
    expect(back.MasterUserSecret?.SecretArn).not.toBe((await look('prod')).MasterUserSecret?.SecretArn);
  });

  test('a parameter group is in force after a reboot', async () => {
    const status = async () => (await look('back')).DBParameterGroups?.[0];
    await modify({ DBParameterGroupName: 'lab-postgres18' });
    await rds.settled();
    expect(await status()).toEqual({
      DBParameterGroupName: 'lab-postgres18',
      ParameterApplyStatus: 'pending-reboot',
    });
    const started = async () =>
      (await rds.clusterOf('back').query('SELECT pg_postmaster_start_time() AS at'))[0]?.at;
    const before = await started();
    const reboot = (rest = {}) =>
      aws.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'back', ...rest }));
    await expect(reboot({ ForceFailover: true })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
    });
    expect((await reboot()).DBInstance?.DBInstanceStatus).toBe('rebooting');
    await rds.settled();
    expect((await status())?.ParameterApplyStatus).toBe('in-sync');
    expect(await started()).not.toEqual(before);
  });

  test('a role is pending, then active, and associated only once', async () => {
    const add = (FeatureName: string, RoleArn = ROLE) =>
      aws.send(new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: 'back', RoleArn, FeatureName }));
    await add('s3Import');
    expect((await look('back')).AssociatedRoles).toEqual([
      { RoleArn: ROLE, FeatureName: 's3Import', Status: 'PENDING' },
    ]);
    await rds.settled();
    expect((await look('back')).AssociatedRoles?.[0]?.Status).toBe('ACTIVE');
    await expect(add('Lambda')).rejects.toMatchObject({ name: 'DBInstanceRoleAlreadyExistsFault' });
    await expect(add('Lambda', 'nonsense')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});

describe('modifications', () => {
  test.each([
    ['InvalidParameterCombination', { MonitoringInterval: 0, MonitoringRoleArn: ROLE }],
    ['InvalidParameterValue', { MonitoringInterval: 7 }],
    ['InvalidParameterValue', { PerformanceInsightsRetentionPeriod: 94 }],
    [
      'InvalidParameterCombination',
      { EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 7 },
    ],
    ['DBParameterGroupNotFoundFault', { DBParameterGroupName: 'none' }],
    ['OptionGroupNotFoundFault', { OptionGroupName: 'none' }],
    ['DBSubnetGroupNotFoundFault', { DBSubnetGroupName: 'none' }],
    ['InvalidParameterCombination', { DBSubnetGroupName: 'default' }],
    ['InvalidParameterValue', { VpcSecurityGroupIds: ['sg-none'] }],
    ['InvalidParameterValue', { BackupRetentionPeriod: 36 }],
  ] as const)('%s (%#)', async (name, change) => {
    const wanted = { ...change } as Partial<ModifyDBInstanceMessage>;
    await expect(modify(wanted, 'prod')).rejects.toMatchObject({ name });
  });

  test('monitoring needs a role', async () => {
    rds.change('prod', { monitoringInterval: 0, monitoringRoleArn: undefined });
    await expect(modify({ MonitoringInterval: 30 }, 'prod')).rejects.toThrow(/MonitoringRoleARN/);
  });

  test('an outage waits for the window, anything else does not', async () => {
    await modify(
      { ApplyImmediately: false, MultiAZ: true, DBInstanceClass: 'db.r7g.large', DeletionProtection: false },
      'prod',
    );
    await rds.settled();
    expect(await look('prod')).toMatchObject({
      MultiAZ: false,
      DeletionProtection: false,
      PendingModifiedValues: { MultiAZ: true, DBInstanceClass: 'db.r7g.large' },
    });
    await modify({ DeletionProtection: true }, 'prod');
    await rds.settled();
    expect(await look('prod')).toMatchObject({
      MultiAZ: true,
      DBInstanceClass: 'db.r7g.large',
      DeletionProtection: true,
      PendingModifiedValues: {},
    });
  });
});

describe('behind the back of the API', () => {
  test('tags come and go', async () => {
    rds.retag('prod', { add: [{ key: 'aws:stack', value: 'x' }], remove: ['team'] });
    rds.retag(automated(), { add: [{ key: 'note', value: 'kept' }] });
    expect((await look('prod')).TagList).toEqual([{ Key: 'aws:stack', Value: 'x' }]);
    expect(rds.snapshots()[0]?.tags).toContainEqual({ key: 'note', value: 'kept' });
  });

  test('the quota of instances can end', async () => {
    rds.setQuotas({ instances: 1 });
    const restore = new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: 'one-more',
      DBSnapshotIdentifier: automated(),
    });
    await expect(aws.send(restore)).rejects.toMatchObject({ name: 'InstanceQuotaExceededFault' });
    rds.setQuotas({ instances: 40 });
  });

  test('an instance goes with its automated snapshots, a snapshot by itself', async () => {
    const listed = async () =>
      ((await aws.send(new DescribeDBSnapshotsCommand({}))).DBSnapshots ?? []).map(
        (snapshot) => `${snapshot.SnapshotType} of ${snapshot.DBInstanceIdentifier}`,
      );
    await rds.register({ id: 'gone' }, cluster);
    expect(await listed()).toEqual(['automated of prod', 'automated of gone']);
    await rds.remove('gone', { automatedBackups: 'deleted' });
    expect(() => rds.clusterOf('gone')).toThrow('not found');
    expect(await listed()).toEqual(['automated of prod']);
    rds.removeSnapshot(automated());
    expect(await listed()).toEqual([]);
  });
});
