import { setTimeout as wait } from 'node:timers/promises';
import { startCluster } from '../../lab/postgres/index.ts';
import { startRds } from '../../lab/rds/index.ts';
import { createAmazon } from '../../src/adapters/rds/amazon.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { type RecoveryWorld, recoveryContract } from '../contract/recovery.ts';
import { pointAt } from './support/scripted-aws.ts';

const DURATIONS = {
  snapshotMs: 150,
  restoreMs: 150,
  memberMs: 100,
  modifyMs: 60,
  latestRestorableLagMs: 300,
};

async function labWorld(): Promise<RecoveryWorld> {
  const storage = await startCluster({ name: 'contract' });
  const rds = await startRds({ durations: DURATIONS });
  await rds.registerCluster(
    {
      id: 'shop',
      subnetGroup: 'private',
      securityGroups: ['sg-shop'],
      parameterGroup: 'shop-aurora17',
      serverless: { min: 0.5, max: 8 },
      backupRetentionPeriod: 14,
      tags: [{ key: 'team', value: 'shop' }],
      members: [
        { id: 'shop-writer', instanceClass: 'db.serverless', promotionTier: 0 },
        { id: 'shop-reader', instanceClass: 'db.r7g.xlarge', publiclyAccessible: true },
      ],
    },
    storage,
  );
  const aim = pointAt(rds.url);
  const { recovery, settings } = createAmazon({
    targetKind: 'cluster',
    region: rds.region,
    clock: systemClock,
    onRetry: () => {},
  });
  return {
    recovery,
    source: 'shop',
    answer: (source, restored) => settings.addMembers(source, restored),
    pause: () => wait(50),
    async stop() {
      aim[Symbol.dispose]();
      await rds.stop();
      await storage.stop();
    },
  };
}

recoveryContract('RDS adapter on a cluster of the lab', labWorld);
