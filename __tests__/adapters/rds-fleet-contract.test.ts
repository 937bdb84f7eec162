import { setTimeout as wait } from 'node:timers/promises';
import { startCluster } from '../../lab/postgres/index.ts';
import { startRds } from '../../lab/rds/index.ts';
import { createAmazon } from '../../src/adapters/rds/amazon.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { type FleetWorld, fleetContract } from '../contract/fleet.ts';
import { pointAt } from './support/scripted-aws.ts';

const DURATIONS = {
  snapshotMs: 150,
  restoreMs: 150,
  backingUpMs: 150,
  modifyMs: 60,
  renameMs: 200,
  rebootMs: 60,
  proxyTargetMs: 100,
  latestRestorableLagMs: 300,
};
const ROLE = 'arn:aws:iam::123456789012:role';

async function labWorld(): Promise<FleetWorld> {
  const cluster = await startCluster({ name: 'fleet' });
  const rds = await startRds({ durations: DURATIONS });
  await rds.register(
    {
      id: 'shop',
      allocatedStorage: 100,
      subnetGroup: 'private',
      securityGroups: ['sg-shop'],
      parameterGroup: 'shop-pg18',
      deletionProtection: true,
      backupRetentionPeriod: 14,
      maintenanceWindow: 'sun:03:00-sun:03:30',
      monitoringInterval: 60,
      monitoringRoleArn: `${ROLE}/watch`,
      performanceInsights: true,
      performanceInsightsRetention: 31,
      associatedRoles: [{ featureName: 's3Import', roleArn: `${ROLE}/import` }],
    },
    cluster,
  );
  const proxy = await rds.registerProxy({ name: 'shop-proxy', target: 'shop' });
  const aim = pointAt(rds.url);
  const { recovery, fleet, settings, proxies } = createAmazon({
    targetKind: 'instance',
    region: rds.region,
    clock: systemClock,
    onRetry: () => {},
  });
  return {
    ...{ recovery, fleet, settings, proxies },
    source: 'shop',
    proxy: proxy.name,
    automated: rds.snapshots().find(({ type }) => type === 'automated')?.id ?? '',
    remove: (identifier) => rds.remove(identifier),
    pause: () => wait(50),
    async stop() {
      aim[Symbol.dispose]();
      await rds.stop();
      await cluster.stop();
    },
  };
}

fleetContract('RDS adapter on the lab', labWorld);
