import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Connection, createConnection } from 'mysql2/promise';
import { type MysqlCluster, startMysql } from '../../lab/mysql/index.ts';
import { createEngine } from '../../src/adapters/mysql/engine.ts';
import type { Backend } from '../../src/domain/facts.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';
import { describeMysql } from '../mysql.ts';

/** Slower than InnoDB renews what it tells of its transactions (0.1 s without a reader). */
const PACE_MS = 120;

const until = async <Value>(look: () => Promise<Value | undefined>): Promise<Value> => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
};

describeMysql('the watcher on MySQL', (flavor) => {
  let cluster: MysqlCluster;
  const open: { close(): Promise<unknown> }[] = [];

  const connect = async (url = cluster.url()): Promise<Session> => {
    const session = await createEngine().connect(new Secret(url));
    open.push(session);
    return session;
  };

  const client = async (database = 'app', user = 'app'): Promise<Connection> => {
    const connection = await createConnection({
      host: '127.0.0.1',
      port: cluster.port,
      user,
      password: cluster.roles.get(user) ?? '',
      database,
      multipleStatements: true,
    });
    connection.on('error', () => undefined);
    open.push({ close: async () => connection.destroy() });
    return connection;
  };

  /** As Prisma does it: the lock first, then the whole file in one message. */
  const migration = async (database?: string, user?: string): Promise<Connection> => {
    const connection = await client(database, user);
    await connection.query(`SELECT GET_LOCK('prisma_migrate', 10)`);
    return connection;
  };

  const oursOf = (session: Session, test: (backend: Backend) => boolean): Promise<Backend> =>
    until(async () => (await session.activity('x')).ours.find(test));

  const gone = (session: Session): Promise<true> =>
    until(async () => ((await session.activity('x')).advisoryLockHolders.length === 0 ? true : undefined));

  beforeAll(async () => {
    cluster = await startMysql({
      flavor,
      name: 'watch',
      archive: false,
      databases: ['second'],
      settings: flavor === 'mariadb' ? { performance_schema: 'ON' } : {},
      users: [{ name: 'other', password: 'o', attributes: 'ALL ON app.*' }],
    });
    await cluster.query(`CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1);
      UPDATE performance_schema.setup_instruments SET ENABLED = 'YES' WHERE NAME = 'wait/lock/metadata/sql/mdl'`);
  }, 60_000);
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await gone(await connect());
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(() => cluster?.stop());

  test('shows the statement that runs, not the message it came in', async () => {
    const session = await connect();
    const ours = await migration();
    expect((await session.activity('x')).ours).toMatchObject([{ state: 'idle', ageMs: null, query: null }]);
    const gate = await client('app', 'other');
    await gate.query("SELECT GET_LOCK('gate', 0)");
    const first = "SELECT GET_LOCK('gate', 60)";
    const work = ours.query(`${first}; SELECT SLEEP(30)`).catch((error: unknown) => error);
    await oursOf(session, ({ query }) => query === first);
    await gate.query("SELECT RELEASE_LOCK('gate')");
    const second = await oursOf(session, ({ query }) => query === 'SELECT SLEEP(30)');
    expect(second).toMatchObject({ user: 'app', state: 'active', waiting: null, applicationName: '' });
    expect(await session.intervene.stop('x', 'cancel')).toBe(1);
    await work;
    await oursOf(session, ({ state }) => state === 'idle');
    expect(await session.intervene.stop('x', 'cancel')).toBe(0);
    expect(await session.intervene.stop('x', 'terminate')).toBe(1);
    await gone(session);
    expect(await session.intervene.stop('x', 'terminate')).toBe(0);
  });

  test('names who blocks a change of the table', async () => {
    const blocker = await client('app', 'other');
    await blocker.query('START TRANSACTION');
    await blocker.query('SELECT * FROM t');
    const ours = await migration();
    const work = ours.query('ALTER TABLE t ADD COLUMN w int').catch((error: unknown) => error);
    const session = await connect();
    const waiting = await oursOf(session, (each) => each.waiting !== null);
    expect(waiting.waiting).toBe('Waiting for table metadata lock');
    expect(waiting.blockedBy).toEqual([blocker.threadId]);
    const { blockers, advisoryLockHolders } = await session.activity('x');
    expect(blockers).toMatchObject([
      { pid: blocker.threadId, user: 'other', state: 'idle in transaction', query: null },
    ]);
    expect(advisoryLockHolders.map(({ pid }) => pid)).toEqual([waiting.pid]);
    expect(await session.intervene.stop('x', 'cancel')).toBe(1);
    expect(await work).toMatchObject({ errno: 1317 });
  });

  test('names who blocks a row', async () => {
    const blocker = await client('app', 'other');
    await blocker.query('START TRANSACTION');
    await blocker.query('UPDATE t SET v = 2 WHERE id = 1');
    const ours = await migration();
    const work = ours.query('UPDATE t SET v = 3 WHERE id = 1').catch((error: unknown) => error);
    const session = await connect();
    const waiting = await oursOf(session, (each) => each.waiting !== null);
    expect(waiting.blockedBy).toEqual([blocker.threadId]);
    expect(await session.intervene.stop('x', 'cancel')).toBe(1);
    expect(await work).toMatchObject({ errno: 1317 });
  });

  test.each([
    ['another account', 'app', 'other'],
    ['another database', 'second', 'app'],
  ])('the lock of %s is not ours', async (_name, database, user) => {
    const stranger = await migration(database, user);
    const session = await connect();
    const { ours, advisoryLockHolders } = await session.activity('x');
    expect(ours).toEqual([]);
    expect(advisoryLockHolders).toMatchObject([{ pid: stranger.threadId, user }]);
    expect(await session.intervene.stop('x', 'terminate')).toBe(0);
    expect(await session.intervene.stop('x', 'cancel')).toBe(0);
    await stranger.query('DO 1');
  });

  test('an account that may not see the holder still learns that there is one', async () => {
    const stranger = await migration();
    const session = await connect(cluster.url('app', 'other'));
    expect((await session.activity('x')).advisoryLockHolders).toMatchObject([
      { pid: stranger.threadId, user: null, state: null },
    ]);
  });

  test('a migration stays ours when it changes the database', async () => {
    const ours = await migration();
    const session = await connect();
    expect((await session.activity('x')).ours).toHaveLength(1);
    await ours.query('USE second');
    expect((await session.activity('x')).ours).toHaveLength(1);
  });

  test('work goes on when its client dies, and KILL ends it', async () => {
    await cluster.query(`CREATE TABLE big (id int PRIMARY KEY AUTO_INCREMENT, v varchar(100) DEFAULT 'x')`);
    await cluster.query(`INSERT INTO big (v) VALUES ('x'), ('x'), ('x'), ('x')`);
    const session = await connect();
    const ours = await migration();
    // A statement of ten seconds and more on any machine, for a table that is small.
    const text = 'UPDATE big SET v = CONCAT(v, SLEEP(3)); CREATE TABLE after_death (id int)';
    ours.query(text).catch(() => undefined);
    await oursOf(session, ({ state }) => state === 'active');
    ours.destroy();
    for (let look = 0; look < 10; look += 1)
      expect((await session.activity('x')).ours).toMatchObject([{ state: 'active' }]);
    expect(await session.intervene.stop('x', 'terminate')).toBe(1);
    await gone(session);
    const { objects } = (await session.state()).fingerprint;
    expect(Object.keys(objects)).toContain('table app.big');
    expect(Object.keys(objects)).not.toContain('table app.after_death');
  });
});
