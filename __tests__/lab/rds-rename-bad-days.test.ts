import {
  DescribeDBInstanceAutomatedBackupsCommand,
  type RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { type Calls, callsOf, clientOf, until } from './rds-app.ts';

const DURATIONS = {
  restoreMs: 50,
  backingUpMs: 50,
  modifyMs: 200,
  renameMs: 800,
  rebootMs: 100,
  latestRestorableLagMs: 0,
};

let rds: RdsLab;
let aws: RDSClient;
let calls: Calls;
let lab: Cluster;

beforeAll(async () => {
  rds = await startRds({ durations: DURATIONS, endpoints: 'names' });
  aws = clientOf(rds);
  calls = callsOf(aws);
  lab = await startCluster({ name: 'shop' });
  await rds.register({ id: 'shop' }, lab);
  await rds.register({ id: 'taken', backupRetentionPeriod: 0 }, lab);
});

afterEach(() => {
  expect(rds.violations).toEqual([]);
  expect(rds.jobFailures).toEqual([]);
});

afterAll(async () => {
  await rds?.stop();
  await lab?.stop();
  aws?.destroy();
});

const resourceId = (id: string): string => rds.instances().find((one) => one.id === id)?.resourceId ?? '';

describe('refusals and half-done renames', () => {
  test.each([
    ['DBInstanceAlreadyExistsFault', 'TAKEN'],
    ['InvalidParameterValue', 'two--hyphens'],
    ['InvalidParameterValue', 'ends-'],
    ['InvalidParameterValue', 'a'.repeat(64)],
  ] as const)('%s for %s', async (name, to) => {
    await expect(calls.rename('shop', to)).rejects.toMatchObject({ name });
    expect((await calls.named('shop'))?.PendingModifiedValues).toEqual({});
  });

  test.each(['backing-up', 'modifying', 'renaming', 'stopped'])('not while %s', async (status) => {
    rds.setStatus('shop', status);
    await expect(calls.rename('shop', 'other')).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
    });
    rds.setStatus('shop', 'available');
  });

  test('the second rename can be denied while the first is not', async () => {
    rds.faults.inject({
      action: 'ModifyDBInstance',
      kind: 'denied',
      after: 1,
      match: (params) => params.NewDBInstanceIdentifier !== undefined,
    });
    await calls.rename('shop', 'shop-a');
    await expect(calls.rename('taken', 'shop')).rejects.toMatchObject({ name: 'AccessDenied' });
    await rds.settled();
    await calls.rename('shop-a', 'shop');
    await expect(calls.rename('shop-a', 'third')).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
    });
    await expect(calls.rename('taken', 'shop')).rejects.toMatchObject({
      name: 'DBInstanceAlreadyExistsFault',
    });
    await rds.settled();
    expect((await calls.named('shop'))?.DBInstanceStatus).toBe('available');
  });

  test('without ApplyImmediately it only waits, until the window opens or the name is called off', async () => {
    const later = { ApplyImmediately: false };
    const pending = async () => (await calls.named('shop'))?.PendingModifiedValues?.DBInstanceIdentifier;
    await calls.rename('shop', 'later', later);
    await rds.settled();
    expect(await pending()).toBe('later');
    expect((await calls.named('shop'))?.DBInstanceStatus).toBe('available');
    await calls.rename('shop', 'shop', later);
    expect(await pending()).toBeUndefined();
    await calls.rename('shop', 'later', later);
    rds.runMaintenance('shop');
    await rds.settled();
    expect(await calls.named('later')).toMatchObject({
      DBInstanceStatus: 'available',
      PendingModifiedValues: {},
    });
  });

  test('the name it has already still costs a reboot', async () => {
    const started = async () => (await lab.query('SELECT pg_postmaster_start_time() AS at'))[0]?.at;
    const before = await started();
    await calls.rename('later', 'later');
    await rds.settled();
    expect(await started()).not.toEqual(before);
    expect((await calls.named('later'))?.DBInstanceStatus).toBe('available');
  });

  test('a freed name may be taken', async () => {
    await calls.rename('taken', 'shop');
    await rds.settled();
    await calls.rename('later', 'taken');
    await rds.settled();
    expect([resourceId('shop'), resourceId('taken')].every((id) => id !== '')).toBe(true);
    expect(await calls.found('db-cluster-id', 'none')).toEqual([]);
  });

  test('an instance removed by hand leaves its backup, which can be restored', async () => {
    const dbi = resourceId('taken');
    await lab.query("CREATE TABLE last AS SELECT 'words' AS name");
    const written = new Date();
    await until(() => (rds.latestRestorableTime('taken') ?? 0) > written);
    await rds.remove('taken');
    await expect(calls.named('taken')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
    expect(lab.running).toBe(false);
    const { DBInstanceAutomatedBackups } = await aws.send(
      new DescribeDBInstanceAutomatedBackupsCommand({
        Filters: [{ Name: 'dbi-resource-id', Values: [dbi] }],
      }),
    );
    expect(DBInstanceAutomatedBackups).toMatchObject([{ Status: 'retained', DbiResourceId: dbi }]);
    const message = { SourceDbiResourceId: dbi, TargetDBInstanceIdentifier: 'taken' };
    await aws.send(new RestoreDBInstanceToPointInTimeCommand({ ...message, RestoreTime: written }));
    await rds.settled();
    expect((await calls.named('taken'))?.DBInstanceStatus).toBe('available');
    expect(await rds.clusterOf('taken').query('SELECT name FROM last')).toEqual([{ name: 'words' }]);
  });
});
