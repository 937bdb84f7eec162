/** Runs one case on PostgreSQL: fixture, truth before, deploy, truth after. */
import pg from 'pg';
import { type Cluster, startCluster } from '../../../lab/postgres/index.ts';
import { createEngine } from '../../../src/adapters/postgres/engine.ts';
import { createParser } from '../../../src/adapters/sql/parser.ts';
import { startCable } from './cable.ts';
import type { Mode, VerdictCase } from './case.ts';
import { deploy, projectOf, type Seen } from './deploy.ts';
import { FIXTURE } from './fixture.ts';
import { begin } from './meanwhile.ts';
import { compareTruths, readTruth } from './truth.ts';

const SERVER_VERSION = 180_000;
let count = 0;

/** Runs it in a fresh database of the shared server, or on a server of its own. */
export async function play(shared: Cluster, the: VerdictCase, mode: Mode): Promise<Seen> {
  if (the.alone === undefined) return playOn(shared, the, mode);
  await using own = await startCluster({
    name: 'verdict-own',
    archive: false,
    users: [{ name: 'limited', password: 'limited-1' }],
  });
  return await playOn(own, the, mode);
}

async function playOn(cluster: Cluster, the: VerdictCase, mode: Mode): Promise<Seen> {
  count += 1;
  const database = `verdict_${count}`;
  // Before anything is waited for: a mark of two cases would let the blow of one hit the other.
  const mark = `${process.pid}-${count}`;
  await cluster.query(`CREATE DATABASE ${database} OWNER app`, [], 'postgres');
  if (the.bare === undefined) await asOwner(cluster.url(database), FIXTURE + (the.setup ?? ''));
  if (the.admin !== undefined) await cluster.query(the.admin, [], database);
  using project = projectOf(the);
  const before = await readTruth(cluster.superuserUrl(database));
  const cable = await startCable(cluster.port);
  const url = cluster.url(database, the.role ?? 'app').replace(`:${cluster.port}/`, `:${cable.port}/`);
  try {
    const started = Date.now();
    const run = await deploy({
      project,
      url,
      mark,
      the,
      mode,
      engine: createEngine(),
      parser: createParser(),
      serverVersion: SERVER_VERSION,
      begin: (around) => begin({ ...around, cluster, database, mark, cut: cable.cut }, the.meanwhile ?? {}),
    });
    const tookMs = Date.now() - started;
    await cluster.start();
    const after = await readTruth(cluster.superuserUrl(database));
    return { ...run, differing: compareTruths(before, after), tookMs };
  } finally {
    cable.remove();
  }
}

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
