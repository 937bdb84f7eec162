import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import { withLimits } from '../../src/domain/connection-url.ts';
import { type Problem, problemsOf } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';

const HISTORY_COLUMNS = `id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0`;

let cluster: Cluster;
const open: { end(): Promise<void> }[] = [];

const connect = async (url: string, name = 'guard'): Promise<Session> => {
  const session = await createEngine().connect(new Secret(url), name);
  open.push({ end: () => session.close() });
  return session;
};

const refusal = async (work: Promise<unknown>): Promise<Problem | undefined> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeDefined();
  return problemsOf(error)[0];
};

beforeAll(async () => {
  cluster = await startCluster({
    name: 'engine',
    archive: false,
    users: [{ name: 'plain', password: 'p@/#:% w' }],
    databases: ['second'],
  });
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.end().catch(() => undefined);
});
afterAll(() => cluster?.stop());

test('facts hold what the URL brought, not the limits of the guard', async () => {
  const limits = {
    statementTimeoutMs: 31_000,
    lockTimeoutMs: 4500,
    applicationName: 'x',
    connectionCheckIntervalMs: 2000,
  };
  const session = await connect(withLimits(`${cluster.url()}?options=-c%20work_mem%3D1MB`, limits));
  const facts = await session.facts();
  expect(facts).toMatchObject({
    database: 'app',
    user: 'app',
    isReplica: false,
    schema: 'public',
    historyTable: null,
    canCreateInSchema: true,
    tls: false,
  });
  expect(facts.settings).toEqual({
    statementTimeoutMs: 31_000,
    lockTimeoutMs: 4500,
    applicationName: 'guard',
    connectionCheckIntervalMs: 2000,
  });
  expect(facts.serverVersion).toBeGreaterThanOrEqual(180_000);
});

test('a password with every awkward sign, and no PG* variable, reaches the server', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    PGOPTIONS: '-c statement_timeout=77',
    PGAPPNAME: 'env',
    PGUSER: 'nobody',
    PGPASSWORD: 'wrong',
    PGSSLMODE: 'require',
  });
  try {
    const session = await createEngine().connect(new Secret(cluster.url('app', 'plain')));
    open.push({ end: () => session.close() });
    expect((await session.facts()).settings).toMatchObject({ statementTimeoutMs: 0, applicationName: '' });
  } finally {
    process.env = before;
  }
});

test.each([
  ['no server', (): string => 'postgresql://u:S3cret@127.0.0.1:1/d', 'database-unreachable'],
  ['no such host', (): string => 'postgresql://u:S3cret@nothing.invalid/d', 'database-unreachable'],
  [
    'a wrong password',
    (): string => `postgresql://app:S3cret@127.0.0.1:${cluster.port}/app`,
    'database-authentication',
  ],
  ['no such database', (): string => cluster.url('missing'), 'database-missing'],
  ['TLS that is not there', (): string => `${cluster.url()}?sslmode=require`, 'database-tls'],
  [
    'an unknown setting',
    (): string => `${cluster.url()}?options=-c%20no_such_setting%3D1`,
    'limits-not-in-force',
  ],
  ['a bad value', (): string => `${cluster.url()}?options=-c%20lock_timeout%3Dx`, 'limits-not-in-force'],
])('%s', async (_name, url, code) => {
  const problem = await refusal(createEngine().connect(new Secret(url())));
  expect(problem?.code).toBe(code);
  expect(JSON.stringify(problem)).not.toContain('S3cret');
  expect(problem?.fields.host).toBeTruthy();
});

test('a server that dies shows as a lost connection', async () => {
  const session = await connect(cluster.url(), 'victim');
  await cluster.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`,
  );
  expect((await refusal(session.facts()))?.code).toBe('database-lost');
  expect((await refusal(session.state()))?.code).toBe('database-lost');
  await session.close();
});

test('history is found under the search_path of the URL, times in milliseconds', async () => {
  await cluster.query(`CREATE SCHEMA "Weird ""x" AUTHORIZATION app; SET ROLE app; CREATE TABLE "Weird ""x"._prisma_migrations (${HISTORY_COLUMNS});
    INSERT INTO "Weird ""x"._prisma_migrations VALUES ('1', 'c', '2026-01-02T03:04:05.678Z', 'm', NULL, NULL, '2026-01-02T03:04:05Z')`);
  const session = await connect(`${cluster.url()}?schema=${encodeURIComponent('Weird "x')}`);
  const history = await session.history();
  expect(history).toEqual([
    {
      id: '1',
      name: 'm',
      checksum: 'c',
      logs: null,
      rolledBackAt: null,
      startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      finishedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    },
  ]);
  expect((await session.state()).history).toEqual(history);
  expect(await session.facts()).toMatchObject({
    historyTable: '"Weird ""x"._prisma_migrations',
    schema: 'Weird "x',
    tables: 0,
  });
  expect(await (await connect(cluster.url())).history()).toBeNull();
});

test('calls at the same time do not disturb each other', async () => {
  const session = await connect(cluster.url());
  const [state, clock, again, activity] = await Promise.all([
    session.state(),
    session.clock(),
    session.state(),
    session.activity('x'),
  ]);
  expect(again.fingerprint).toEqual(state.fingerprint);
  expect(clock.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  expect(activity.ours).toEqual([]);
});

test('a role without rights reads the state, and is told when the history is closed to it', async () => {
  const session = await connect(cluster.url('app', 'plain'));
  expect((await session.state()).fingerprint.digest).toMatch(/^[0-9a-f]{64}$/);
  await cluster.query(`CREATE TABLE public._prisma_migrations (${HISTORY_COLUMNS})`);
  expect((await refusal(session.state()))?.code).toBe('database-rights');
  expect((await refusal(session.history()))?.code).toBe('database-rights');
  await cluster.query('DROP TABLE public._prisma_migrations');
  expect((await session.state()).history).toBeNull();
});
