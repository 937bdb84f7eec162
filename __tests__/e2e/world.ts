/** Production in small for the whole action: one cluster and one RDS per file, a database of its own per case. */
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import type { Cluster } from '../../lab/databases.ts';
import type { ClusterOptions, QueryRow } from '../../lab/postgres/index.ts';
import { makeProject, type PrismaMajor, type Project } from '../../lab/projects/make.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import type { InstanceSettings, RdsOptions } from '../../lab/rds/types.ts';
import type { RunningStep } from '../../lab/runner/index.ts';
import { runAction } from '../../lab/runner/index.ts';
import { type Slack, startSlack } from '../../lab/slack.ts';
import { type Deployed, deployed } from './deployed.ts';
import { openPostgres, type Store } from './store.ts';

export { INIT } from './store.ts';

// Whole runs, several at once: on a busy machine each takes many times its usual six seconds.
jest.setTimeout(180_000);

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** The name of the one pending migration of most cases. */
export const NEXT = '20260302080000_next';
export const GOOD = 'ALTER TABLE "orders" ADD COLUMN "note" TEXT;\n';
/** Drops half the rows, then fails on its last line (line 3). */
export const HALF =
  'ALTER TABLE "orders" ADD COLUMN "half" TEXT;\nDELETE FROM "orders" WHERE "id" % 2 = 0;\nALTER TABLE "orders" ADD CONSTRAINT "orders_total_check" CHECK ("total" > 1000);\n';
/** Fails in its only statement: nothing is left of it. */
export const BROKEN = 'ALTER TABLE "orders" ADD COLUMN "total" INTEGER;\n';

export interface CaseOptions {
  /** SQL of the pending migration; none when absent. */
  readonly next?: string;
  readonly prisma?: PrismaMajor;
  readonly instance?: Partial<InstanceSettings>;
  /** A DB cluster of the case's name instead of an instance, with these members. */
  readonly members?: readonly string[];
  /** The instance that refused cases share: nothing may ever change it. */
  readonly shared?: boolean;
  /** An RDS of its own, for faults and quotas that would hit other cases too. */
  readonly rds?: RdsOptions;
  /** What stands behind the instance, when it is not the cluster that the URL leads to. */
  readonly behind?: Cluster;
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface DeployOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: (step: RunningStep) => void;
  readonly onPostStart?: (step: RunningStep) => void;
  readonly attempt?: number;
}

export interface Case {
  readonly id: string;
  readonly database: string;
  readonly url: string;
  readonly project: Project;
  readonly slack: Slack;
  readonly rds: RdsLab;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** One press of the button, under the lab's runner. */
  deploy(options?: DeployOptions): Promise<Deployed>;
  /** As superuser in the case's database. */
  query(sql: string): Promise<readonly QueryRow[]>;
}

export interface World extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly rds: RdsLab;
  readonly shared: string;
  /** Everything of a case, gone when `play` ends. */
  play<T>(options: CaseOptions, play: (the: Case) => Promise<T>): Promise<T>;
}

export interface WorldOptions {
  readonly cluster?: ClusterOptions;
  /** Another server than a PostgreSQL of the lab; it is stopped with the world. */
  readonly store?: Store;
  readonly rds?: RdsOptions;
}

const QUICK = { snapshotMs: 300, restoreMs: 500, backingUpMs: 300, latestRestorableLagMs: 300 };
let numbers = 0;

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const stack = new AsyncDisposableStack();
  try {
    const store = options.store ?? (await openPostgres(options.cluster));
    const cluster = stack.use(store.cluster);
    const rds = stack.use(await startRds({ durations: QUICK, ...options.rds }));
    const shared = 'shop-shared';
    await rds.register({ id: shared, ...SETTINGS }, cluster);
    const owned = stack.move();
    return {
      cluster,
      rds,
      shared,
      play: (about, play) => playCase({ store, rds, shared }, about, play),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What AWS drops at a restore unless it is passed, and a tag to be merged. */
export const SETTINGS: Partial<InstanceSettings> = {
  subnetGroup: 'private',
  securityGroups: ['sg-0a1b2c3d'],
  parameterGroup: 'shop-postgres18',
  multiAz: true,
  deletionProtection: true,
  tags: [{ key: 'team', value: 'checkout' }],
};

const CLUSTER = {
  subnetGroup: 'private',
  securityGroups: ['sg-0a1b2c3d'],
  parameterGroup: 'shop-aurora17',
  tags: [{ key: 'team', value: 'checkout' }],
};

type Ground = Pick<World, 'rds' | 'shared'> & { readonly store: Store };

async function playCase<T>(
  ground: Ground,
  options: CaseOptions,
  play: (the: Case) => Promise<T>,
): Promise<T> {
  const { store } = ground;
  const { cluster } = store;
  numbers += 1;
  const number = numbers;
  const database = `shop_${number}`;
  const id = options.shared === true ? ground.shared : `shop-${number}`;
  await store.create(database);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => store.drop(database));
  const migrations = [store.init, ...(options.next === undefined ? [] : [{ name: NEXT, sql: options.next }])];
  const project = stack.use(
    makeProject({
      prisma: options.prisma ?? 7,
      provider: store.dialect,
      migrations,
      ...(options.files ? { files: options.files } : {}),
    }),
  );
  const slack = stack.use(await startSlack());
  const rds =
    options.rds === undefined ? ground.rds : stack.use(await startRds({ durations: QUICK, ...options.rds }));
  if (options.members !== undefined)
    await rds.registerCluster(
      { ...CLUSTER, id, members: options.members.map((name) => ({ id: `${id}-${name}` })) },
      options.behind ?? cluster,
    );
  else if (options.shared !== true)
    await rds.register({ ...SETTINGS, ...options.instance, id }, options.behind ?? cluster);
  const url = cluster.url(database);
  const env = {
    ...project.env(url),
    AWS_REGION: rds.region,
    AWS_ENDPOINT_URL_RDS: rds.url,
    AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
    AWS_SECRET_ACCESS_KEY: 'lab-aws-secret-access-key',
    ...options.env,
  };
  const target = options.members === undefined ? 'db-instance-identifier' : 'db-cluster-identifier';
  const inputs = { [target]: id, 'slack-webhook-url': slack.url, ...options.inputs };
  let runs = 0;
  const the: Case = {
    ...{ id, database, url, project, slack, rds, env, inputs },
    async deploy(about = {}) {
      runs += 1;
      const from = { calls: rds.calls.length, messages: slack.messages.length };
      const result = await runAction({
        action: root,
        cwd: project.dir,
        runId: `${number}0${runs}`,
        attempt: about.attempt ?? 1,
        inputs: { ...inputs, ...about.inputs },
        env: { ...env, ...about.env },
        ...(about.onStart === undefined ? {} : { onStart: about.onStart }),
        ...(about.onPostStart === undefined ? {} : { onPostStart: about.onPostStart }),
      });
      stack.defer(() => result.remove());
      return deployed(result, { id, slack, rds, from });
    },
    query: (sql) => cluster.query(sql, [], database),
  };
  return await play(the);
}
