/** Production and a verified restore beside it, put back in an instant, so that one of them serves for many kills. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  DeregisterDBProxyTargetsCommand,
  RDSClient,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import { startCluster } from '../../lab/postgres/index.ts';
import { makeProject } from '../../lab/projects/make.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { runAction } from '../../lab/runner/index.ts';
import { AWS_SECRET, INIT, seed } from '../world.ts';
import { type Probe, startProbe } from './probe.ts';
import type { Way } from './scenario.ts';

export const PRODUCTION = 'shop-prod';
export const RESTORED = 'shop-prod-gm-r-1';
const PROXY = 'shop-proxy';
/** Milliseconds of the lab. AWS takes some ten minutes for a rename. */
export const DURATIONS = {
  snapshotMs: 100,
  restoreMs: 100,
  backingUpMs: 50,
  memberMs: 50,
  latestRestorableLagMs: 200,
  modifyMs: 100,
  renameMs: 400,
  rebootMs: 100,
  proxyTargetMs: 300,
};
/** What the application sees behind production: the name in a table of one row, and the number of orders. */
export const ROWS = { old: 'old 50', new: 'new 100' } as const;

export type Side = 'old' | 'new';

/** One database as AWS tells it. */
export interface Seen {
  readonly name: string;
  readonly status: string;
}

export interface Stage extends AsyncDisposable {
  readonly way: Way;
  readonly rds: RdsLab;
  readonly probe: Probe;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** Undefined where it is gone. */
  see(side: Side): Seen | undefined;
  /** Where the proxy sends to; undefined without one or when to nobody. */
  target(): string | undefined;
  /** Resource ids of everything there is. */
  ids(): readonly string[];
  /** Back to what it was before the first cut-over. */
  reset(): Promise<void>;
}

export async function openStage(way: Way, action: string): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  try {
    const stage = await built(way, action, stack);
    const owned = stack.move();
    return { ...stage, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function built(
  way: Way,
  action: string,
  stack: AsyncDisposableStack,
): Promise<Omit<Stage, typeof Symbol.asyncDispose>> {
  const cluster = stack.use(await startCluster({ name: 'promotion' }));
  await seed(cluster);
  await cluster.query(`CREATE TABLE place AS SELECT 'new' AS name; GRANT SELECT ON place TO app`);
  const rds = stack.use(await startRds({ endpoints: 'names', durations: DURATIONS }));
  const tags = [{ key: 'team', value: 'checkout' }];
  if (way === 'cluster')
    await rds.registerCluster({ id: PRODUCTION, tags, members: [{ id: `${PRODUCTION}-a` }] }, cluster);
  else await rds.register({ id: PRODUCTION, tags }, cluster);
  const project = stack.use(makeProject({ prisma: 7, migrations: [INIT] }));
  const env = {
    AWS_REGION: rds.region,
    AWS_ENDPOINT_URL_RDS: rds.url,
    AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
    AWS_SECRET_ACCESS_KEY: AWS_SECRET,
    ...rds.environment,
  };
  const target = way === 'cluster' ? 'db-cluster-identifier' : 'db-instance-identifier';
  const inputs = { [target]: PRODUCTION, 'restored-identifier': RESTORED };
  const direct = way === 'cluster' ? rds.clusterUrl(PRODUCTION) : rds.urlOf(PRODUCTION);
  await restore(rds, { action, cwd: project.dir, env: { ...env, ...project.env(direct) }, inputs });
  await cluster.query(`UPDATE place SET name = 'old'; DELETE FROM orders WHERE id % 2 = 0`);
  const url = way === 'proxy' ? (await rds.registerProxy({ name: PROXY, target: PRODUCTION })).url() : direct;
  const probe = stack.use(startProbe({ ...rds.environment, DATABASE_URL: url }));
  return {
    way,
    rds,
    probe,
    cwd: project.dir,
    env: { ...env, ...project.env(url) },
    inputs,
    ...views(way, rds),
  };
}

type Press = Pick<Stage, 'cwd' | 'env' | 'inputs'> & { readonly action: string };

/** By the action itself: a restore to the second that begins next, compared and marked. */
async function restore(rds: RdsLab, { action, cwd, env, inputs }: Press): Promise<void> {
  const second = `${new Date(Date.now() + 1000).toISOString().slice(0, 19)}Z`;
  while (!isRestorable(rds, second)) await pause(50);
  const result = await runAction({
    ...{ action, cwd, env, runId: '1' },
    inputs: { ...inputs, mode: 'rollback', 'restore-time': second },
  });
  result.remove();
  await rds.settled();
  if (result.outputs.status !== 'restored') throw new Error(`No restore: ${result.stdout.slice(-2000)}`);
}

const isRestorable = (rds: RdsLab, second: string): boolean =>
  (rds.instances()[0]?.clusterId === undefined
    ? (rds.latestRestorableTime(PRODUCTION)?.getTime() ?? 0)
    : Date.now() - DURATIONS.latestRestorableLagMs - 1000) > Date.parse(second);

function views(way: Way, rds: RdsLab): Pick<Stage, 'see' | 'target' | 'ids' | 'reset'> {
  const all = () => (way === 'cluster' ? rds.clusters() : rds.instances());
  const [instances, clusters] = [rds.instances(), rds.clusters()];
  const resource = (name: string): string => all().find(({ id }) => id === name)?.resourceId ?? '';
  const ids = { old: resource(PRODUCTION), new: resource(RESTORED) };
  return {
    see(side) {
      const found = all().find(({ resourceId }) => resourceId === ids[side]);
      return found === undefined ? undefined : { name: found.id, status: found.status };
    },
    target: () => rds.proxies()[0]?.target,
    ids: () => [...rds.instances(), ...rds.clusters()].map(({ resourceId }) => resourceId).sort(),
    async reset() {
      await rds.settled();
      for (const { status: _, arn: __, port: ___, resourceId, ...settings } of instances)
        rds.change(resourceId, settings);
      for (const { status: _, arn: __, members: ___, resourceId, ...settings } of clusters)
        rds.changeCluster(resourceId, settings);
      if (way === 'proxy') await sendBack(rds);
    },
  };
}

async function sendBack(rds: RdsLab): Promise<void> {
  const credentials = { accessKeyId: 'lab', secretAccessKey: AWS_SECRET };
  const aws = new RDSClient({ endpoint: rds.url, region: rds.region, credentials });
  const about = { DBProxyName: PROXY, TargetGroupName: 'default' };
  const now = rds.proxies()[0]?.target;
  if (now === PRODUCTION) return;
  if (now !== undefined)
    await aws.send(new DeregisterDBProxyTargetsCommand({ ...about, DBInstanceIdentifiers: [now] }));
  await aws.send(new RegisterDBProxyTargetsCommand({ ...about, DBInstanceIdentifiers: [PRODUCTION] }));
  aws.destroy();
  while (rds.proxies()[0]?.health !== 'AVAILABLE') await pause(20);
}
