import {
  DeregisterDBProxyTargetsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetGroupsCommand,
  DescribeDBProxyTargetsCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RegisterDBProxyTargetsCommand,
  type TargetHealth,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { clientOf, startApp, until } from './rds-app.ts';

const DURATIONS = { modifyMs: 40, renameMs: 100, proxyTargetMs: 400 };
const DBProxyName = 'door';

let clusters: readonly Cluster[] = [];
let rds: RdsLab;
let aws: RDSClient;

const cluster = async (name: string): Promise<Cluster> => {
  const started = await startCluster({ name });
  clusters = [...clusters, started];
  await started.query(`CREATE TABLE place AS SELECT '${name}' AS name; GRANT SELECT ON place TO app`);
  return started;
};

beforeAll(async () => {
  rds = await startRds({ durations: DURATIONS, endpoints: 'names' });
  aws = clientOf(rds);
  for (const id of ['old', 'fresh']) await rds.register({ id, backupRetentionPeriod: 0 }, await cluster(id));
  await rds.registerProxy({ name: DBProxyName, target: 'old' });
});

afterAll(async () => {
  await rds?.stop();
  await Promise.all(clusters.map((one) => one.stop()));
  aws?.destroy();
});

const targets = async () =>
  (await aws.send(new DescribeDBProxyTargetsCommand({ DBProxyName }))).Targets ?? [];
const health = async (): Promise<TargetHealth | undefined> => (await targets())[0]?.TargetHealth;
const put = (id: string) =>
  aws.send(new RegisterDBProxyTargetsCommand({ DBProxyName, DBInstanceIdentifiers: [id] }));
const take = (id: string) =>
  aws.send(new DeregisterDBProxyTargetsCommand({ DBProxyName, DBInstanceIdentifiers: [id] }));

test('a proxy, its one target group and its target are described', async () => {
  const { DBProxies } = await aws.send(new DescribeDBProxiesCommand({}));
  expect(DBProxies).toMatchObject([
    {
      DBProxyName,
      Status: 'available',
      EngineFamily: 'POSTGRESQL',
      Endpoint: 'door.proxy-c0labc0lab.eu-central-1.rds.lab.internal',
    },
  ]);
  const { TargetGroups } = await aws.send(new DescribeDBProxyTargetGroupsCommand({ DBProxyName }));
  expect(TargetGroups).toMatchObject([{ TargetGroupName: 'default', IsDefault: true, Status: 'available' }]);
  expect(await targets()).toMatchObject([
    {
      RdsResourceId: 'old',
      Type: 'RDS_INSTANCE',
      Role: 'READ_WRITE',
      Port: clusters[0]?.port,
      TargetHealth: { State: 'AVAILABLE' },
    },
  ]);
});

test('refusals carry the codes of AWS', async () => {
  const refused = (call: Promise<unknown>, name: string) => expect(call).rejects.toMatchObject({ name });
  await refused(aws.send(new DescribeDBProxyTargetsCommand({ DBProxyName: 'none' })), 'DBProxyNotFoundFault');
  await refused(
    aws.send(new DescribeDBProxyTargetGroupsCommand({ DBProxyName, TargetGroupName: 'none' })),
    'DBProxyTargetGroupNotFoundFault',
  );
  await refused(put('fresh'), 'DBProxyTargetAlreadyRegisteredFault');
  await refused(put('none'), 'DBInstanceNotFoundFault');
  await refused(take('fresh'), 'DBProxyTargetNotFoundFault');
  expect(await targets()).toMatchObject([{ RdsResourceId: 'old' }]);
});

test('an application follows the target through one endpoint', async () => {
  const url = rds.proxies()[0]?.url() ?? '';
  expect(new URL(url).port).toBe('5432');
  await using app = startApp(rds, url);
  await app.sees('old');

  await take('old');
  expect(await targets()).toEqual([]);
  await until(() => app.seen.at(-1) !== 'old');

  rds.setStatus('fresh', 'creating');
  await expect(put('fresh')).rejects.toThrow(
    /unsupported state - CREATING, needs to be in \[AVAILABLE, MODIFYING, BACKING_UP\]/,
  );
  rds.setStatus('fresh', 'available');
  const { DBProxyTargets } = await put('fresh');
  expect(DBProxyTargets?.[0]?.TargetHealth?.State).toBe('REGISTERING');
  expect(app.seen).not.toContain('fresh');
  await until(async () => (await health())?.State === 'AVAILABLE');
  await app.sees('fresh');
});

test('a proxy stays with its database through a rename, and sees it go', async () => {
  await aws.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: 'fresh',
      NewDBInstanceIdentifier: 'renamed',
      ApplyImmediately: true,
    }),
  );
  await rds.settled();
  expect(await targets()).toMatchObject([{ RdsResourceId: 'renamed', TargetHealth: { State: 'AVAILABLE' } }]);
  await rds.remove('renamed');
  expect(await health()).toMatchObject({ State: 'UNAVAILABLE', Reason: 'UNREACHABLE' });
});

test('with addresses a proxy is a port of its own', async () => {
  await using plain = await startRds();
  const one = await cluster('plain');
  await plain.register({ id: 'plain', backupRetentionPeriod: 0 }, one);
  const { endpoint, health: state, url } = await plain.registerProxy({ name: 'Door', target: 'plain' });
  expect(endpoint.address).toBe('127.0.0.1');
  expect(endpoint.port).not.toBe(one.port);
  expect(state).toBe('AVAILABLE');
  expect(plain.environment).toEqual({});
  await using app = startApp(plain, url());
  await app.sees('plain');
});

test('a denied call names the proxy, and no call was unknown to the lab', async () => {
  rds.faults.inject({ action: 'RegisterDBProxyTargets', kind: 'denied' });
  await expect(put('old')).rejects.toThrow(
    /rds:RegisterDBProxyTargets on resource: arn:aws:rds:.*:db-proxy:door/,
  );
  expect(rds.violations).toEqual([]);
  expect(rds.jobFailures).toEqual([]);
});
