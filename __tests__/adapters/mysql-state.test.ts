import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type MysqlCluster, startMysql } from '../../lab/mysql/index.ts';
import { createEngine } from '../../src/adapters/mysql/engine.ts';
import { WHOLE_SERVER, type WriteCounter } from '../../src/domain/facts.ts';
import { firstProblem } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';
import { describeMysql } from '../mysql.ts';

/** Each must show in the object named. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['ALTER TABLE users ADD COLUMN age int', 'table app.users'],
  ['ALTER TABLE users MODIFY name varchar(60) NOT NULL', 'table app.users'],
  ['ALTER TABLE users ALTER COLUMN name SET DEFAULT "x"', 'table app.users'],
  ['ALTER TABLE users COMMENT = "note AUTO_INCREMENT=9"', 'table app.users'],
  ['ALTER TABLE users COMMENT = "note AUTO_INCREMENT=8"', 'table app.users'],
  ['CREATE INDEX by_name ON users (name)', 'table app.users'],
  ['ALTER TABLE posts DROP FOREIGN KEY author', 'table app.posts'],
  ['ALTER TABLE posts CONVERT TO CHARACTER SET latin1', 'table app.posts'],
  ['CREATE TABLE anew (id int)', 'table app.anew'],
  ['CREATE OR REPLACE VIEW names AS SELECT name, id FROM users', 'view app.names'],
  ['DROP TRIGGER stamp', 'trigger app.stamp'],
  ['CREATE FUNCTION two() RETURNS int DETERMINISTIC RETURN 2', 'function app.two'],
  ['DROP PROCEDURE nothing', 'procedure app.nothing'],
  ['CREATE EVENT later ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1', 'event app.later'],
  ['ALTER EVENT later ON SCHEDULE EVERY 2 DAY', 'event app.later'],
  ['ALTER DATABASE app CHARACTER SET latin1', 'database app'],
  ['GRANT SELECT ON app.users TO reader', 'grants app'],
];

const BASE = `
CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, name varchar(50) NOT NULL, at timestamp DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE posts (id int PRIMARY KEY, user_id int, CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id));
CREATE TABLE parts (id int) PARTITION BY HASH (id) PARTITIONS 2;
CREATE TABLE \`od-d.ü 日\` (id int);
CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at datetime(3),
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at datetime(3), started_at datetime(3) NOT NULL);
CREATE VIEW names AS SELECT name FROM users;
CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW SET NEW.at = NOW();
CREATE PROCEDURE nothing() DO 1; CREATE PROCEDURE nothing2() DO 1;
INSERT INTO users (name) VALUES ('a'), ('b'), ('c')`;

describeMysql('the state of a MySQL database', (flavor) => {
  let cluster: MysqlCluster;
  const open: Session[] = [];

  const connect = async (url = cluster.url()): Promise<Session> => {
    const session = await createEngine().connect(new Secret(url));
    open.push(session);
    return session;
  };
  const counters = async (session: Session, table: string): Promise<WriteCounter | undefined> =>
    (await session.writes()).tables[table];
  const rows = (counter: WriteCounter | undefined): number =>
    (counter?.inserted ?? 0) + (counter?.updated ?? 0) + (counter?.deleted ?? 0);

  beforeAll(async () => {
    cluster = await startMysql({
      flavor,
      name: 'state',
      archive: false,
      settings: flavor === 'mariadb' ? { userstat: '1' } : {},
      users: [
        { name: 'reader', password: 'r', attributes: 'SELECT ON app.*' },
        { name: 'caller', password: 'c', attributes: 'EXECUTE ON app.*' },
      ],
    });
    await cluster.query(BASE);
  }, 60_000);
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(() => cluster?.stop());

  test('rows, counters of keys, statistics and the history leave the fingerprint as it is', async () => {
    const session = await connect();
    const before = await session.state();
    expect(Object.keys(before.fingerprint.objects)).toEqual(
      expect.arrayContaining([
        'table app.users',
        'view app.names',
        'trigger app.stamp',
        'procedure app.nothing',
      ]),
    );
    expect(Object.keys(before.fingerprint.objects).join()).not.toContain('_prisma_migrations');
    await cluster.query(`INSERT INTO users (name) VALUES ('d'); DELETE FROM users WHERE name = 'd';
      ANALYZE TABLE users; ALTER TABLE users AUTO_INCREMENT = 90; ALTER TABLE _prisma_migrations ADD COLUMN steps int;
      DROP TRIGGER stamp; CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW SET NEW.at = NOW()`);
    expect((await session.state()).fingerprint).toEqual(before.fingerprint);
  });

  test('every change of the schema shows where it is', async () => {
    const session = await connect(cluster.superuserUrl());
    for (const [sql, object] of CHANGES) {
      const before = (await session.state()).fingerprint;
      await cluster.query(sql);
      const after = (await session.state()).fingerprint;
      const names = new Set([...Object.keys(before.objects), ...Object.keys(after.objects)]);
      const changed = [...names].filter((name) => before.objects[name] !== after.objects[name]);
      expect([sql, changed]).toEqual([sql, expect.arrayContaining([object])]);
      expect(after.digest).not.toBe(before.digest);
    }
  });

  test('a view whose table is gone does not hide the rest', async () => {
    const session = await connect();
    await cluster.query(
      'CREATE TABLE base (id int); CREATE VIEW broken AS SELECT id FROM base; DROP TABLE base',
    );
    const { objects } = (await session.state()).fingerprint;
    expect(Object.keys(objects)).toEqual(expect.arrayContaining(['view app.broken', 'table app.users']));
    await cluster.query('DROP VIEW broken');
  });

  test('a right that is missing is named', async () => {
    const session = await connect(cluster.url('app', 'reader'));
    const problem = await session.state().then(() => undefined, firstProblem);
    expect(problem).toMatchObject({ code: 'database-rights', detail: expect.stringMatching(/SHOW VIEW/) });
    expect((await (await connect(cluster.url('app', 'caller'))).state()).fingerprint.objects).toHaveProperty([
      'procedure app.nothing2',
    ]);
  });

  test('counters move by the rows written, also those rolled back', async () => {
    const session = await connect();
    expect((await session.facts()).exactCounters).toBe(true);
    const steps: readonly (readonly [string, number])[] = [
      [`INSERT INTO users (name) VALUES ('x'), ('y')`, 2],
      [`UPDATE users SET name = 'z' WHERE name = 'x'`, 1],
      [`UPDATE users SET name = 'z' WHERE name = 'z'`, 0],
      [`DELETE FROM users WHERE name IN ('y', 'z')`, 2],
      [`START TRANSACTION; INSERT INTO users (name) VALUES ('w'); ROLLBACK`, 1],
      ['ALTER TABLE users ADD COLUMN more int, ALGORITHM = INSTANT', 0],
    ];
    for (const [sql, written] of steps) {
      const before = rows(await counters(session, 'app.users'));
      await cluster.query(sql);
      expect([sql, rows(await counters(session, 'app.users')) - before]).toEqual([sql, written]);
    }
    expect((await session.state()).writes['app.users']).toEqual(await counters(session, 'app.users'));
  });

  test.each([
    ['app.users', 'SET foreign_key_checks = 0; TRUNCATE users'],
    ['app.parts', 'ALTER TABLE parts TRUNCATE PARTITION p1'],
    ['app.od-d.ü 日', 'TRUNCATE `od-d.ü 日`'],
  ])('truncating %s gives it another file', async (table, sql) => {
    const session = await connect();
    const before = await counters(session, table);
    expect(before?.file).toMatch(/^\d/);
    await cluster.query(sql);
    expect((await counters(session, table))?.file).not.toBe(before?.file);
  });

  test('a change of a table is told with the counters that begin anew with it', async () => {
    if (flavor === 'mariadb') return;
    const session = await connect();
    await cluster.query(`CREATE TABLE recount (i int, KEY k (i)); INSERT INTO recount VALUES (1), (2)`);
    const before = await session.writes();
    expect(before.tables['app.recount']).toMatchObject({ inserted: 2 });
    await cluster.query('DROP INDEX k ON recount; CREATE INDEX k ON recount (i)');
    const after = await session.writes();
    expect(after.tables['app.recount']).toMatchObject({ inserted: 0 });
    expect(after.tables['app.recount']?.file).toBe(before.tables['app.recount']?.file);
    expect(after.renewed?.['app.recount']).toBeGreaterThanOrEqual(Math.floor(before.now / 1000) * 1000);
    expect(after.tables[WHOLE_SERVER]?.inserted).toBeGreaterThanOrEqual(
      before.tables[WHOLE_SERVER]?.inserted ?? Number.POSITIVE_INFINITY,
    );
    await cluster.query('DROP TABLE recount');
  });

  test('who may not read the counters is told so', async () => {
    const session = await connect(cluster.url('app', 'reader'));
    expect((await session.facts()).exactCounters).toBe(false);
    const before = await session.writes();
    await cluster.query(`INSERT INTO users (name) VALUES ('x'), ('y')`);
    const { tables, uncounted } = await session.writes();
    expect(uncounted).toBeUndefined();
    if (flavor === 'mariadb') return;
    // MySQL counts the rows of the whole server for everybody.
    const [then, now] = [before.tables[WHOLE_SERVER], tables[WHOLE_SERVER]];
    expect((now?.inserted ?? 0) - (then?.inserted ?? 0)).toBe(2);
    expect(Object.keys(tables)).toEqual([WHOLE_SERVER]);
  });
});
