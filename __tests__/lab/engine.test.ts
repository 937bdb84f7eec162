import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { shopProject } from '../../lab/projects/make.ts';
import { processesWith } from '../../lab/runner/processes.ts';
import { applied, type Ended, history, tables, type World, Worlds } from './prisma-worlds.ts';

let cluster: Cluster;
let worlds: Worlds;
/** Ten seconds long, so it runs beside the other tests. */
let contention: Promise<Ended>;

const world = (...args: Parameters<Worlds['create']>): Promise<World> => worlds.create(...args);

beforeAll(async () => {
  cluster = await startCluster({ name: 'engine', archive: false });
  worlds = new Worlds(cluster);
  contention = contend();
  contention.catch(() => undefined);
});

afterAll(async () => {
  worlds?.remove();
  await cluster?.stop();
});

const half =
  'CREATE TABLE first (id int);\n-- the rest\nSELECT missing FROM first;\nCREATE TABLE third (id int);\n';

describe('Prisma 7', () => {
  test('applies the shop, has nothing to do, and finds drift', async () => {
    const { prisma, rows } = await world(7, {}, { from: shopProject });
    const deploy = await prisma('migrate deploy');
    expect(deploy).toMatchObject({
      code: 0,
      out: expect.stringContaining('All migrations have been successfully applied.'),
    });
    expect((await rows(tables)).map(({ name }) => name)).toEqual(['customers', 'orders']);
    const recorded = await rows(history);
    expect(recorded).toHaveLength(4);
    expect(recorded.every((row) => row.finished === true && row.steps === 1 && row.logs === null)).toBe(true);
    expect((await prisma('migrate deploy')).out).toContain('No pending migrations to apply.');
    expect((await prisma('migrate status')).out).toContain('Database schema is up to date!');
    await rows('ALTER TABLE customers ADD COLUMN extra int');
    const diff = 'migrate diff --from-config-datasource --to-schema prisma/schema.prisma --exit-code';
    expect(await prisma(diff)).toMatchObject({
      code: 2,
      out: expect.stringContaining('[-] Removed column `extra`'),
    });
  });

  test('sends statement by statement: a failing second one leaves the first, and blocks the next deploy', async () => {
    const { prisma, rows } = await world(7, { '1_half': half, '2_next': 'CREATE TABLE next (id int)' });
    const failed = await prisma('migrate deploy');
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('Applying migration `1_half`');
    expect(failed.err).toContain('Error: P3018');
    expect(failed.err).toContain(
      'Migration name: 1_half\n\nDatabase error code: 42703\n\nDatabase error:\nERROR: column "missing"',
    );
    expect(failed.err).toContain('\u001b[1;31m SELECT missing FROM first');
    expect(failed.err).toContain(
      'DbError { severity: "ERROR", parsed_severity: Some(Error), code: SqlState(E42703)',
    );
    expect((await rows(tables)).map(({ name }) => name)).toEqual(['first']);
    const [row] = await rows(history);
    expect(row).toMatchObject({ name: '1_half', finished: false, steps: 0 });
    expect(row?.logs).toContain('sql_schema_connector::apply_migration::apply_script');

    const again = await prisma('migrate deploy');
    expect(again.err).toMatch(
      /Error: P3009[\s\S]*The `1_half` migration started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* UTC failed/,
    );
    expect(again.err).not.toContain('42703');

    expect(await prisma('migrate resolve --rolled-back 1_half')).toMatchObject({ code: 0 });
    expect((await rows(history))[0]).toMatchObject({ rolled_back: true });
    expect(await prisma('migrate status')).toMatchObject({
      code: 1,
      out: expect.stringContaining('1_half\n2_next'),
    });
  });

  test('in whole-file mode the failing file changes nothing', async () => {
    const { engine, rows } = await world(7, { '1_half': half });
    const answer = await applied(engine({ LAB_ENGINE_MODE: 'whole-file' }));
    expect(answer.error?.data.message).toContain('Database error code: 42703');
    expect(await rows(tables)).toEqual([]);
    expect((await rows(history))[0]).toMatchObject({ finished: false });
  });

  test('hides the error of a file wrapped in BEGIN and COMMIT', async () => {
    const { prisma, rows } = await world(7, { '1_wrapped': `BEGIN;\n${half}COMMIT;` });
    const failed = await prisma('migrate deploy');
    expect(failed.code).toBe(1);
    expect(failed.err).toContain(
      'Error: ERROR: current transaction is aborted, commands ignored until end of transaction block\n   0: ',
    );
    expect(failed.err).not.toContain('P3018');
    expect(await rows(tables)).toEqual([]);
    expect((await rows(history))[0]).toMatchObject({ finished: false, logs: null });
  });

  test('calls BEGIN without COMMIT a success and loses everything', async () => {
    const { prisma, rows } = await world(7, {
      '1_open': 'BEGIN; CREATE TABLE lost (id int);',
      '2_more': 'CREATE TABLE more (id int)',
    });
    const deploy = await prisma('migrate deploy');
    expect(deploy).toMatchObject({
      code: 0,
      out: expect.stringContaining('All migrations have been successfully applied.'),
    });
    expect(await rows(tables)).toEqual([]);
    expect(await rows(history)).toMatchObject([{ name: '1_open', finished: false }]);
  });

  test('waits ten seconds for the advisory lock, then gives up before anything is applied', async () => {
    const second = await contention;
    expect(second.code).toBe(1);
    expect(second.err).toMatch(/P1002[\s\S]*pg_advisory_lock\(72707369\)\)\. Timeout: 10000ms\./);
    expect(second.out).not.toContain('Applying');
  });
});

/** `/proc` tells which process is the engine. */
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('Prisma 7 calls nothing applied when its engine is killed, whatever its exit code says', async () => {
  const { prisma, rows, url } = await world(7, {
    '1_slow': 'CREATE TABLE slow (id int);\nSELECT pg_sleep(60);',
  });
  const deploy = prisma('migrate deploy');
  const working =
    "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND datname = current_database()";
  while ((await rows(working)).length === 0);
  const family = processesWith('DATABASE_URL', url);
  const engine = family.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('schema-engine'));
  process.kill(engine ?? Number.NaN, 'SIGKILL');
  const end = await deploy;
  await rows(working.replace('SELECT 1', 'SELECT pg_terminate_backend(pid)'));
  // Both were seen, so nobody may build on the exit code.
  expect([0, 1]).toContain(end.code);
  expect(end.out).toContain('Applying migration `1_slow`');
  expect(end.out).not.toContain('successfully applied');
  expect(await rows(history)).toMatchObject([{ finished: false, logs: null }]);
});

/** What a deploy says while another one is busy. */
async function contend(): Promise<Ended> {
  const { engine, prisma, rows } = await world(7, { '1_slow': 'SELECT pg_sleep(60)' });
  const holder = engine();
  holder.apply();
  await holder.printed('Applying migration `1_slow`');
  const second = await prisma('migrate deploy');
  await rows(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
  );
  holder.closeInput();
  await holder.exit;
  return second;
}

describe.each([6, 5] as const)('Prisma %i', (major) => {
  test('applies, and sends a failing file whole', async () => {
    const { prisma, rows, project } = await world(major, { '1_ok': 'CREATE TABLE ok (id int)' });
    expect(await prisma('migrate deploy')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Applying migration `1_ok`'),
    });
    project.add('2_half', half);
    const failed = await prisma('migrate deploy');
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('Error: P3018') });
    expect((await rows(tables)).map(({ name }) => name)).toEqual(['ok']);
    expect(await rows(history)).toMatchObject([{ finished: true }, { name: '2_half', finished: false }]);
    expect(await prisma('migrate resolve --rolled-back 2_half')).toMatchObject({ code: 0 });
  });
});
