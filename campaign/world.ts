/** Production in small, cheap enough to be broken hundreds of times: one server, one RDS, a database per case. */
import { createHash } from 'node:crypto';
import { type Cluster, startCluster } from '../lab/postgres/index.ts';
import { makeProject, type Project } from '../lab/projects/make.ts';
import { type RdsLab, startRds } from '../lab/rds/index.ts';
import type { SecondEdge } from '../lab/rds/types.ts';
import { type Slack, startSlack } from '../lab/slack.ts';

export const INIT = {
  name: '20260101000000_init',
  sql: 'CREATE TABLE "orders" ("id" SERIAL PRIMARY KEY, "total" INTEGER NOT NULL);\n',
};
export const NEXT = '20260302080000_next';

/** What is deployed. `half` commits two statements, takes a moment and dies on its last line. */
export const MIGRATIONS = {
  good: 'ALTER TABLE "orders" ADD COLUMN "note" TEXT;\nUPDATE "orders" SET "note" = \'old\';\nSELECT pg_sleep(0.3);\nCREATE INDEX "orders_total_idx" ON "orders" ("total");\n',
  half: 'ALTER TABLE "orders" ADD COLUMN "half" TEXT;\nDELETE FROM "orders" WHERE "id" % 2 = 0;\nSELECT pg_sleep(0.3);\nALTER TABLE "orders" ADD CONSTRAINT "orders_total_check" CHECK ("total" > 1000);\n',
} as const;
export type Deployed = keyof typeof MIGRATIONS;

const DURATIONS = { snapshotMs: 150, restoreMs: 150, backingUpMs: 100, latestRestorableLagMs: 200 };

export interface World extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly rds: RdsLab;
}

export async function openWorld(
  secondEdge: SecondEdge,
  durations: Partial<typeof DURATIONS> = {},
): Promise<World> {
  const stack = new AsyncDisposableStack();
  try {
    const cluster = stack.use(await startCluster({ name: 'campaign' }));
    const rds = stack.use(await startRds({ durations: { ...DURATIONS, ...durations }, secondEdge }));
    await seed(cluster);
    const owned = stack.move();
    return { cluster, rds, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** The database that every case is a copy of: one applied migration, a hundred orders, a ledger for the application. */
export async function seed(cluster: Cluster): Promise<void> {
  const checksum = createHash('sha256').update(INIT.sql).digest('hex');
  await cluster.query(`SET ROLE app; ${INIT.sql}
    INSERT INTO "orders" ("total") SELECT n * 20 FROM generate_series(1, 100) n;
    CREATE TABLE "ledger" ("id" BIGSERIAL PRIMARY KEY, "at" TIMESTAMPTZ NOT NULL);
    CREATE TABLE "_prisma_migrations" (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
    INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
      VALUES (gen_random_uuid()::text, '${checksum}', now(), '${INIT.name}', 1)`);
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
  const { cluster, rds } = world;
  const slack = await startSlack();
  const [database, id] = [`shop_${number}`, `shop-${number}`];
  await cluster.query(`CREATE DATABASE ${database} TEMPLATE app OWNER app`, [], 'postgres');
  const project = makeProject({ prisma: 7, migrations: [INIT, { name: NEXT, sql: MIGRATIONS[deployed] }] });
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
      await cluster.query(`DROP DATABASE ${database} WITH (FORCE)`, [], 'postgres');
    },
  };
}
