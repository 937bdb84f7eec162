import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';

let cluster: Cluster;
const open: { end(): Promise<void> }[] = [];

const connect = async (url: string, name = 'guard'): Promise<Session> => {
  const session = await createEngine().connect(new Secret(url), name);
  open.push({ end: () => session.close() });
  return session;
};

const client = async (name: string, url = cluster.url()): Promise<pg.Client> => {
  const raw = new pg.Client({ connectionString: url, application_name: name });
  raw.on('error', () => undefined);
  await raw.connect();
  open.push({ end: () => raw.end() });
  return raw;
};

const until = async <Value>(look: () => Promise<Value | undefined>): Promise<Value> => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

beforeAll(async () => {
  cluster = await startCluster({ name: 'watch', archive: false, databases: ['second'] });
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.end().catch(() => undefined);
});
afterAll(() => cluster?.stop());

test('activity names the blocker; a role without rights sees it without its query', async () => {
  await cluster.query('CREATE TABLE public.blocked (id int); ALTER TABLE public.blocked OWNER TO app');
  const blocker = await client('blocker', cluster.superuserUrl());
  await blocker.query('BEGIN; LOCK TABLE public.blocked');
  const ours = await client('migration');
  await ours.query('SELECT pg_advisory_lock(72707369)');
  const waiting = ours.query('SELECT * FROM public.blocked').catch((error: unknown) => error);
  const session = await connect(cluster.url());
  const seen = await until(async () => {
    const activity = await session.activity('migration');
    return activity.blockers.length > 0 ? activity : undefined;
  });
  expect(seen.ours).toMatchObject([
    { user: 'app', state: 'active', query: 'SELECT * FROM public.blocked', waiting: 'Lock:relation' },
  ]);
  expect(seen.ours[0]?.ageMs).toBeGreaterThanOrEqual(0);
  expect(seen.blockers).toMatchObject([
    { applicationName: 'blocker', user: 'postgres', state: null, query: '<insufficient privilege>' },
  ]);
  expect(seen.ours[0]?.blockedBy).toEqual([seen.blockers[0]?.pid]);
  expect(seen.advisoryLockHolders.map(({ pid }) => pid)).toEqual([seen.ours[0]?.pid]);
  expect(await session.intervene.stop('migration', 'cancel')).toBe(1);
  expect(await waiting).toMatchObject({ code: '57014' });
  // The error is on its way a moment before the backend calls itself idle.
  await until(async () => (await session.activity('migration')).ours.find(({ state }) => state === 'idle'));
  expect(await session.intervene.stop('migration', 'cancel')).toBe(0);
  expect(await session.intervene.stop('migration', 'terminate')).toBe(1);
  await until(async () => ((await session.activity('migration')).ours.length === 0 ? true : undefined));
});

test('the advisory lock of another database is not ours', async () => {
  const other = await client('other', cluster.url('second'));
  await other.query('SELECT pg_advisory_lock(72707369)');
  expect((await (await connect(cluster.url())).activity('x')).advisoryLockHolders).toEqual([]);
});

test('only an invalid index is dropped', async () => {
  await cluster.query(
    `SET ROLE app; CREATE SCHEMA i; CREATE TABLE i.t (a int); INSERT INTO i.t VALUES (1), (1); CREATE INDEX fine ON i.t (a)`,
  );
  const raw = await client('cic');
  await expect(raw.query('CREATE UNIQUE INDEX CONCURRENTLY "Left over" ON i.t (a)')).rejects.toMatchObject({
    code: '23505',
  });
  const session = await connect(cluster.url());
  expect((await session.state()).invalidIndexes).toEqual(['i."Left over"']);
  expect(await session.intervene.dropInvalidIndex('i.fine')).toBe(false);
  expect(await session.intervene.dropInvalidIndex('i."Left over"')).toBe(true);
  expect(await session.intervene.dropInvalidIndex('i."Left over"')).toBe(false);
  expect((await session.state()).invalidIndexes).toEqual([]);
  expect(await cluster.query(`SELECT 1 FROM pg_class WHERE relname = 'fine'`)).toHaveLength(1);
});

test('replay reports the failing statement and leaves nothing', async () => {
  const session = await connect(cluster.url());
  const { replay } = session.intervene;
  const limits = { totalMs: 5000, lockMs: 100 };
  const before = await session.state();
  expect(await replay(['CREATE TABLE n (a int)', 'SELECT 1', 'SELECT 1/0'], limits)).toEqual({
    index: 2,
    code: '22012',
    message: 'division by zero',
  });
  expect(await replay(['CREATE TABLE n (a int)'], limits)).toBeUndefined();
  expect(await replay(['CREATE TABLE n (a int)', '/* x */ -- y\n commit'], limits)).toBeUndefined();
  expect(await replay(['CREATE TABLE n (a int); COMMIT'], limits)).toMatchObject({ index: 0, code: '42601' });
  expect(await replay(['CREATE TABLE n (a int)', 'DO $$ BEGIN COMMIT; END $$'], limits)).toMatchObject({
    index: 1,
    code: '2D000',
  });
  expect(await replay(['SELECT pg_sleep(20)'], { ...limits, totalMs: 100 })).toBeUndefined();
  expect((await session.state()).fingerprint).toEqual(before.fingerprint);
});
