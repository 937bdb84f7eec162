import pg from 'pg';
import { createAnalyser } from '../../src/adapters/sql/index.ts';
import {
  type CatalogFacts,
  type Hazard,
  LOCK_MODES,
  type LockMode,
  type Work,
} from '../../src/domain/hazard.ts';
import type { AnalysedFile } from '../../src/domain/syntax.ts';
import { findHazards } from '../../src/hazards/index.ts';
import { BASE, type Expected, type Proof } from '../../src/hazards/proofs/index.ts';
import { readCatalog, readFunctions } from './catalog.ts';
import { codeOf, type Observation, observe } from './observe.ts';
import type { ProofServer } from './server.ts';

const analyser = createAnalyser();
const RANK: readonly Work[] = ['catalog', 'rows', 'scan', 'build', 'rewrite'];

/** What happened when a proof, or its counter-example, ran. */
export interface Outcome {
  readonly lock: LockMode | undefined;
  readonly work: Work;
  readonly error: string | undefined;
  /** The query of running code failed afterwards; undefined when none was given. */
  readonly broke: boolean | undefined;
  readonly shown: boolean | undefined;
  readonly kept: boolean | undefined;
  /** Rules found with the catalog of this database, and without any. */
  readonly rules: readonly string[];
  readonly staticRules: readonly string[];
}

const CONTROL = /^(?:BEGIN|COMMIT|ROLLBACK);$/gm;

async function observed(client: pg.Client, script: string): Promise<Observation> {
  await client.query('BEGIN');
  try {
    return await observe(client, script.replaceAll(CONTROL, ''));
  } catch (error) {
    return { locks: new Map(), work: new Map(), error: codeOf(error) };
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Sends the file as Prisma would; gives the SQLSTATE of a failure. */
async function apply(client: pg.Client, script: string, splits: boolean): Promise<string | undefined> {
  const file = splits ? await analyser.analyse('m', 'm', Buffer.from(script)) : undefined;
  try {
    for (const text of file?.statements.map((each) => each.text) ?? [script]) await client.query(text);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

const holds = async (client: pg.Client, sql: string): Promise<boolean> => {
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0] === true;
  } catch {
    return false;
  }
};

async function fails(client: pg.Client, sql: string): Promise<boolean> {
  try {
    await client.query(sql);
    return false;
  } catch {
    return true;
  }
}

const read = (text: string): Promise<AnalysedFile> => analyser.analyse('m', 'm', Buffer.from(text));

async function found(
  functions: CatalogFacts['functions'],
  client: pg.Client,
  setup: string,
  script: string,
  splits: boolean,
): Promise<readonly (readonly Hazard[])[]> {
  const request = {
    files: [await read(script)],
    splitsStatements: splits,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    allowDataLoss: [],
  };
  const catalog = await readCatalog(client, functions);
  return [
    findHazards({ ...request, catalog }),
    findHazards({
      ...request,
      applied: [await read(`${BASE}${setup}`)],
      serverVersion: catalog.serverVersion,
    }),
  ];
}

const idsOf = (hazards: readonly Hazard[] = []): readonly string[] => [
  ...new Set(hazards.map(({ rule }) => rule)),
];

/** The functions of the server are many and stay the same. */
const functionsOf = new WeakMap<ProofServer, CatalogFacts['functions']>();

/** A session of its own on a schema of its own, which is left to the end of the cluster. */
async function withSchema<T>(
  cluster: ProofServer,
  work: (client: pg.Client, schema: string) => Promise<T>,
): Promise<T> {
  const schema = `proof_${Math.random().toString(36).slice(2)}`;
  const client = new pg.Client({
    connectionString: cluster.superuserUrl(),
    options: `-c search_path=${schema} -c lock_timeout=5s`,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (!functionsOf.has(cluster)) functionsOf.set(cluster, await readFunctions(client));
    await client.query(`CREATE SCHEMA ${schema}`);
    return await work(client, schema);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Runs one script against fresh tables and watches. */
export const run = (
  cluster: ProofServer,
  setup: string,
  script: string,
  splits: boolean,
  { table = 'users', breaks, shows, keeps }: Expected,
): Promise<Outcome> =>
  withSchema(cluster, async (client, schema) => {
    await client.query(`${BASE}${setup}`);
    const [withCatalog, without] = await found(functionsOf.get(cluster) ?? {}, client, setup, script, splits);
    const seen = await observed(client, script);
    const before = shows === undefined ? false : await holds(client, shows);
    const error = await apply(client, script, splits);
    return {
      lock: seen.locks.get(`${schema}.${table}`),
      work: seen.work.get(`${schema}.${table}`) ?? 'catalog',
      error,
      broke: breaks === undefined ? undefined : await fails(client, breaks),
      kept: keeps === undefined ? undefined : await holds(client, keeps),
      shown: shows === undefined ? undefined : !before && (await holds(client, shows)),
      rules: idsOf(withCatalog),
      staticRules: idsOf(without),
    };
  });

export const prove = (cluster: ProofServer, proof: Proof): Promise<Outcome> =>
  run(cluster, proof.setup ?? '', proof.statement, proof.splits === true, proof.expected);

/** True when the outcome shows at least the lock and the long work that a proof expects. */
export const hasEffect = (outcome: Outcome, { lock, work }: Expected): boolean =>
  lock !== undefined &&
  work !== undefined &&
  outcome.lock !== undefined &&
  LOCK_MODES.indexOf(outcome.lock) <= LOCK_MODES.indexOf(lock) &&
  RANK.indexOf(outcome.work) >= RANK.indexOf(work);
