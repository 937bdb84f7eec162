/** One database through all modes of the action, for the calls that each of them makes. */
import { createHash } from 'node:crypto';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { makeProject, type Project } from '../../lab/projects/make.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import type { RecordedCall } from '../../lab/rds/types.ts';
import { runAction } from '../../lab/runner/index.ts';
import { createAmazon } from '../../src/adapters/rds/amazon.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { cleanup } from '../../src/guard/back/cleanup.ts';
import { Guard } from '../../src/guard/context.ts';
import { identity, request } from '../fakes/world.ts';
import { HALF, INIT, root, SETTINGS } from './world.ts';

export const DATABASE = 'shop-prod';
export const MODES = ['plan', 'doctor', 'deploy', 'rollback', 'promote', 'cleanup'] as const;
export type Mode = (typeof MODES)[number];

export interface Recorded {
  readonly mode: Mode;
  readonly what: string;
  readonly status: string;
  readonly calls: readonly RecordedCall[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
}

interface Ground {
  readonly cluster: Cluster;
  readonly rds: RdsLab;
  readonly project: Project;
  readonly played: Recorded[];
  readonly onPlayed: (played: Recorded) => void;
}

const QUICK = {
  snapshotMs: 200,
  restoreMs: 300,
  backingUpMs: 200,
  latestRestorableLagMs: 200,
  modifyMs: 100,
  renameMs: 300,
  rebootMs: 200,
  proxyTargetMs: 200,
};
const ROLE = 'arn:aws:iam::123456789012:role/shop-s3-import';
const DAY = 86_400_000;

/** Every mode, each in the ways that make different calls. */
export async function playAll(
  onPlayed: (played: Recorded) => void = () => undefined,
): Promise<readonly Recorded[]> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster({ name: 'permissions' }));
  const rds = stack.use(await startRds({ durations: QUICK, endpoints: 'names' }));
  const project = stack.use(makeProject({ prisma: 7, migrations: [INIT] }));
  await seed(cluster);
  await rds.register(
    {
      ...SETTINGS,
      id: DATABASE,
      associatedRoles: [{ roleArn: ROLE, featureName: 's3Import' }],
      maintenanceWindow: 'sun:05:00-sun:05:30',
    },
    cluster,
  );
  const ground: Ground = { cluster, rds, project, played: [], onPlayed };
  await deploys(ground);
  await goingBack(ground);
  await press(ground, 'cleanup', 'all of it too young', { 'snapshot-keep': '1' });
  await cleaning(ground);
  return ground.played;
}

async function deploys(ground: Ground): Promise<void> {
  const { project } = ground;
  project.add('20260301000000_one', 'ALTER TABLE "orders" ADD COLUMN "one" TEXT;\n');
  await press(ground, 'plan', 'one pending');
  await press(ground, 'doctor', 'all but TLS');
  await press(ground, 'deploy', 'applied');
  project.add('20260302000000_two', 'ALTER TABLE "orders" ADD COLUMN "two" TEXT;\n');
  await press(ground, 'deploy', 'applied, the older snapshot pruned', { 'snapshot-keep': '1' });
  project.add('20260303000000_three', 'ALTER TABLE "orders" ADD COLUMN "three" TEXT;\n');
  await press(ground, 'deploy', 'applied once more');
  project.add('20260304000000_half', HALF);
  await press(ground, 'deploy', 'failed, restored beside');
}

async function goingBack(ground: Ground): Promise<void> {
  const { rds, played } = ground;
  const failed = played.at(-1)?.outputs ?? {};
  const name = (what: string): string => `${DATABASE}-gm-${what}`;
  const confirm = { confirm: DATABASE };
  await press(ground, 'rollback', 'to the second', {
    'restore-time': failed['restore-time'] ?? '',
    'restored-identifier': name('pitr'),
  });
  await press(ground, 'rollback', 'to the snapshot', {
    'snapshot-identifier': failed['snapshot-identifier'] ?? '',
    'restored-identifier': name('snap'),
  });
  await press(ground, 'rollback', 'to the restore point of the run', { 'run-id': '4' });
  // As a person would leave it who switched something off in the console.
  rds.change(name('pitr'), { associatedRoles: [], deletionProtection: false });
  await press(ground, 'promote', 'rename', {
    'restored-identifier': name('pitr'),
    promote: 'rename',
    ...confirm,
  });
  await press(ground, 'promote', 'undo', { promote: 'undo', ...confirm });
  const proxy = await rds.registerProxy({ name: 'shop-proxy', target: DATABASE });
  const through = { 'restored-identifier': name('snap'), promote: 'proxy', ...confirm };
  await press(ground, 'promote', 'proxy', through, { url: proxy.url(), timeoutMs: 15_000 });
}

/** In process, because the lab's snapshots are minutes old: for the guard it is the day after tomorrow. */
async function cleaning({ rds, played }: Ground): Promise<void> {
  const from = rds.calls.length;
  const clock = { ...systemClock, now: () => systemClock.now() + 2 * DAY };
  const absent = async (): Promise<never> => {
    throw new Error('a cleanup asks AWS only');
  };
  const before = { ...process.env };
  Object.assign(process.env, awsEnvironment(rds));
  try {
    const amazon = createAmazon({
      region: rds.region,
      targetKind: 'instance',
      clock,
      onRetry: () => undefined,
    });
    const guard = new Guard({
      request: request({
        mode: 'cleanup',
        instance: DATABASE,
        region: rds.region,
        snapshotKeep: 1,
        confirm: DATABASE,
        slackWebhookUrl: undefined,
      }),
      identity,
      ports: {
        clock,
        recovery: async () => amazon.recovery,
        fleet: async () => amazon.fleet,
        settings: absent,
        proxies: absent,
        migrator: absent,
        engine: absent,
        parser: absent,
        analyser: absent,
        workspace: absent,
        review: absent,
        secrets: absent,
        commands: absent,
        notifier: undefined,
      },
      voice: { message: () => ({ text: '', blocks: [] }) },
      environment: {},
      onEvent: () => undefined,
      onSecret: () => undefined,
      cancelled: new AbortController().signal,
    });
    const status = await cleanup(guard);
    const log = JSON.stringify(guard.run.problems);
    played.push({
      mode: 'cleanup',
      what: 'confirmed',
      status,
      calls: rds.calls.slice(from),
      outputs: {},
      log,
    });
  } finally {
    for (const key of Object.keys(awsEnvironment(rds))) {
      if (before[key] === undefined) delete process.env[key];
      else process.env[key] = before[key];
    }
  }
}

const awsEnvironment = (rds: RdsLab): Readonly<Record<string, string>> => ({
  AWS_REGION: rds.region,
  AWS_ENDPOINT_URL_RDS: rds.url,
  AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
  AWS_SECRET_ACCESS_KEY: 'lab-aws-secret-access-key',
});

async function press(
  { rds, project, played, onPlayed }: Ground,
  mode: Mode,
  what: string,
  inputs: Readonly<Record<string, string>> = {},
  { url = rds.urlOf(DATABASE), timeoutMs = 60_000 } = {},
): Promise<void> {
  const from = rds.calls.length;
  const runId = String(
    played.filter((each) => each.mode === 'deploy').length + (mode === 'deploy' ? 1 : 100 + played.length),
  );
  const result = await runAction({
    action: root,
    cwd: project.dir,
    timeoutMs,
    runId,
    inputs: { mode, 'db-instance-identifier': DATABASE, ...inputs },
    env: { ...project.env(url), ...awsEnvironment(rds), ...rds.environment },
  });
  const { outputs, stdout } = result;
  result.remove();
  const status = outputs.status ?? `exit ${result.exitCode}`;
  const recorded: Recorded = { mode, what, status, calls: rds.calls.slice(from), outputs, log: stdout };
  played.push(recorded);
  onPlayed(recorded);
  await rds.settled();
}

async function seed(cluster: Cluster): Promise<void> {
  const checksum = createHash('sha256').update(INIT.sql).digest('hex');
  await cluster.query(`SET ROLE app; ${INIT.sql}
    INSERT INTO "orders" ("total") SELECT n * 20 FROM generate_series(1, 20) n;
    CREATE TABLE "_prisma_migrations" (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
    INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
      VALUES (gen_random_uuid()::text, '${checksum}', now(), '${INIT.name}', 1)`);
}
