/** What is refused before anything is touched: the database and the project. */
import { rmSync, symlinkSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startStandby } from '../../lab/postgres/index.ts';
import { expectRun, type Wanted } from './honest.ts';
import { type Case, type CaseOptions, GOOD, NEXT, openWorld } from './world.ts';

const PASSWORD = 'p%/@ :#';
const world = await openWorld({
  cluster: {
    users: [
      { name: 'odd', password: PASSWORD },
      { name: 'guest', password: 'guest-password' },
    ],
  },
});
const standby = await startStandby(world.cluster);
afterAll(async () => {
  await standby[Symbol.asyncDispose]();
  expect(world.rds.violations).toEqual([]);
  await world[Symbol.asyncDispose]();
});

interface Row {
  readonly name: string;
  /** Env of the step, or what to do in the case before it. */
  readonly env?: (the: Case) => Readonly<Record<string, string>>;
  readonly before?: (the: Case) => Promise<void>;
  readonly options?: CaseOptions;
  readonly says: Wanted['says'];
  /** The code in the report. */
  readonly code: string;
}

const url = (env: (the: Case) => string): Pick<Row, 'env'> => ({
  env: (the) => ({ DATABASE_URL: env(the) }),
});

const rows: readonly Row[] = [
  { name: 'no URL', ...url(() => ''), code: 'url-missing', says: ['DATABASE_URL', 'not started'] },
  { name: 'a URL that is none', ...url(() => 'shop-prod:5432'), code: 'url-invalid', says: ['URL'] },
  {
    name: 'MariaDB by its own name',
    ...url(() => 'mariadb://a:bcdefgh@127.0.0.1/x'),
    code: 'url-invalid',
    says: ['mysql://'],
  },
  {
    name: 'a wrong password',
    ...url((the) => the.url.replace(/:[^:@/]+@/, ':not-the-password@')),
    code: 'database-authentication',
    says: ['refused the user app', 'password'],
  },
  {
    name: 'a password that was not percent-encoded',
    ...url((the) => the.url.replace(/app:[^@]+@/, `odd:${PASSWORD}@`)),
    code: 'url-invalid',
    says: ['unencoded "/"', 'nothing was created', 'write @ as %40'],
  },
  {
    name: 'an unreachable host',
    ...url((the) => the.url.replace(/:\d+\//, ':1/')),
    code: 'database-unreachable',
    says: ['127.0.0.1:1 does not answer', 'security group'],
  },
  {
    name: 'a database that does not exist',
    ...url((the) => the.url.replace(the.database, 'shopp')),
    code: 'database-missing',
    says: ['"shopp" does not exist', 'Correct the database name'],
  },
  {
    name: 'a replica',
    ...url((the) => standby.url('app', 'app').replace(/\/app(?=\?|$)/, `/${the.database}`)),
    before: async (the) => caughtUp(the.database),
    code: 'database-replica',
    says: ['read-only', 'writer'],
  },
  {
    name: 'a role that may not read the history',
    ...url((the) => world.cluster.url(the.database, 'guest')),
    code: 'database-rights',
    says: ['guest', 'permission denied'],
  },
  {
    name: 'a failed row in the history',
    before: async (the) =>
      void (await the.query(
        `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, logs) VALUES ('x', 'x', '${NEXT}', 'ERROR: column "total" is full of owls')`,
      )),
    code: 'history-failed',
    says: [NEXT, 'full of owls', 'resolve --rolled-back'],
  },
  {
    name: 'tables without a history',
    before: async (the) => void (await the.query('DROP TABLE "_prisma_migrations"')),
    code: 'history-missing-baseline',
    says: ['P3005', 'baseline'],
  },
  {
    name: 'no Prisma CLI',
    before: async (the) => rmSync(`${the.project.dir}/node_modules`, { recursive: true }),
    code: 'prisma-not-installed',
    says: ['not installed', 'npm ci'],
  },
  {
    name: 'a Prisma CLI that is a dead link',
    before: async (the) => {
      rmSync(`${the.project.dir}/node_modules/prisma`);
      symlinkSync('../nowhere', `${the.project.dir}/node_modules/prisma`);
    },
    code: 'prisma-not-installed',
    says: ['not installed'],
  },
  {
    name: 'an instance that is not there',
    options: { inputs: { 'db-instance-identifier': 'shop-gone' } },
    code: 'instance-not-found',
    says: ['"shop-gone" does not exist', 'describe-db-instances'],
  },
  {
    name: 'inputs that cannot be used, all told at once',
    options: { inputs: { 'statement-timeout': '30', snapshot: 'maybe', 'migration-timeout': '-1s' } },
    code: 'input-invalid',
    says: ['3 problems', 'statement-timeout', 'migration-timeout', 'snapshot'],
  },
];

test.concurrent.each(rows)('refused: $name', async ({ env, before, options, says, code }) => {
  await world.play({ next: GOOD, shared: true, ...options }, async (the) => {
    await before?.(the);
    const run = await the.deploy(env === undefined ? {} : { env: env(the) });
    expectRun(run, { status: 'refused', aws: [], ...(says === undefined ? {} : { says }) });
    expect(run.report?.problems).toEqual(expect.arrayContaining([expect.objectContaining({ code })]));
    expect(run.annotations.length).toBeGreaterThan(0);
    expect(run.calls.filter(({ result }) => result !== 'ok' && code !== 'instance-not-found')).toEqual([]);
    const applied = await the.query(
      "SELECT to_regclass('_prisma_migrations') IS NULL OR (SELECT count(*) FROM orders) = 100 AS same",
    );
    expect(applied).toEqual([{ same: true }]);
  });
});

test.concurrent('a password with every awkward sign works when it is encoded', async () => {
  await world.play(
    { next: 'CREATE TABLE "odd_one" ("id" INTEGER PRIMARY KEY);', shared: true },
    async (the) => {
      await world.cluster.query('GRANT app TO odd');
      const run = await the.deploy({
        env: { DATABASE_URL: world.cluster.url(the.database, 'odd') },
        inputs: { snapshot: 'skip' },
      });
      expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    },
  );
});

test.concurrent('another deploy at work is named', async () => {
  await world.play({ next: GOOD, shared: true }, async (the) => {
    const other = new pg.Client({ connectionString: `${the.url}?application_name=other-deploy` });
    await other.connect();
    try {
      await other.query('SELECT pg_advisory_lock(72707369)');
      const run = await the.deploy();
      expectRun(run, {
        status: 'refused',
        aws: [],
        says: ['Another migration is running', 'user app', '"other-deploy"', 'pg_terminate_backend'],
      });
    } finally {
      await other.end();
    }
  });
});

test.concurrent('every problem of database and project is told at once', async () => {
  await world.play({ next: GOOD, shared: true }, async (the) => {
    rmSync(`${the.project.dir}/node_modules`, { recursive: true });
    const run = await the.deploy({ env: { DATABASE_URL: the.url.replace(the.database, 'shopp') } });
    expectRun(run, { status: 'refused', aws: [], says: ['2 problems', 'npm ci'] });
  });
});

/** The copy of the database has reached the standby. */
async function caughtUp(database: string): Promise<void> {
  for (;;) {
    const found = await standby.query('SELECT 1 FROM pg_database WHERE datname = $1', [database], 'postgres');
    const ready = found.length === 1 && (await isReady(database));
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isReady = async (database: string): Promise<boolean> =>
  standby.query('SELECT 1 FROM "_prisma_migrations"', [], database).then(
    () => true,
    () => false,
  );
