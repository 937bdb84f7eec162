/** One MySQL or MariaDB session for the whole run, with the capabilities the native driver asks for. */
import { readFileSync } from 'node:fs';
import mysql from 'mysql2';
import { asDriverError, driverFailed, fromDatabase, isFromServer } from './connection-errors.mjs';
import { HISTORY } from './history.mjs';
import { waitForLock } from './lock.mjs';
import { runScript } from './script.mjs';

/** @typedef {import('../database.mjs').Session} Contract */
/** @typedef {import('./connection-url.mjs').Target} Target */
/** @typedef {Target & import('../refusals.mjs').Where} Place */
/** @typedef {Readonly<Record<string, unknown>>[]} Rows */

/** @implements {Contract} */
export class Session {
  history = HISTORY;
  /** @type {Place} */
  where;
  /** @type {mysql.Connection} */
  #connection;
  #lost = false;

  /**
   * @param {mysql.Connection} connection connected
   * @param {Place} where
   */
  constructor(connection, where) {
    this.#connection = connection;
    this.where = where;
  }

  /**
   * A prepared statement.
   * @param {string} sql
   * @param {readonly unknown[]} [values]
   * @returns {Promise<readonly Record<string, unknown>[]>}
   */
  async query(sql, values = []) {
    // After a broken read the native driver has no connection any more, and no name for that either.
    if (this.#lost) throw driverFailed('Connection to the server is closed.');
    return await this.#execute(sql, values).catch((error) => {
      throw fromDatabase(error, this.where);
    });
  }

  /**
   * A plain COM_QUERY whose answer nobody looks at.
   * @param {string} sql
   */
  async command(sql) {
    const failure = await this.sendWhole(sql);
    if (failure !== undefined) throw fromDatabase(failure.cause, this.where);
  }

  /**
   * @param {string} sql one or many statements, sent as one COM_QUERY
   * @returns {Promise<{ readonly cause: unknown, readonly answered: number } | undefined>} why it failed, and how many
   *   answers (result sets or OK packets) came before
   */
  async sendWhole(sql) {
    return await new Promise((resolve) => {
      const sent = this.#connection.query(sql, (error) => {
        if (error === null) return resolve(undefined);
        this.#lost = !isFromServer(asDriverError(error));
        // The events cannot tell a failure inside a result set from one after it; this counter can.
        resolve({ cause: error, answered: Number(Reflect.get(sent, '_resultIndex')) });
      });
    });
  }

  async lock() {
    await waitForLock(this);
  }

  /** Tables that have columns; MySQL knows no schemas inside a database. */
  async tables() {
    const sql = `SELECT DISTINCT t.table_name AS name FROM information_schema.tables AS t
      INNER JOIN information_schema.columns AS c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
      WHERE t.table_schema = ? AND t.table_type = 'BASE TABLE'`;
    return (await this.query(sql, [this.where.database])).map((row) => String(row.name));
  }

  /**
   * @param {string} name
   * @param {string} script
   */
  async run(name, script) {
    return await runScript(this, name, script);
  }

  async version() {
    const [row] = await this.query('SELECT @@GLOBAL.version AS version');
    const full = String(row?.version);
    return `${/^[\d.]+/.exec(full)?.[0]}-${full.includes('MariaDB') ? 'MariaDB' : 'MySQL'}`;
  }

  async close() {
    await new Promise((resolve) => this.#connection.end(() => resolve(undefined)));
  }

  /**
   * @param {string} sql
   * @param {readonly unknown[]} values
   * @returns {Promise<Rows>}
   */
  async #execute(sql, values) {
    const bound = /** @type {string[]} */ ([...values]);
    return await new Promise((resolve, reject) => {
      this.#connection.execute(sql, bound, (error, rows) => {
        if (error === null) resolve(Array.isArray(rows) ? /** @type {Rows} */ (rows) : []);
        else reject(error);
      });
    });
  }
}

/**
 * @param {Target} target
 * @param {boolean} hidesAddress
 * @returns {Promise<Session>} or throws an EngineError
 */
export async function openSession(target, hidesAddress) {
  const where = { ...target, hidesAddress };
  const connection = mysql.createConnection(options(target));
  return await new Promise((resolve, reject) => {
    // Also later: a session ended by the server between two queries is noticed by the next query.
    connection.on('error', (error) => reject(fromDatabase(error, where)));
    connection.once('connect', () => resolve(new Session(connection, where)));
  });
}

/**
 * The native driver moves from TCP on the loopback address to the server's socket; a server of the lab stands for a remote
 * one, so that is left out.
 * @param {Target} target
 * @returns {mysql.ConnectionOptions}
 */
function options({ tls, socket, ...target }) {
  const ca = tls?.sslcert === undefined ? {} : { ca: readFileSync(tls.sslcert, 'utf8') };
  const verified = tls?.verifiesCertificate === true;
  return {
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    connectTimeout: target.connectTimeout,
    ...(socket === undefined ? {} : { socketPath: socket }),
    ...(tls === undefined ? {} : { ssl: { rejectUnauthorized: verified, verifyIdentity: verified, ...ca } }),
    charset: 'UTF8MB4_GENERAL_CI',
    multipleStatements: true,
    // mysql2 asks for these and the native driver does not; IGNORE_SPACE changes the sql_mode of the session.
    flags: ['-FOUND_ROWS', '-IGNORE_SPACE', '-ODBC'],
  };
}
