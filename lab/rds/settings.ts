import { dialectOfEngine } from '../../src/domain/dialect.ts';
import type { Durations, InstanceSettings, Quotas } from './types.ts';

/** What a production instance may look like: many settings that a restore drops unless they are passed. */
export const DEFAULT_SETTINGS: Omit<InstanceSettings, 'id'> = {
  engine: 'postgres',
  engineVersion: '18.4',
  instanceClass: 'db.t4g.medium',
  allocatedStorage: 20,
  maxAllocatedStorage: 100,
  storageType: 'gp3',
  iops: 3000,
  storageThroughput: 125,
  storageEncrypted: true,
  kmsKeyId: undefined,
  availabilityZone: 'a',
  multiAz: false,
  subnetGroup: 'lab-private',
  securityGroups: ['sg-0a1b2c3d4e5f60718'],
  parameterGroup: 'lab-postgres18',
  optionGroup: 'default:postgres-18',
  publiclyAccessible: false,
  autoMinorVersionUpgrade: true,
  networkType: 'IPV4',
  licenseModel: 'postgresql-license',
  deletionProtection: true,
  iamAuth: false,
  copyTagsToSnapshot: true,
  logExports: ['postgresql'],
  backupRetentionPeriod: 7,
  backupWindow: '03:10-03:40',
  maintenanceWindow: 'sun:04:30-sun:05:00',
  caCertificateIdentifier: 'rds-ca-rsa2048-g1',
  monitoringInterval: 0,
  monitoringRoleArn: undefined,
  performanceInsights: false,
  performanceInsightsRetention: undefined,
  performanceInsightsKmsKeyId: undefined,
  databaseInsightsMode: 'standard',
  dedicatedLogVolume: false,
  engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  masterUsername: 'postgres',
  masterUserSecretArn: undefined,
  masterUserSecretKmsKeyId: undefined,
  dbName: 'app',
  associatedRoles: [],
  readReplicas: [],
  replicaSource: undefined,
  clusterId: undefined,
  promotionTier: 1,
  tags: [],
};

/** PostgreSQL counts major versions by one number, MySQL and MariaDB by two (`8.0.mysql_aurora.3.08.0`, `10.11.9`). */
const majorOf = (engine: string, version: string): readonly string[] =>
  version.split('.').slice(0, dialectOfEngine(engine) === 'mysql' ? 2 : 1);

export const defaultParameterGroup = (engine: string, version: string): string =>
  `default.${engine}${majorOf(engine, version).join('.')}`;
export const defaultOptionGroup = (engine: string, version: string): string =>
  `default:${engine}-${majorOf(engine, version).join('-')}`;

/** What the same steps take on AWS for a small database: middle values of public logs (Terraform acceptance tests, AWS answers). */
const REAL: Durations = {
  snapshotMs: 180_000,
  restoreMs: 900_000,
  backingUpMs: 300_000,
  modifyMs: 60_000,
  latestRestorableLagMs: 300_000,
  renameMs: 600_000,
  rebootMs: 60_000,
  proxyTargetMs: 60_000,
  memberMs: 480_000,
  configuringMs: 0,
};

/** Short enough for a test, long enough that every state can be seen. */
const QUICK: Durations = {
  snapshotMs: 300,
  restoreMs: 400,
  backingUpMs: 300,
  modifyMs: 150,
  latestRestorableLagMs: 1000,
  renameMs: 400,
  rebootMs: 150,
  proxyTargetMs: 200,
  memberMs: 200,
  configuringMs: 0,
};

const scaled = (scale: number): Durations => ({
  snapshotMs: REAL.snapshotMs * scale,
  restoreMs: REAL.restoreMs * scale,
  backingUpMs: REAL.backingUpMs * scale,
  modifyMs: REAL.modifyMs * scale,
  latestRestorableLagMs: REAL.latestRestorableLagMs * scale,
  renameMs: REAL.renameMs * scale,
  rebootMs: REAL.rebootMs * scale,
  proxyTargetMs: REAL.proxyTargetMs * scale,
  memberMs: REAL.memberMs * scale,
  configuringMs: REAL.configuringMs * scale,
});

export const durationsOf = (scale: number | undefined, own: Partial<Durations> = {}): Durations => ({
  ...(scale === undefined ? QUICK : scaled(scale)),
  ...own,
});

export const quotasOf = (own: Partial<Quotas> = {}): Quotas => ({
  manualSnapshots: 100,
  instances: 40,
  ...own,
});
