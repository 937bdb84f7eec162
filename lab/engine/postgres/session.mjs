/** One PostgreSQL session for the whole run, opened the way the native driver opens it. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { tlsFailed, unreachable } from '../refusals.mjs';
import { columnType } from './column-types.mjs';
import { fromDatabase } from './connection-errors.mjs';
import { HISTORY } from './history.mjs';
import { waitForLock } from './lock.mjs';
import { runScript } from './script.mjs';
import { tableNames } from './tables.mjs';

/** @typedef {import('../database.mjs').Session} Contract */
/** @typedef {import('./connection-url.mjs').Target} Target */
/** @typedef {import('../refusals.mjs').Where} Where */

const NO_TLS = 'The server does not support SSL connections';

// `pg` reads these where the native engine does not; a test that sets PGOPTIONS must see it ignored.
for (const name of Object.keys(process.env)) if (name.startsWith('PG')) delete process.env[name];

/** @implements {Contract} */
export class Session {
  history = HISTORY;
  /** @type {Where} */
  where;
  /** @type {string} */
  schema;
  /** @type {pg.Client} */
  #client;

  /**
   * @param {pg.Client} client connected
   * @param {Where & Target} where
   */
  constructor(client, where) {
    this.#client = client;
    this.where = where;
    this.schema = where.schema ?? 'public';
  }

  /**
   * One of the engine's own queries. Throws an EngineError.
   * @param {string} sql
   * @param {readonly unknown[]} [values]
   * @returns {Promise<readonly Record<string, unknown>[]>}
   */
  async query(sql, values = []) {
    try {
      const result = await this.#client.query(sql, [...values]);
      return result.rows;
    } catch (error) {
      throw fromDatabase(error, this.where);
    }
  }

  async lock() {
    await waitForLock(this);
  }

  /** @param {readonly string[]} schemas besides the URL's own */
  async tables(schemas) {
    return await tableNames(this, [...schemas, this.schema]);
  }

  /**
   * @param {string} name
   * @param {string} script
   * @param {import('../cli-version.mjs').Mode} mode
   */
  async run(name, script, mode) {
    return await runScript(this, name, script, mode);
  }

  async version() {
    const rows = await this.query('SELECT version() AS version');
    return String(rows[0]?.version);
  }

  /**
   * Rows as arrays, with their column types; the error is the driver's own.
   * @param {import('./diff-adapter.mjs').Query} query
   */
  async read({ sql, args }) {
    const result = await this.#client.query({ text: sql, values: [...args], rowMode: 'array' });
    return {
      columnNames: result.fields.map((field) => field.name),
      columnTypes: result.fields.map((field) => columnType(field.dataTypeID)),
      rows: result.rows,
    };
  }

  /**
   * A piece of a migration as one simple query; the error is the driver's own.
   * @param {string} sql
   */
  async script(sql) {
    await this.#client.query(sql);
  }

  async close() {
    await this.#client.end().catch(() => undefined);
  }
}

/**
 * @param {Target} target
 * @param {boolean} hidesAddress
 * @returns {Promise<Session>} or throws an EngineError
 */
export async function openSession(target, hidesAddress) {
  const where = { ...target, hidesAddress };
  try {
    return new Session(await connectWithTlsAsAsked(target), where);
  } catch (error) {
    throw connectError(error, where);
  }
}

/** @param {Target} target */
async function connectWithTlsAsAsked(target) {
  if (target.sslmode === 'disable' || target.host.startsWith('/')) return await connect(target, false);
  try {
    return await connect(target, tlsOptions(target));
  } catch (error) {
    // The native driver goes on in plain text on the same socket; a second connection ends in the same state.
    const refused = error instanceof Error && error.message.startsWith(NO_TLS);
    if (target.sslmode === 'prefer' && refused) return await connect(target, false);
    throw error;
  }
}

/** @param {Target} target */
function tlsOptions(target) {
  const ca = target.sslcert === undefined ? {} : { ca: readFileSync(target.sslcert, 'utf8') };
  return { rejectUnauthorized: target.verifiesCertificate, ...ca };
}

/**
 * @param {Target} target
 * @param {false | { readonly rejectUnauthorized: boolean, readonly ca?: string }} ssl
 */
async function connect(target, ssl) {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    ssl,
    connectionTimeoutMillis: target.connectTimeout,
  });
  Object.assign(client, { getStartupConf: () => startupPacket(target) });
  // A session ended by the server between two queries is noticed by the next query.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** @param {Target} target */
function startupPacket(target) {
  return {
    user: target.user,
    database: target.database,
    ...(target.applicationName ? { application_name: target.applicationName } : {}),
    ...(target.options ? { options: target.options } : {}),
    ...(target.schema ? { search_path: `"${target.schema.replaceAll('"', '""')}"` } : {}),
  };
}

/**
 * @param {unknown} error
 * @param {Where} where
 */
function connectError(error, where) {
  const { message, code } = /** @type {Error & { code?: string }} */ (error);
  if (message.startsWith(NO_TLS)) return tlsFailed('server does not support TLS');
  const tls = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL)/.test(code ?? '');
  if (tls) return tlsFailed(message);
  if (/timeout expired|terminated/.test(message)) return unreachable(where);
  return fromDatabase(error, where);
}
