import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { applied, history, tables, type World, Worlds } from './prisma-worlds.ts';

let cluster: Cluster;
let worlds: Worlds;

const world = (...args: Parameters<Worlds['create']>): Promise<World> => worlds.create(...args);

beforeAll(async () => {
  cluster = await startCluster({ name: 'engine-wire', archive: false });
  worlds = new Worlds(cluster);
});

afterAll(async () => {
  worlds?.remove();
  await cluster?.stop();
});

describe('the engine alone', () => {
  const alone = 'CREATE TABLE t (id int)';
  const concurrently = '-- quick\nCREATE INDEX CONCURRENTLY i ON t (id);';
  test.each([
    ['whole-file', { '1': alone, '2': concurrently }, undefined],
    ['whole-file', { '1': `${alone}; ${concurrently}` }, '25001'],
    ['statement-by-statement', { '1': `${alone}; ${concurrently}` }, undefined],
    [
      'statement-by-statement',
      { '1': alone, '2': concurrently, '3': 'SELECT 1; DROP INDEX CONCURRENTLY i;' },
      '25001',
    ],
    [
      'statement-by-statement',
      { '1': `${alone}; DO $$ BEGIN PERFORM 1; PERFORM 2; END $$; -- ünïcödé\n${concurrently}` },
      undefined,
    ],
    ['statement-by-statement', { '1': '', '2': '-- nothing' }, undefined],
  ])('%s, %j: %s', async (mode, migrations, code) => {
    const { engine } = await world(7, migrations);
    const answer = await applied(engine({ LAB_ENGINE_MODE: mode }));
    if (code === undefined) expect(answer.result).toEqual({ appliedMigrationNames: Object.keys(migrations) });
    else
      expect(answer.error?.data).toMatchObject({
        error_code: 'P3018',
        message: expect.stringContaining(`code: ${code}`),
      });
  });

  test('takes its settings from the URL alone', async () => {
    const look = `CREATE TABLE seen AS SELECT current_setting('application_name') AS application,
      current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock, current_schema() AS schema`;
    const parameters =
      '?application_name=guard%2F1&options=-c%20statement_timeout%3D4321&lock_timeout=5&schema=tenant';
    const told = await world(7, { '1': look }, { parameters });
    expect((await applied(told.engine())).error).toBeUndefined();
    expect(await told.rows('SELECT * FROM tenant.seen')).toEqual([
      { application: 'guard/1', statement: '4321ms', lock: '0', schema: 'tenant' },
    ]);
    expect(await told.rows("SELECT to_regclass('tenant._prisma_migrations')::text AS name")).toEqual([
      { name: 'tenant._prisma_migrations' },
    ]);
    const silent = await world(7, { '1': look });
    await applied(silent.engine({ PGOPTIONS: '-c statement_timeout=99', PGAPPNAME: 'other' }));
    expect(await silent.rows('SELECT * FROM seen')).toEqual([
      { application: '', statement: '0', lock: '0', schema: 'public' },
    ]);
  });

  test('runs all files in one session', async () => {
    const { engine, rows } = await world(7, {
      '1': "SET lock_timeout = '7s'",
      '2': "CREATE TABLE leaked AS SELECT current_setting('lock_timeout') AS value",
    });
    await applied(engine());
    expect(await rows('SELECT value FROM leaked')).toEqual([{ value: '7s' }]);
  });

  test.each([
    [
      'an emptied search_path',
      "CREATE TABLE kept (id int); SELECT set_config('search_path', '', false)",
      'P1014',
      'kept',
    ],
    ['a byte order mark', '\ufeffCREATE TABLE a (id int)', 'P3018', undefined],
    ['a NUL byte', 'SELECT 1;\0', 'P3018', undefined],
  ])('%s: what is answered and what stays', async (_, sql, code, table) => {
    const { engine, rows } = await world(7, { '1': sql });
    expect((await applied(engine())).error?.data.error_code).toBe(code);
    expect((await rows(tables)).map(({ name }) => name)).toEqual(table === undefined ? [] : [table]);
    expect(await rows(history)).toMatchObject([{ finished: false }]);
  });

  test('refuses a database that is not empty and a lock file of another provider', async () => {
    const { engine, rows } = await world(7, { '1': 'SELECT 1' });
    await rows('CREATE TABLE old (id int)');
    expect((await applied(engine())).error?.data.error_code).toBe('P3005');
    const other = await world(
      7,
      {},
      { files: { 'prisma/migrations/migration_lock.toml': 'provider="postgresql"\n' } },
    );
    const answer = await applied(other.engine());
    expect(answer.error?.data.error_code).toBe('P3019');
  });
});

describe('TLS', () => {
  let tls: Cluster;
  let authority: string;

  beforeAll(async () => {
    tls = await startCluster({ name: 'engine-tls', archive: false, ssl: 'only' });
    authority = join(mkdtempSync(join(tmpdir(), 'lab-ca-')), 'ca.pem');
    writeFileSync(authority, tls.caCertificate ?? '');
  });

  afterAll(async () => {
    await tls?.stop();
    rmSync(dirname(authority), { recursive: true });
  });

  test.each([
    ['', null],
    ['?sslmode=require', null],
    ['?sslmode=disable', 'P1010'],
    ['?sslmode=require&sslaccept=strict', 'P1011'],
    ['?sslmode=require&sslaccept=strict&sslcert=<authority>', null],
  ])('a server that takes nothing else, with %j: %s', async (parameters, code) => {
    const { engine } = await worlds.create(
      7,
      { '1': 'SELECT 1' },
      { parameters: parameters.replace('<authority>', authority), cluster: tls },
    );
    expect((await applied(engine())).error?.data.error_code ?? null).toBe(code);
  });

  test('a server without it and sslmode=require: P1011', async () => {
    const { engine } = await world(7, { '1': 'SELECT 1' }, { parameters: '?sslmode=require' });
    expect((await applied(engine())).error?.data.error_code).toBe('P1011');
  });
});

describe('stopping', () => {
  const sleeping =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%' AND datname = current_database()";

  test('a signal waits for the running file for a while and never cancels it', async () => {
    const { engine, rows } = await world(7, { '1': 'SELECT pg_sleep(40)' });
    const running = engine({ PRISMA_GRACEFUL_SHUTDOWN_TIMEOUT: '300' });
    running.apply();
    while ((await rows(sleeping))[0]?.n !== 1);
    running.kill('SIGTERM');
    expect(await running.exit).toBe(1);
    expect(await rows(sleeping)).toEqual([{ n: 1 }]);
    await rows(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
  });

  test('a closed stdin waits for the running file; the next one gets its row and never runs', async () => {
    const { engine, rows } = await world(7, {
      '1': 'SELECT pg_sleep(0.5)',
      '2': 'CREATE TABLE never (id int)',
    });
    const running = engine();
    running.apply();
    await running.printed('Applying migration `1`');
    running.closeInput();
    expect(await running.exit).toBe(101);
    expect(await rows(history)).toMatchObject([
      { name: '1', finished: true },
      { name: '2', finished: false },
    ]);
    expect(await rows(tables)).toEqual([]);
  });

  test.each([
    ['pg_cancel_backend', 'P3018', 'canceling statement due to user request'],
    ['pg_terminate_backend', 'P1017', null],
  ])('%s ends the run with %s', async (end, code, logs) => {
    const { engine, rows } = await world(7, { '1': 'SELECT pg_sleep(40)' });
    const running = engine();
    running.apply();
    await running.printed('Applying migration `1`');
    while ((await rows(sleeping))[0]?.n !== 1);
    await rows(
      `SELECT ${end}(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()`,
    );
    expect((await running.answer).error?.data.error_code).toBe(code);
    running.closeInput();
    await running.exit;
    const [row] = await rows(history);
    if (logs === null) expect(row?.logs).toBeNull();
    else expect(row?.logs).toContain(logs);
  });
});
