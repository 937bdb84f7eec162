/** Runs one case through the product's own path: adapters, parser, `migrate()` with its watch, verdict and replay. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { node24 } from '../../../lab/node24.ts';
import { type Cluster, startCluster } from '../../../lab/postgres/index.ts';
import { makeProject, type Project } from '../../../lab/projects/make.ts';
import { createEngine } from '../../../src/adapters/postgres/index.ts';
import { createMigrator } from '../../../src/adapters/prisma/migrator.ts';
import { createParser } from '../../../src/adapters/sql/parser.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { Event } from '../../../src/domain/event.ts';
import { compareHistory } from '../../../src/domain/history.ts';
import { applicationName, type RunIdentity, watchName } from '../../../src/domain/request.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import { Guard } from '../../../src/guard/context.ts';
import { migrate } from '../../../src/guard/steps/migrate.ts';
import { guardedEnvironment, sessionLimits } from '../../../src/guard/urls.ts';
import { nowhereBack } from '../../fakes/absent.ts';
import { request } from '../../fakes/world.ts';
import type { Mode, VerdictCase } from './case.ts';
import { FIXTURE } from './fixture.ts';
import { begin, type Scene, startCable } from './meanwhile.ts';
import { compareTruths, readTruth } from './truth.ts';

export interface Seen {
  readonly verdict: Verdict;
  readonly events: readonly Event[];
  /** What a brute-force comparison found to differ. */
  readonly differing: readonly string[];
  readonly tookMs: number;
}

const SERVER_VERSION = 180_000;
let count = 0;

/** Compiled code of the CLI, shared by all runs: a third of its start. */
const compiled = mkdtempSync(join(tmpdir(), 'verdict-'));
export const forget = (): void => rmSync(compiled, { recursive: true, force: true });

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
  await cluster.query(`CREATE DATABASE ${database} OWNER app`, [], 'postgres');
  if (the.bare === undefined) await asOwner(cluster.url(database), FIXTURE + (the.setup ?? ''));
  if (the.admin !== undefined) await cluster.query(the.admin, [], database);
  using project = projectOf(the);
  const before = await readTruth(cluster.superuserUrl(database));
  const cable = await startCable(cluster.port);
  const url = cluster.url(database, the.role ?? 'app').replace(`:${cluster.port}/`, `:${cable.port}/`);
  const mark = `${process.pid}-${count}`;
  try {
    const started = Date.now();
    const run = await deploy({ cluster, database, project, url, mark, the, mode, cut: cable.cut });
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

function projectOf({ files }: VerdictCase): Project {
  const project = makeProject({ prisma: 7 });
  const named = typeof files === 'string' || files instanceof Uint8Array ? { '1_first': files } : files;
  for (const [name, content] of Object.entries(named)) {
    const folder = join(project.dir, 'prisma/migrations', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'migration.sql'), content);
  }
  return project;
}

interface Deploy extends Pick<Scene, 'cluster' | 'database' | 'mark' | 'cut'> {
  readonly project: Project;
  readonly url: string;
  readonly the: VerdictCase;
  readonly mode: Mode;
}

async function deploy(order: Deploy): Promise<Pick<Seen, 'verdict' | 'events'>> {
  const { the, project, url, mode, mark } = order;
  const events: Event[] = [];
  const cancel = new AbortController();
  const identity = identityOf(mark);
  const engine = createEngine();
  const migrator = createMigrator({
    workingDirectory: project.dir,
    repositoryRoot: project.dir,
    environment: project.env(url, { LAB_ENGINE_MODE: mode, LAB_CASE: mark, NODE_COMPILE_CACHE: compiled }),
    nodePath: node24,
    scrub: (text) => text,
  });
  const guard = new Guard({
    request: request({
      statementTimeoutMs: the.statementTimeoutMs ?? 20_000,
      lockTimeoutMs: the.lockTimeoutMs ?? 10_000,
      migrationTimeoutMs: the.migrationTimeoutMs ?? 60_000,
      lockRetries: 0,
    }),
    identity,
    ports: {
      clock: systemClock,
      migrator: async () => migrator,
      engine: async () => engine,
      parser: async () => createParser(),
      recovery: forbidden,
      ...nowhereBack,
      secrets: forbidden,
      commands: forbidden,
      notifier: forbidden,
      analyser: forbidden,
      workspace: forbidden,
      review: forbidden,
    },
    voice: { message: () => ({ text: '', blocks: [] }) },
    environment: {},
    onEvent: (event) => events.push(event),
    onSecret: () => undefined,
    cancelled: cancel.signal,
  });
  const found = { ...(await migrator.project()), splitsStatements: mode === 'statement-by-statement' };
  const environment = guardedEnvironment(
    { primary: 'DATABASE_URL', given: { DATABASE_URL: new Secret(url) } },
    sessionLimits(guard, SERVER_VERSION),
  );
  const secret = new Secret(environment.DATABASE_URL ?? '');
  const session = await engine.connect(secret, watchName(identity));
  guard.emit({ type: 'observed-database', database: await session.facts() });
  const state = await session.state();
  const { lsn } = await session.clock();
  await session.close();
  const { pending } = compareHistory(found, state.history);
  const parser = createParser();
  const files = await Promise.all(
    pending.map(async ({ name }) => parser.parse(name, await migrator.script(found, name))),
  );
  const end = await begin(
    {
      ...order,
      applicationName: applicationName(identity),
      cliPid: () => events.findLast((event) => event.type === 'migrator-started')?.pid,
      abort: () => cancel.abort(),
    },
    the.meanwhile ?? {},
  );
  try {
    const point = { time: new Date().toISOString(), lsn, state };
    const verdict = await migrate(guard, { project: found, pending, files, url: secret, environment, point });
    return { verdict, events };
  } finally {
    await end();
  }
}

const forbidden = async (): Promise<never> => {
  throw new Error('a verdict needs no cloud, no secret, no command and no message');
};

const identityOf = (mark: string): RunIdentity => ({
  runId: mark,
  attempt: '1',
  repository: 'acme/shop',
  sha: 'c0ffee12',
  actor: 'mira',
  workflow: 'deploy',
  serverUrl: 'https://github.com',
});
