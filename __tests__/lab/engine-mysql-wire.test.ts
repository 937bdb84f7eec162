import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Flavor, type MysqlCluster, startMysql } from '../../lab/mysql/index.ts';
import { describeMysql } from '../mysql.ts';
import { answered, applied, history, type World, Worlds } from './prisma-worlds.ts';

const good = { '1_one': 'CREATE TABLE one (id int)' };

describeMysql('the engine alone on MySQL', (flavor: Flavor) => {
  let cluster: MysqlCluster;
  let worlds: Worlds;
  let authority: string;

  const world = (...args: Parameters<Worlds['create']>): Promise<World> => worlds.create(...args);
  const outcome = async (made: World): Promise<{ readonly code: unknown; readonly message: unknown }> => {
    const answer = await applied(made.engine());
    return { code: answer.error?.data.error_code ?? null, message: answer.error?.data.message ?? null };
  };

  beforeAll(async () => {
    cluster = await startMysql({ name: 'engine-mysql-wire', archive: false, flavor, ssl: 'on' });
    worlds = new Worlds(cluster);
    authority = join(mkdtempSync(join(tmpdir(), 'lab-ca-')), 'ca.pem');
    writeFileSync(authority, cluster.caCertificate ?? '');
  });

  afterAll(async () => {
    worlds?.remove();
    if (authority !== undefined) rmSync(dirname(authority), { recursive: true });
    await cluster?.stop();
  });

  test.each([
    ['an empty file', '', '1065', 1],
    [
      'the answers of a procedure count',
      'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END; CALL p(); SELECT missing; SELECT 1',
      '1054',
      5,
    ],
    [
      'a failure between two rows',
      'CREATE TABLE x (id int); INSERT INTO x VALUES (1), (2); SELECT IF(id = 2, (SELECT id FROM x), 1) FROM x; SELECT 1',
      '1242',
      3,
    ],
  ])('%s: which query failed', async (_, sql, code, number) => {
    const made = await world(7, { '1': sql });
    const { message } = await outcome(made);
    expect(message).toContain(`Database error code: ${code}\n`);
    expect(message).toContain(`Please check the query number ${number} from the migration file.`);
  });

  test('comments are a success, and so is BEGIN without COMMIT, which loses its rows', async () => {
    const made = await world(7, {
      '1': '-- nothing\n',
      '2': 'CREATE TABLE x (id int);\n/* end */',
      '3': 'BEGIN; INSERT INTO x VALUES (1)',
    });
    expect(await outcome(made)).toEqual({ code: null, message: null });
    expect(await made.rows(history)).toMatchObject([{ finished: 1 }, { finished: 1 }, { finished: 0 }]);
    expect(await made.rows('SELECT * FROM x')).toEqual([]);
  });

  test('runs all files in one session with the settings of the server', async () => {
    const made = await world(7, {
      '1': 'CREATE TABLE seen AS SELECT @@SESSION.sql_mode AS mode; SET @kept = 7',
      '2': 'CREATE TABLE kept AS SELECT @kept AS value, CONNECTION_ID() = IS_USED_LOCK("prisma_migrate") AS locked',
    });
    expect(await outcome(made)).toEqual({ code: null, message: null });
    expect(await made.rows('SELECT value, locked FROM kept')).toEqual([{ value: 7, locked: 1 }]);
    const modes = (text: unknown): readonly string[] => String(text).split(',').sort();
    const [seen] = await made.rows('SELECT mode FROM seen');
    const [server] = await made.rows('SELECT @@GLOBAL.sql_mode AS mode');
    // The test's own driver sets IGNORE_SPACE for itself only.
    expect(modes(seen?.mode)).toEqual(modes(server?.mode));
  });

  test.each([
    ['KILL QUERY', /^P3018[\s\S]*code: 1317[\s\S]*query number 3 from/, /1317/],
    ['KILL', /Connection to the server is closed\.\n {3}0: /, null],
  ])('%s ends the run', async (kill, message, logs) => {
    const made = await world(7, {
      '1': 'CREATE TABLE x (id int); INSERT INTO x VALUES (1); UPDATE x SET id = SLEEP(60)',
    });
    const running = made.engine();
    running.apply();
    await running.printed('Applying migration `1`');
    const session = `SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'UPDATE x%'`;
    let found = await made.rows(session);
    while (found.length === 0) found = await made.rows(session);
    await made.rows(`${kill} ${found[0]?.id}`);
    const { error } = await running.answer;
    expect(`${error?.data.error_code} ${error?.data.message}`).toMatch(message);
    running.closeInput();
    await running.exit;
    const [row] = await made.rows(history);
    expect(row).toMatchObject({ finished: 0 });
    if (logs === null) expect(row?.logs).toBeNull();
    else expect(row?.logs).toMatch(logs);
  });

  test('refuses a database that is not empty, a lock file of another provider, and a missing database', async () => {
    const made = await world(7, good);
    await made.rows('CREATE TABLE old (id int)');
    expect((await outcome(made)).code).toBe('P3005');
    const other = await world(7, good, {
      files: { 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' },
    });
    expect((await outcome(other)).code).toBe('P3019');
    const gone = await world(7, good);
    await cluster.query(`DROP DATABASE ${new URL(gone.url).pathname.slice(1)}`);
    expect((await outcome(gone)).code).toBe('P1003');
  });

  test('tells the version, and that it cannot compare schemas', async () => {
    const made = await world(7, {});
    const asked = made.engine();
    asked.call('getDatabaseVersion', {});
    const product = flavor === 'mysql' ? 'MySQL' : 'MariaDB';
    expect((await answered(asked)).result).toBe(`${cluster.version}-${product}`);
    const diff = made.engine();
    diff.call('diff', { from: { tag: 'empty' }, to: { tag: 'empty' } });
    expect((await answered(diff)).error?.data.message).toContain('cannot compare schemas');
  });

  test.each([
    ['', null, 0],
    ['?sslaccept=accept_invalid_certs', null, 1],
    ['?sslaccept=strict', 'P1011', null],
    ['?sslaccept=strict&sslcert=<authority>', null, 1],
  ])('TLS only where the URL asks for it: %j', async (parameters, code, encrypted) => {
    const look = `CREATE TABLE seen AS SELECT variable_value <> '' AS encrypted
      FROM ${flavor === 'mysql' ? 'performance_schema' : 'information_schema'}.session_status WHERE variable_name = 'Ssl_cipher'`;
    const made = await world(7, { '1': look }, { parameters: parameters.replace('<authority>', authority) });
    expect((await outcome(made)).code).toBe(code);
    if (encrypted !== null) expect(await made.rows('SELECT encrypted FROM seen')).toEqual([{ encrypted }]);
  });
});
