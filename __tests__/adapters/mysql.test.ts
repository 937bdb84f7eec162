import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type MysqlCluster, startMysql } from '../../lab/mysql/index.ts';
import { createEngine } from '../../src/adapters/mysql/engine.ts';
import { type Problem, problemsOf } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';
import { compareServers } from '../../src/domain/server-identity.ts';
import type { Session } from '../../src/ports/engine.ts';
import { describeMysql } from '../mysql.ts';

const HISTORY_COLUMNS = `id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at datetime(3),
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at datetime(3), started_at datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  applied_steps_count int unsigned NOT NULL DEFAULT 0`;

const refusal = async (work: Promise<unknown>): Promise<Problem | undefined> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeDefined();
  return problemsOf(error)[0];
};

describeMysql('the MySQL adapter', (flavor) => {
  let cluster: MysqlCluster;
  const open: Session[] = [];

  const connect = async (url: string): Promise<Session> => {
    const session = await createEngine().connect(new Secret(url), 'guard');
    open.push(session);
    return session;
  };

  beforeAll(async () => {
    cluster = await startMysql({
      flavor,
      name: 'adapter',
      archive: false,
      ssl: 'on',
      databases: ['second', 'my-db'],
      users: [
        { name: 'plain', password: 'p@/#:% w', attributes: 'ALL ON second.*' },
        { name: 'reader', password: 'r', attributes: 'SELECT ON app.*' },
      ],
    });
  }, 60_000);
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(() => cluster?.stop());

  test('facts name product, version, database and rights', async () => {
    const product = new RegExp(`^${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} \\d+\\.\\d+\\.\\d+$`);
    const facts = await (await connect(cluster.url())).facts();
    expect(facts).toMatchObject({
      dialect: 'mysql',
      product: expect.stringMatching(product),
      database: 'app',
      schema: 'app',
      user: 'app',
      isReplica: false,
      historyTable: null,
      tables: 0,
      canCreateInSchema: true,
      tls: true,
      settings: {
        statementTimeoutMs: 0,
        lockTimeoutMs: 0,
        applicationName: '',
        connectionCheckIntervalMs: null,
      },
    });
    const [major = 0, minor = 0, patch = 0] = cluster.version.split('.').map(Number);
    expect(facts.serverVersion).toBe(major * 10_000 + minor * 100 + patch);
    expect((await (await connect(cluster.url('app', 'reader'))).facts()).canCreateInSchema).toBe(false);
  });

  test('a server that takes no writes is a replica', async () => {
    const session = await connect(cluster.url());
    await cluster.query('SET GLOBAL read_only = 1');
    try {
      expect((await session.facts()).isReplica).toBe(true);
    } finally {
      await cluster.query('SET GLOBAL read_only = 0');
    }
  });

  test('a server that reads strings in another way is refused by the name of the mode', async () => {
    await cluster.query("SET GLOBAL sql_mode = CONCAT(@@GLOBAL.sql_mode, ',NO_BACKSLASH_ESCAPES')");
    try {
      const session = await connect(cluster.url());
      expect(await refusal(session.facts())).toMatchObject({
        code: 'sql-mode',
        fields: { mode: 'NO_BACKSLASH_ESCAPES' },
      });
    } finally {
      await cluster.query("SET GLOBAL sql_mode = REPLACE(@@GLOBAL.sql_mode, 'NO_BACKSLASH_ESCAPES', '')");
    }
  });

  test('an account with rights on one database alone does all that the guard needs', async () => {
    const session = await connect(cluster.url('second', 'plain'));
    expect(await session.facts()).toMatchObject({ user: 'plain', database: 'second', exactCounters: false });
    await cluster.query('CREATE TABLE t (id int)', [], 'second');
    expect((await session.state()).fingerprint.objects).toHaveProperty(['table second.t']);
    expect(await session.history()).toBeNull();
    expect((await session.clock()).lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect((await session.writes()).resetAt).toBeLessThanOrEqual(Date.now());
    expect(await session.activity('x')).toEqual({ ours: [], blockers: [], advisoryLockHolders: [] });
    expect((await session.intervene.lock()).held).toBe(true);
  });

  test.each([
    ['no server', (): string => 'mysql://u:S3cret@127.0.0.1:1/d', 'database-unreachable'],
    ['no such host', (): string => 'mysql://u:S3cret@nothing.invalid/d', 'database-unreachable'],
    [
      'a wrong password',
      (): string => `mysql://app:S3cret@127.0.0.1:${cluster.port}/app`,
      'database-authentication',
    ],
    ['no such database', (): string => cluster.superuserUrl('missing'), 'database-missing'],
    ['a database without rights', (): string => cluster.url('second', 'reader'), 'database-rights'],
    ['a certificate of nobody known', (): string => `${cluster.url()}?sslaccept=strict`, 'database-tls'],
    ['a missing file', (): string => `${cluster.url()}?sslcert=nowhere.pem`, 'database-tls'],
  ])('%s', async (_name, url, code) => {
    const problem = await refusal(createEngine().connect(new Secret(url())));
    expect(problem?.code).toBe(code);
    expect(JSON.stringify(problem)).not.toContain('S3cret');
  });

  test('a killed connection shows as lost', async () => {
    const session = await connect(cluster.url('second', 'plain'));
    const [row] = await cluster.query(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = 'plain' AND DB = 'second'`,
    );
    await cluster.query(`KILL ${row?.id}`);
    expect((await refusal(session.facts()))?.code).toBe('database-lost');
    expect((await refusal(session.state()))?.code).toBe('database-lost');
  });

  test('history is read in UTC, whatever the server thinks', async () => {
    await cluster.query(`SET GLOBAL time_zone = '+05:00'`);
    try {
      await cluster.query(
        `CREATE TABLE _prisma_migrations (${HISTORY_COLUMNS});
         INSERT INTO _prisma_migrations VALUES ('1', 'c', '2026-01-02 03:04:05.678', 'm', NULL, NULL, '2026-01-02 03:04:05', 1)`,
        [],
        'second',
      );
      const session = await connect(cluster.url('second'));
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
      expect((await session.facts()).historyTable).toBe('`second`.`_prisma_migrations`');
      expect(Math.abs((await session.clock()).now - Date.now())).toBeLessThan(60_000);
    } finally {
      await cluster.query(`SET GLOBAL time_zone = 'SYSTEM'`);
    }
  });

  test('calls at the same time do not disturb each other', async () => {
    const session = await connect(cluster.url('my-db'));
    const [state, clock, again, facts] = await Promise.all([
      session.state(),
      session.clock(),
      session.state(),
      session.facts(),
    ]);
    expect(again.fingerprint).toEqual(state.fingerprint);
    expect(clock.commits).toBeGreaterThan(0);
    expect(facts.database).toBe('my-db');
  });

  test('one guard at a time for a database, and the other is named', async () => {
    const first = await connect(cluster.url());
    const second = await connect(cluster.url());
    const elsewhere = await connect(cluster.url('second'));
    expect(await first.intervene.lock()).toEqual({ held: true, holder: undefined });
    expect(await elsewhere.intervene.lock()).toEqual({ held: true, holder: undefined });
    expect(await second.intervene.lock()).toMatchObject({ held: false, holder: { user: 'app' } });
    await first.close();
    expect((await second.intervene.lock()).held).toBe(true);
  });

  test('a server is the same until it starts again', async () => {
    const before = await (await connect(cluster.url())).identity();
    expect(compareServers(before, await (await connect(cluster.superuserUrl())).identity()).verdict).toBe(
      'same',
    );
    // MySQL tells its start in whole seconds: the second of the first one has to be over.
    await sleep(1100);
    await cluster.shutdown();
    await cluster.start();
    expect(compareServers(before, await (await connect(cluster.url())).identity()).verdict).toBe('different');
  });
});
