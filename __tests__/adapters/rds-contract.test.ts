import { setTimeout as wait } from 'node:timers/promises';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { describe, test } from '@jest/globals';
import { startCluster } from '../../lab/postgres/index.ts';
import { startRds } from '../../lab/rds/index.ts';
import { createAmazon } from '../../src/adapters/rds/amazon.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { type RecoveryWorld, recoveryContract } from '../contract/recovery.ts';
import { motoIsThere, startMoto } from './support/moto.ts';
import { pointAt } from './support/scripted-aws.ts';

const LAB_DURATIONS = {
  snapshotMs: 150,
  restoreMs: 150,
  backingUpMs: 150,
  modifyMs: 60,
  latestRestorableLagMs: 300,
};

const recoveryAt = (url: string, region: string) => {
  const aim = pointAt(url);
  const recovery = createAmazon({
    targetKind: 'instance',
    region,
    clock: systemClock,
    onRetry: () => {},
  }).recovery;
  return { aim, recovery };
};

async function labWorld(): Promise<RecoveryWorld> {
  const cluster = await startCluster({ name: 'contract' });
  const rds = await startRds({ durations: LAB_DURATIONS });
  await rds.register(
    {
      id: 'shop',
      allocatedStorage: 100,
      storageType: 'gp3',
      iops: 3000,
      storageThroughput: 125,
      subnetGroup: 'private',
      securityGroups: ['sg-shop'],
      parameterGroup: 'shop-pg18',
      deletionProtection: true,
      iamAuth: true,
      copyTagsToSnapshot: true,
      logExports: ['postgresql'],
      backupRetentionPeriod: 14,
      maxAllocatedStorage: 200,
      tags: [{ key: 'team', value: 'shop' }],
    },
    cluster,
  );
  const { aim, recovery } = recoveryAt(rds.url, rds.region);
  return {
    recovery,
    source: 'shop',
    pause: () => wait(50),
    async stop() {
      aim[Symbol.dispose]();
      await rds.stop();
      await cluster.stop();
    },
  };
}

async function motoWorld(): Promise<RecoveryWorld> {
  const moto = await startMoto();
  const { aim, recovery } = recoveryAt(moto.url, 'eu-west-1');
  const client = new RDSClient({ region: 'eu-west-1' });
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      MasterUsername: 'ann',
      MasterUserPassword: 'not-a-real-one',
      AllocatedStorage: 20,
      BackupRetentionPeriod: 7,
      Port: 5432,
    }),
  );
  client.destroy();
  return {
    recovery,
    source: 'shop',
    pause: () => wait(50),
    async stop() {
      aim[Symbol.dispose]();
      await moto.stop();
    },
  };
}

recoveryContract('RDS adapter on the lab', labWorld);

if (motoIsThere()) recoveryContract('RDS adapter on moto', motoWorld);
else describe('Recovery: RDS adapter on moto', () => test.skip('moto_server is not on the PATH', () => {}));
