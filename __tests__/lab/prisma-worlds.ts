/** Databases and Prisma projects for the tests of the lab's engine, one pair per test. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { node24 } from '../../lab/node24.ts';
import type { Cluster } from '../../lab/postgres/index.ts';
import { makeProject, type PrismaMajor, type Project, schemaEngine } from '../../lab/projects/make.ts';
import { dialectOf } from '../../src/domain/dialect.ts';

export interface World {
  readonly project: Project;
  readonly url: string;
  readonly rows: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly prisma: (args: string, extra?: Readonly<Record<string, string>>) => Promise<Ended>;
  readonly engine: (extra?: Readonly<Record<string, string>>) => Engine;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface WorldOptions {
  /** Query string of the URL. */
  readonly parameters?: string;
  readonly from?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of the one the worlds were made for. */
  readonly cluster?: Cluster;
}

export class Worlds {
  readonly #cluster: Cluster;
  readonly #projects: Project[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** @param migrations SQL by name */
  async create(
    prisma: PrismaMajor,
    migrations: Readonly<Record<string, string>>,
    { parameters = '', cluster = this.#cluster, ...layout }: WorldOptions = {},
  ): Promise<World> {
    const list = Object.entries(migrations).map(([name, sql]) => ({ name, sql }));
    const provider = dialectOf(new URL(cluster.url()).protocol.replace(':', '')) ?? 'postgresql';
    const project = makeProject({ prisma, provider, migrations: list, ...layout });
    const database = `engine_${this.#projects.push(project)}`;
    const creation = {
      postgresql: `CREATE DATABASE ${database} OWNER app`,
      mysql: `CREATE DATABASE ${database}`,
    };
    await cluster.query(creation[provider]);
    if (provider === 'mysql') await cluster.query(`GRANT ALL ON ${database}.* TO app`);
    const url = `${cluster.url(database)}${parameters}`;
    return {
      project,
      url,
      rows: (sql) => cluster.query(sql, [], database),
      prisma: (args, extra = {}) => run(project, args, project.env(url, { NO_COLOR: '1', ...extra })),
      engine: (extra = {}) => startEngine(project, url, extra),
    };
  }

  remove(): void {
    for (const project of this.#projects) project.remove();
  }
}

async function run(project: Project, args: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(node24, [project.cli, ...args.split(' ')], { cwd: project.dir, env });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

export interface Engine {
  readonly apply: () => void;
  readonly call: (method: string, params: object) => void;
  readonly printed: (line: string) => Promise<void>;
  readonly answer: Promise<{ readonly result?: unknown; readonly error?: { readonly data: EngineFailure } }>;
  readonly exit: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly closeInput: () => void;
}

interface EngineFailure {
  readonly message: string;
  readonly error_code?: string;
}

/** The engine without a CLI before it. */
function startEngine(project: Project, url: string, extra: Readonly<Record<string, string>>): Engine {
  const schema = `${project.dir}/prisma/schema.prisma`;
  const args = [schemaEngine, '--datamodels', schema, '--datasource', JSON.stringify({ url })];
  const child = spawn(node24, args, { cwd: project.dir, env: project.env(url, extra) });
  const printed: string[] = [];
  let notify = (): void => undefined;
  const answer = new Promise<never>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.method !== 'print') return resolve(message as never);
      printed.push(message.params.content);
      child.stdin.write(`${JSON.stringify({ id: message.id, jsonrpc: '2.0', result: {} })}\n`);
      notify();
    });
  });
  const call = (method: string, params: object): void => {
    child.stdin.write(`${JSON.stringify({ id: 1, jsonrpc: '2.0', method, params })}\n`);
  };
  return {
    apply: () => call('applyMigrations', { migrationsDirectoryPath: `${project.dir}/prisma/migrations` }),
    call,
    printed: (line) =>
      new Promise((resolve) => {
        notify = () => {
          if (printed.includes(line)) resolve();
        };
        notify();
      }),
    answer,
    exit: new Promise((resolve) => child.once('exit', resolve)),
    kill: (signal) => void child.kill(signal),
    closeInput: () => child.stdin.end(),
  };
}

export async function applied(engine: Engine): ReturnType<() => Engine['answer']> {
  engine.apply();
  return await answered(engine);
}

/** The answer to what was asked last. */
export async function answered(engine: Engine): ReturnType<() => Engine['answer']> {
  const answer = await engine.answer;
  engine.closeInput();
  await engine.exit;
  return answer;
}

/** What the history says, oldest row first. */
export const history = `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back,
  applied_steps_count AS steps, logs FROM _prisma_migrations ORDER BY started_at`;
/** Names of the tables in `public` but the history. */
export const tables = `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname <> '_prisma_migrations' ORDER BY 1`;
