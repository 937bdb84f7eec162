/** Production in small, cheap enough to be broken hundreds of times: one server, one RDS, a database per case. */
import type { Cluster } from '../lab/databases.ts';
import { makeProject, type Project } from '../lab/projects/make.ts';
import { type RdsLab, startRds } from '../lab/rds/index.ts';
import type { SecondEdge } from '../lab/rds/types.ts';
import { type CancelPauses, githubPauses } from '../lab/runner/index.ts';
import { type Slack, startSlack } from '../lab/slack.ts';
import { POSTGRES } from './stores/postgres.ts';
import type { Deployed, Store } from './stores/store.ts';

export { INIT, seed } from './stores/postgres.ts';

export const NEXT = '20260302080000_next';

const DURATIONS = { snapshotMs: 150, restoreMs: 150, backingUpMs: 100, latestRestorableLagMs: 200 };

export interface World extends AsyncDisposable {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly rds: RdsLab;
  /** What a cancelled step is given before it is killed. */
  readonly cancelPauses: CancelPauses;
}

export interface WorldOptions {
  readonly durations?: Partial<typeof DURATIONS>;
  readonly store?: Store;
  /** Multiple of the pauses that GitHub makes. */
  readonly patience?: number;
}

export async function openWorld(
  secondEdge: SecondEdge,
  { durations = {}, store = POSTGRES, patience = 1 }: WorldOptions = {},
): Promise<World> {
  const stack = new AsyncDisposableStack();
  try {
    const cluster = stack.use(await store.start('campaign'));
    const rds = stack.use(await startRds({ durations: { ...DURATIONS, ...durations }, secondEdge }));
    const owned = stack.move();
    const cancelPauses = {
      beforeTerm: githubPauses.beforeTerm * patience,
      beforeKill: githubPauses.beforeKill * patience,
    };
    return { store, cluster, rds, cancelPauses, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What one case plays on. */
export interface Ground extends AsyncDisposable {
  readonly id: string;
  readonly database: string;
  readonly project: Project;
  readonly slack: Slack;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** Nothing of these may ever be seen outside. */
  readonly secrets: readonly string[];
}

export const AWS_SECRET = 'lab-aws-secret-access-key';

export async function openGround(world: World, number: number, deployed: Deployed): Promise<Ground> {
  const { store, cluster, rds } = world;
  const slack = await startSlack();
  const [database, id] = [`shop_${number}`, `shop-${number}`];
  await store.create(cluster, database);
  const project = makeProject({
    prisma: 7,
    provider: store.dialect,
    migrations: [store.init, { name: NEXT, sql: store.migrations[deployed] }],
  });
  await rds.register({ id, tags: [{ key: 'team', value: 'checkout' }] }, cluster);
  return {
    ...{ id, database, project, slack },
    env: {
      ...project.env(cluster.url(database)),
      AWS_REGION: rds.region,
      AWS_ENDPOINT_URL_RDS: rds.url,
      AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
      AWS_SECRET_ACCESS_KEY: AWS_SECRET,
    },
    // The files are meant to do harm: what a review would say of them is not the question here.
    inputs: { 'db-instance-identifier': id, 'slack-webhook-url': slack.url, 'fail-on': 'never' },
    secrets: [cluster.roles.get('app') ?? '', AWS_SECRET, new URL(slack.url).pathname].filter(
      (each) => each !== '',
    ),
    [Symbol.asyncDispose]: async () => {
      project.remove();
      await slack.stop();
      await store.drop(cluster, database);
    },
  };
}
