import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Flavor, type MysqlCluster, startMysql } from '../../lab/mysql/index.ts';
import type { PrismaMajor } from '../../lab/projects/make.ts';
import { describeMysql } from '../mysql.ts';
import { applied, type Ended, history, type World, Worlds } from './prisma-worlds.ts';

const half =
  'CREATE TABLE first (id int);\n-- the rest\nSELECT missing FROM first;\nCREATE TABLE third (id int);\n';
const good = { '1_one': 'CREATE TABLE one (id int)', '2_two': 'CREATE TABLE two (id int)' };

interface Waited {
  readonly result: unknown;
  readonly held: boolean;
}

/** Prisma's lock is one for the whole server, so the deploys beside the one that waits for it do without. */
const unlocked = { PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK: '1' };
const holder = "SELECT IS_USED_LOCK('prisma_migrate') AS id";

describeMysql('the engine on MySQL', (flavor: Flavor) => {
  let cluster: MysqlCluster;
  let worlds: Worlds;
  /** Prisma 7 after two good files and one that failed. */
  let made: World;
  /** Every start of a CLI costs a second, so those that need nothing of each other run side by side. */
  let early: Readonly<Record<'six' | 'five' | 'password' | 'unreachable', Promise<Ended>>>;
  let waited: Promise<Waited>;

  const world = (...args: Parameters<Worlds['create']>): Promise<World> => worlds.create(...args);
  const tables = async ({ rows }: World): Promise<readonly unknown[]> => {
    const list = await rows(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> '_prisma_migrations' ORDER BY 1",
    );
    return list.map(({ name }) => name);
  };

  beforeAll(async () => {
    cluster = await startMysql({ name: 'engine-mysql', archive: false, flavor });
    worlds = new Worlds(cluster);
    waited = waitInVain();
    early = {
      six: deployHalf(6),
      five: deployHalf(5),
      password: refused((url) => url.replace(/:[^:@]*@/, ':wrong@')),
      unreachable: refused((url) => url.replace(/@[^/]*/, '@127.0.0.1:1')),
    };
    for (const started of [waited, ...Object.values(early)]) started.catch(() => undefined);
  });

  afterAll(async () => {
    await Promise.allSettled([waited, ...Object.values(early ?? {})]);
    worlds?.remove();
    await cluster?.stop();
  });

  async function deployHalf(major: PrismaMajor): Promise<Ended> {
    return await (await world(major, { ...good, '3_half': half })).prisma('migrate deploy', unlocked);
  }

  async function refused(change: (url: string) => string): Promise<Ended> {
    const { prisma, url } = await world(7, good);
    return await prisma('migrate deploy', { DATABASE_URL: change(url) });
  }

  /** Two engines at once: the answer of the second one, and whether the first one held the lock all the time. */
  async function waitInVain(): Promise<Waited> {
    const first = await world(7, { '1_slow': 'DO SLEEP(60)' });
    const busy = first.engine();
    busy.apply();
    await busy.printed('Applying migration `1_slow`');
    const [before] = await first.rows(holder);
    const second = await world(7, { '1_one': good['1_one'] });
    const { result } = await applied(second.engine());
    const [after] = await first.rows(holder);
    await first.rows(`KILL ${before?.id}`);
    busy.closeInput();
    await busy.exit;
    return { result, held: before?.id !== null && before?.id === after?.id };
  }

  test('Prisma 7 applies two files, and what the failing third one did stays', async () => {
    made = await world(7, { ...good, '3_half': half });
    const failed = await made.prisma('migrate deploy', unlocked);
    expect(failed.code).toBe(1);
    expect(failed.out).toMatch(
      /MySQL database[\s\S]*Applying migration `1_one`[\s\S]*`2_two`[\s\S]*`3_half`/,
    );
    expect(failed.err).toMatch(
      /Error: P3018[\s\S]*Migration name: 3_half\n\nDatabase error code: 1054\n\nDatabase error:\nUnknown column 'missing' in .*\n\nPlease check the query number 2 from the migration file\.\n/,
    );
    expect(await tables(made)).toEqual(['first', 'one', 'two']);
    const [one, two, unfinished] = await made.rows(history);
    for (const row of [one, two]) expect(row).toMatchObject({ finished: 1, steps: 1, logs: null });
    expect(unfinished).toMatchObject({ name: '3_half', finished: 0, rolled_back: 0, steps: 0 });
    expect(unfinished?.logs).toContain('query number 2 from');
  });

  test('the failed row blocks the next deploy until it is marked', async () => {
    const again = await made.prisma('migrate deploy', unlocked);
    expect(again.err).toMatch(
      /Error: P3009[\s\S]*The `3_half` migration started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* UTC failed/,
    );
    expect(await made.prisma('migrate resolve --rolled-back 3_half', unlocked)).toMatchObject({ code: 0 });
    expect((await made.rows(history))[2]).toMatchObject({ finished: 0, rolled_back: 1 });

    made.project.add('3_half', 'CREATE TABLE third (id int)');
    expect((await applied(made.engine(unlocked))).result).toEqual({ appliedMigrationNames: ['3_half'] });
    expect(await tables(made)).toEqual(['first', 'one', 'third', 'two']);
  });

  test.each(['six', 'five'] as const)('Prisma %s sends the file whole, too', async (major) => {
    const failed = await early[major];
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/Error: P3018[\s\S]*code: 1054[\s\S]*query number 2 from/);
  });

  test.each([
    ['password', 'P1000: Authentication failed', '`app` are not valid'],
    ['unreachable', "P1001: Can't reach database server at `127.0.0.1:1`", 'is running at'],
  ] as const)('a wrong address: %s', async (which, head, tail) => {
    const { code, err } = await early[which];
    expect(code).toBe(1);
    expect(err).toContain(head);
    expect(err).toContain(tail);
  });

  test('ten seconds of waiting for the lock end without it, and the files are applied', async () => {
    const { result, held } = await waited;
    expect(held).toBe(true);
    expect(result).toEqual({ appliedMigrationNames: ['1_one'] });
  });
});
