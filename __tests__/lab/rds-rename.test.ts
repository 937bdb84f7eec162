import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDBSnapshotCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { instanceName } from '../../lab/dns/index.ts';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { type Calls, callsOf, clientOf, startApp, until } from './rds-app.ts';

const DURATIONS = {
  snapshotMs: 50,
  restoreMs: 50,
  backingUpMs: 50,
  modifyMs: 200,
  renameMs: 800,
  rebootMs: 100,
  latestRestorableLagMs: 0,
};
const NAME = /^postgresql:\/\/app:app-lab-1@prod\.c0labc0lab\.eu-central-1\.rds\.lab\.internal:\d+\/app$/;

let cluster: Cluster;
let rds: RdsLab;
let aws: RDSClient;
let calls: Calls;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gm-ca-'));
  cluster = await startCluster({ name: 'prod', ssl: 'only', hostNames: [instanceName('*', 'eu-central-1')] });
  rds = await startRds({ durations: DURATIONS, endpoints: 'names' });
  aws = clientOf(rds);
  calls = callsOf(aws);
  await rds.register({ id: 'prod', tags: [{ key: 'team', value: 'orders' }] }, cluster);
  await cluster.query("CREATE TABLE place AS SELECT 'restored' AS name; GRANT SELECT ON place TO app");
});

afterEach(() => {
  expect(rds.violations).toEqual([]);
  expect(rds.jobFailures).toEqual([]);
});

afterAll(async () => {
  await rds?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
  aws?.destroy();
});

const resourceId = (id: string): string => rds.instances().find((one) => one.id === id)?.resourceId ?? '';

/** Every pair of identifier and status that is seen under the resource id until it has settled under the name. */
const watch = async (dbi: string, name: string): Promise<readonly string[]> => {
  const seen: string[] = [];
  await until(async () => {
    const [instance, ...others] = await calls.found('dbi-resource-id', dbi);
    expect(others).toEqual([]);
    const now = `${instance?.DBInstanceIdentifier} ${instance?.DBInstanceStatus}`;
    if (seen.at(-1) !== now) seen.push(now);
    return now === `${name} available`;
  });
  return seen;
};

const stages = (from: string, to: string): readonly string[] => [
  `${from} available`,
  `${from} renaming`,
  `${to} renaming`,
  `${to} available`,
];

/** A short stage may go by unseen on a busy machine, but none may come twice or out of turn. */
const inOrder = (seen: readonly string[], all: readonly string[]): void =>
  expect(seen).toEqual(all.filter((stage) => seen.includes(stage)));

describe('the dance', () => {
  let back: Cluster;

  beforeAll(async () => {
    await aws.send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'prod', DBSnapshotIdentifier: 'before' }),
    );
    await rds.settled();
    await cluster.query("UPDATE place SET name = 'damaged'");
    await aws.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: 'prod-back',
        DBSnapshotIdentifier: 'before',
      }),
    );
    await rds.settled();
    back = rds.clusterOf('prod-back');
  });

  test('a restored database has a name and an address of its own, and the port of its source', async () => {
    expect(back.host).toMatch(/^127\.0\.0\.([2-9]|\d\d+)$/);
    expect((await calls.named('prod-back'))?.Endpoint).toMatchObject({
      Address: 'prod-back.c0labc0lab.eu-central-1.rds.lab.internal',
      Port: cluster.port,
    });
    expect(rds.endpointOf('prod')?.port).toBe(cluster.port);
  });

  test('two renames put the restored database behind the URL of the application', async () => {
    const url = rds.urlOf('prod');
    expect(url).toMatch(NAME);
    const authority = join(folder, 'ca.pem');
    writeFileSync(authority, cluster.caCertificate ?? '');
    const verified = `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`;
    const [old, fresh] = [resourceId('prod'), resourceId('prod-back')];
    await using app = startApp(rds, verified);
    await app.sees('damaged');

    const DBInstance = await calls.rename('prod', 'prod-replaced-1');
    expect(DBInstance).toMatchObject({ DBInstanceIdentifier: 'prod', DBInstanceStatus: 'available' });
    inOrder(await watch(old, 'prod-replaced-1'), stages('prod', 'prod-replaced-1'));
    await app.sees('ENOTFOUND');
    await expect(calls.named('prod')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });

    await calls.rename('PROD-back', 'Prod');
    inOrder(await watch(fresh, 'prod'), stages('prod-back', 'prod'));
    await app.sees('restored');
    expect(app.seen.indexOf('damaged')).toBe(app.seen.lastIndexOf('damaged'));
    expect(rds.urlOf('prod')).toBe(url);
    expect(rds.clusterOf('prod')).toBe(back);
  });

  test('what belongs to the resource id stays with it', async () => {
    const old = resourceId('prod-replaced-1');
    const instance = (await calls.found('dbi-resource-id', old))[0];
    expect(instance).toMatchObject({
      DBInstanceArn: `arn:aws:rds:eu-central-1:${rds.accountId}:db:prod-replaced-1`,
      Endpoint: { Address: 'prod-replaced-1.c0labc0lab.eu-central-1.rds.lab.internal' },
      TagList: [{ Key: 'team', Value: 'orders' }],
    });
    const Filters = [
      { Name: 'dbi-resource-id', Values: [old] },
      { Name: 'snapshot-type', Values: ['manual'] },
    ];
    const { DBSnapshots } = await aws.send(new DescribeDBSnapshotsCommand({ Filters }));
    expect(DBSnapshots?.map((snapshot) => snapshot.DBSnapshotIdentifier)).toEqual(['before']);
    const backups = await aws.send(new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: old }));
    expect(backups.DBInstanceAutomatedBackups).toMatchObject([
      {
        DBInstanceIdentifier: 'prod-replaced-1',
        Status: 'active',
        RestoreWindow: { EarliestTime: expect.any(Date), LatestTime: expect.any(Date) },
      },
    ]);
  });

  test('a restore by resource id does not care what the source is called', async () => {
    const message = {
      SourceDbiResourceId: resourceId('prod-replaced-1'),
      TargetDBInstanceIdentifier: 'again',
      UseLatestRestorableTime: true,
      BackupRetentionPeriod: 0,
    };
    await aws.send(new RestoreDBInstanceToPointInTimeCommand(message));
    await rds.settled();
    expect(rds.clusterOf('again').port).toBe(cluster.port);
    expect(await rds.clusterOf('again').query('SELECT name FROM place')).toEqual([
      { name: expect.stringMatching(/restored|damaged/) },
    ]);
  });
});

test('the new name is shown long before it resolves, and a lab that stops meanwhile leaves the database up', async () => {
  await using shop = await startCluster({ name: 'half' });
  const half = await startRds({ durations: { modifyMs: 20, renameMs: 8000 }, endpoints: 'names' });
  const client = clientOf(half);
  const { rename } = callsOf(client);
  try {
    await shop.query("CREATE TABLE place AS SELECT 'half' AS name; GRANT SELECT ON place TO app");
    await half.register({ id: 'half', backupRetentionPeriod: 0 }, shop);
    await rename('half', 'whole');
    await until(() => half.instances()[0]?.id === 'whole');
    expect(half.instances()[0]?.status).toBe('renaming');
    await using app = startApp(half, half.urlOf('whole'));
    await app.sees('ENOTFOUND');
    await expect(rename('half', 'third')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
  } finally {
    await half.stop();
    client.destroy();
  }
  expect(half.jobFailures).toEqual([]);
  expect(await shop.query('SELECT name FROM place')).toEqual([{ name: 'half' }]);
});
