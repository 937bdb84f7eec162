import type { Backend, InstanceFacts, ProjectFacts, RestorePoint } from '../../src/domain/facts.ts';
import type { PendingMigration, Plan, PlannedStep } from '../../src/domain/plan.ts';
import type { DeployRequest, RunIdentity } from '../../src/domain/request.ts';
import { Secret } from '../../src/domain/secret.ts';

/** The shop that every test of the reports deploys. */

export const T0 = Date.UTC(2026, 10, 21, 2, 0, 0);
export const WEBHOOK = 'https://hooks.slack.example/services/T0/B0/very-secret';

export const identity: RunIdentity = {
  runId: '8123',
  attempt: '1',
  repository: 'acme/shop',
  sha: 'c0ffee1234567890c0ffee1234567890c0ffee12',
  actor: 'mira',
  workflow: 'deploy',
  serverUrl: 'https://github.com',
};

export const request = (change: Partial<DeployRequest> = {}): DeployRequest => ({
  mode: 'deploy',
  instance: 'shop-prod',
  targetKind: 'instance',
  region: 'eu-west-1',
  workingDirectory: '.',
  schema: undefined,
  prismaConfig: undefined,
  databaseUrlEnv: ['DIRECT_URL', 'DATABASE_URL'],
  databaseSecretArn: undefined,
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 5_000,
  lockRetries: 3,
  migrationTimeoutMs: 1_800_000,
  snapshot: 'wait',
  snapshotTimeoutMs: 3_600_000,
  restoreTimeoutMs: 7_200_000,
  snapshotKeep: 0,
  onFailure: 'restore',
  waitForRestore: true,
  restoredIdentifier: undefined,
  promote: 'never',
  restoreTime: undefined,
  snapshotIdentifier: undefined,
  runId: undefined,
  confirm: undefined,
  maxWriteLoss: undefined,
  verifyCommand: undefined,
  beforeCommand: undefined,
  afterCommand: undefined,
  slackWebhookUrl: new Secret(WEBHOOK),
  slackOn: 'failure',
  concurrency: 'refuse',
  failOn: 'block',
  allowDataLoss: [],
  requireDown: false,
  deployWindow: undefined,
  requireEnvironment: undefined,
  sarifPath: undefined,
  planPath: undefined,
  githubToken: undefined,
  ...change,
});

export const pathOf = (name: string): string => `prisma/migrations/${name}/migration.sql`;

export const project = (names: readonly string[]): ProjectFacts => ({
  directory: '/home/runner/shop',
  cli: '/home/runner/shop/node_modules/prisma/build/index.js',
  prismaVersion: '7.10.1',
  prismaMajor: 7,
  splitsStatements: true,
  schemaPath: 'prisma/schema.prisma',
  configPath: undefined,
  migrationsPath: '/home/runner/shop/prisma/migrations',
  migrations: names.map((name) => ({ name, path: pathOf(name), checksums: ['00'], bytes: 10 })),
  unreadable: [],
  lockProvider: 'postgresql',
  urlEnv: ['DATABASE_URL'],
});

export const instance: InstanceFacts = {
  identifier: 'shop-prod',
  arn: 'arn:aws:rds:eu-west-1:123456789012:db:shop-prod',
  resourceId: 'db-OLD',
  status: 'available',
  engine: 'postgres',
  engineVersion: '18.4',
  clusterIdentifier: undefined,
  replicaOf: undefined,
  endpoint: { address: 'shop-prod.abc.eu-west-1.rds.amazonaws.com', port: 5432 },
  instanceClass: 'db.m7g.large',
  allocatedStorageGiB: 100,
  multiAz: true,
  backupRetentionDays: 7,
  backupWindow: '03:00-03:30',
  latestRestorableTime: T0 - 200_000,
  iamAuthentication: false,
  managedPassword: false,
  settings: {
    DBSubnetGroupName: 'private',
    VpcSecurityGroupIds: ['sg-1', 'sg-2'],
    MultiAZ: true,
    PubliclyAccessible: false,
    StorageType: 'gp3',
    Iops: 3000,
    AvailabilityZone: 'eu-west-1a',
    MonitoringInterval: 60,
  },
  tags: { team: 'shop' },
};

export const point: RestorePoint = {
  time: '2026-11-21T02:03:04Z',
  lsn: '0/1A2B3C4D',
  state: {
    fingerprint: { digest: 'ab12', objects: { 'table public.users': 'd1', 'table public.orders': 'd2' } },
    writes: { 'public.users': { inserted: 1, updated: 2, deleted: 3 } },
    invalidIndexes: [],
    history: [],
  },
};

export const restoredEndpoint = {
  address: 'shop-prod-gm-r-8123-1.abc.eu-west-1.rds.amazonaws.com',
  port: 5432,
};

export const backend = (change: Partial<Backend> = {}): Backend => ({
  pid: 4711,
  applicationName: 'nightly-export',
  user: 'reporter',
  state: 'idle in transaction',
  query: 'SELECT * FROM users',
  waiting: null,
  ageMs: 185_000,
  blockedBy: [],
  ...change,
});

const step = (kind: PlannedStep['kind'], when: PlannedStep['when'], title: string): PlannedStep => ({
  kind,
  when,
  title,
});

export const plan = (names: readonly string[]): Plan => ({
  pending: names.map(
    (name): PendingMigration => ({ name, path: pathOf(name), atomic: false, statements: 3 }),
  ),
  steps: [
    step('snapshot', 'always', 'Snapshot shop-prod as gm-shop-prod-8123-1 and wait until it is available'),
    step('restore-point', 'always', 'Mark the restore point and keep the next second quiet'),
    step('migrate', 'always', `Run prisma migrate deploy with ${names.length} pending migrations`),
    step('verdict', 'always', 'Judge the result in the database'),
    step('verify-command', 'always', 'Run verify-command'),
    step('alert', 'on-failure', 'Alert Slack'),
    step('restore', 'on-failure', 'Restore to the restore point as shop-prod-gm-r-8123-1, beside shop-prod'),
    step('wait-restore', 'on-failure', 'Wait until the restored database answers SQL'),
    step('verify-restore', 'on-failure', 'Compare the restored database with the restore point'),
  ],
  basis: {
    ...{ pending: [], applied: 0, lastApplied: undefined, prismaVersion: '7.10.1' },
    ...{ resourceId: 'db-OLD', database: 'shop' },
  },
  hazards: [],
  estimate: [],
  adopted: undefined,
  snapshotIdentifier: 'gm-shop-prod-8123-1',
  restoredIdentifier: 'shop-prod-gm-r-8123-1',
  sourceTags: { team: 'shop' },
});
