/** One database through all modes of the action, for the calls that each of them makes. */
import { createHash } from 'node:crypto';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { makeProject, type Project } from '../../lab/projects/make.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import type { RecordedCall } from '../../lab/rds/types.ts';
import { runAction } from '../../lab/runner/index.ts';
import { awsEnvironment, cleanUp } from './permissions-cleanup.ts';
import { HALF, INIT, root, SETTINGS } from './world.ts';

const ONE = {
  name: '20260301000000_one',
  sql: 'ALTER TABLE "orders" ADD COLUMN "one" TEXT;\n',
};
const FAILING = { name: '20260304000000_half', sql: HALF };
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
  readonly rds: RdsLab;
  readonly project: Project;
  readonly url: string;
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
const INSTANCE = {
  ...SETTINGS,
  id: DATABASE,
  associatedRoles: [{ roleArn: ROLE, featureName: 's3Import' }],
  maintenanceWindow: 'sun:05:00-sun:05:30',
};

/** Every mode, each in the ways that make different calls: what goes well beside what goes back. */
export async function playAll(): Promise<readonly Recorded[]> {
  const told = await Promise.all([
    played({ migrations: [INIT, ONE], endpoints: 'addresses' }, goingWell),
    played({ migrations: [INIT, FAILING], endpoints: 'names' }, goingBack),
  ]);
  return told.flat().sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode));
}

interface Story {
  readonly migrations: readonly { readonly name: string; readonly sql: string }[];
  readonly endpoints: 'addresses' | 'names';
}

/** A server and an RDS of its own: a cut-over interrupts everybody who is connected to the server. */
async function played(
  { migrations, endpoints }: Story,
  play: (ground: Ground) => Promise<readonly Recorded[]>,
): Promise<readonly Recorded[]> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster({ name: `permissions-${endpoints}` }));
  await seed(cluster);
  const rds = stack.use(await startRds({ durations: QUICK, endpoints }));
  await rds.register(INSTANCE, cluster);
  const project = stack.use(makeProject({ prisma: 7, migrations }));
  return await play({ rds, project, url: rds.urlOf(DATABASE) });
}

async function goingWell(ground: Ground): Promise<readonly Recorded[]> {
  const { project, rds } = ground;
  const keep = { 'snapshot-keep': '1' };
  const plan = await press(ground, 'plan', 'one pending', '101');
  const doctor = await press(ground, 'doctor', 'nothing against it', '102');
  const first = await press(ground, 'deploy', 'applied', '1');
  project.add('20260302000000_two', 'ALTER TABLE "orders" ADD COLUMN "two" TEXT;\n');
  const second = await press(ground, 'deploy', 'applied, the older snapshot pruned', '2', keep);
  const young = await press(ground, 'cleanup', 'all of it too young', '103', keep);
  const cleaned = await cleanUp(rds, { kind: 'instance', id: DATABASE });
  return [
    ...[plan, doctor, first, second, young],
    { mode: 'cleanup', what: 'confirmed', outputs: {}, ...cleaned },
  ];
}

async function goingBack(ground: Ground): Promise<readonly Recorded[]> {
  const { rds } = ground;
  const failed = await press(ground, 'deploy', 'failed, restored beside', '3');
  const name = (what: string): string => `${DATABASE}-gm-${what}`;
  const confirm = { confirm: DATABASE };
  // Beside each other: the calls of both are those of a rollback.
  const rollbacks = await Promise.all([
    press(ground, 'rollback', 'to the second', '111', {
      'restore-time': failed.outputs['restore-time'] ?? '',
      'restored-identifier': name('pitr'),
    }),
    press(ground, 'rollback', 'to the snapshot', '112', {
      'snapshot-identifier': failed.outputs['snapshot-identifier'] ?? '',
      'restored-identifier': name('snap'),
    }),
    press(ground, 'rollback', 'to the restore point of the run', '113', { 'run-id': '3' }),
  ]);
  // As a person would leave it who switched something off in the console.
  rds.change(name('pitr'), { associatedRoles: [], deletionProtection: false });
  const rename = { 'restored-identifier': name('pitr'), promote: 'rename', ...confirm };
  const renamed = await press(ground, 'promote', 'rename', '121', rename);
  const undone = await press(ground, 'promote', 'undo', '122', { promote: 'undo', ...confirm });
  const proxy = await rds.registerProxy({ name: 'shop-proxy', target: DATABASE });
  const through = { 'restored-identifier': name('snap'), promote: 'proxy', ...confirm };
  const behind = { ...ground, url: proxy.url() };
  const retargeted = await press(behind, 'promote', 'proxy', '123', through);
  return [failed, ...rollbacks, renamed, undone, retargeted];
}

async function press(
  { rds, project, url }: Ground,
  mode: Mode,
  what: string,
  runId: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Recorded> {
  const from = rds.calls.length;
  const result = await runAction({
    action: root,
    cwd: project.dir,
    timeoutMs: 60_000,
    runId,
    inputs: { mode, 'db-instance-identifier': DATABASE, ...inputs },
    env: { ...project.env(url), ...awsEnvironment(rds), ...rds.environment },
  });
  const { outputs, stdout } = result;
  result.remove();
  const status = outputs.status ?? `exit ${result.exitCode}`;
  const calls = rds.calls.slice(from);
  await rds.settled();
  return { mode, what, status, calls, outputs, log: stdout };
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
