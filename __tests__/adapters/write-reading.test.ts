import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import { Secret } from '../../src/domain/secret.ts';
import { walBytes, writeLoss } from '../../src/domain/write-loss.ts';
import { decodeMarks, encodeMarks, marksOf } from '../../src/domain/write-marks.ts';
import type { Session } from '../../src/ports/engine.ts';

let cluster: Cluster;
let session: Session;

beforeAll(async () => {
  cluster = await startCluster({ name: 'writes', archive: false });
  await cluster.query(
    `CREATE TABLE "odd ""name""" (id int PRIMARY KEY); CREATE TABLE plain (id int PRIMARY KEY);
     CREATE TABLE _prisma_migrations (id text, checksum text, migration_name text, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz, logs text); GRANT ALL ON ALL TABLES IN SCHEMA public TO app`,
  );
  session = await createEngine().connect(new Secret(cluster.url()), 'guard');
});

afterAll(async () => {
  await session?.close();
  await cluster?.stop();
});

/** A backend hands its counters in when it ends at the latest; each query of the lab may keep its session. */
async function settled(expected: number): Promise<Awaited<ReturnType<Session['writes']>>> {
  for (;;) {
    await cluster.query('SELECT pg_stat_force_next_flush()');
    const reading = await session.writes();
    const rows = Object.values(reading.tables).reduce((all, each) => all + each.inserted, 0);
    if (rows >= expected) return reading;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('what was written between two readings, and nothing else, is the loss', async () => {
  const first = await session.clock();
  const state = await session.state();
  const since = new Date(first.now).toISOString();
  const marks = decodeMarks(encodeMarks(marksOf(state.writes, first.lsn, first.commits), 8));
  await cluster.query(
    `INSERT INTO plain SELECT generate_series(1, 12); UPDATE plain SET id = id + 100 WHERE id <= 3; DELETE FROM plain WHERE id = 4;
     INSERT INTO "odd ""name""" VALUES (1); INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('x', '', 'm', now())`,
  );
  const loss = writeLoss(since, marks, await settled(13));
  expect(loss.tables).toEqual([
    { table: 'public.plain', inserted: 12, updated: 3, deleted: 1 },
    { table: 'public."odd ""name"""', inserted: 1, updated: 0, deleted: 0 },
  ]);
  expect(loss.rows).toBe(17);
  expect(loss.commits).toBeGreaterThan(0);
  expect(loss.walBytes).toBeGreaterThan(0);
  expect(loss.unknown).toBeUndefined();
});

test('a reset of the statistics is seen', async () => {
  const before = await session.writes();
  await cluster.query('SELECT pg_stat_reset()');
  const after = await session.writes();
  expect(after.resetAt).toBeGreaterThanOrEqual(before.now);
  const marks = marksOf(before.tables, before.lsn, before.commits);
  const loss = writeLoss(new Date(before.now - 1).toISOString(), marks, after);
  expect(loss.rows).toBeUndefined();
  expect(loss.unknown).toMatch(/reset/);
  expect(walBytes(before.lsn, after.lsn)).toBeGreaterThanOrEqual(0);
});
