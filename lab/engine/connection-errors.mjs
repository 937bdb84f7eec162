/** P1xxx and P2xxx: what the engine makes of a refused connection or of a failure of one of its own queries. */
import { EngineError } from './errors.mjs';

/**
 * @typedef {object} Where
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} database
 * @property {boolean} hidesAddress since 6.7.0 most texts no longer name the server
 */

/** @typedef {Error & { readonly [field in 'code' | 'severity' | 'detail' | 'hint']?: string | undefined }} ServerError */

/**
 * A failure of the engine's own SQL or of connecting. Codes: prisma-engines, quaint/src/connector/postgres/error.rs.
 * @param {unknown} cause
 * @param {Where} where
 * @returns {EngineError}
 */
export function fromDatabase(cause, where) {
  const error = /** @type {ServerError} */ (cause instanceof Error ? cause : new Error(String(cause)));
  if (error instanceof EngineError) return error;
  const known = knownCode(error, where);
  if (known !== undefined) return known;
  if (error.severity !== undefined) return new EngineError(undefined, displayed(error));
  if (/terminated|ECONNRESET|EPIPE|not queryable/.test(`${error.code} ${error.message}`)) {
    return new EngineError('P1017', 'Server has closed the connection.');
  }
  return unreachable(where);
}

/**
 * @param {ServerError} error
 * @param {Where} where
 */
function knownCode(error, where) {
  switch (error.severity === undefined ? undefined : error.code) {
    case '28P01':
      return wrongPassword(where);
    case '28000':
      return new EngineError(
        'P1010',
        `User \`${where.user}\` was denied access on the database \`${where.database}\``,
      );
    case '3D000':
      return databaseMissing(where);
    case '42P04':
      return databaseExists(where);
    case '42P01':
      return new EngineError('P1014', 'The underlying table for model `_prisma_migrations` does not exist.');
    case '22001':
      return new EngineError(
        'P2000',
        "The provided value for the column is too long for the column's type. Column: (not available)",
      );
    case '57P01':
      return new EngineError('P1017', 'Server has closed the connection.');
    default:
      return undefined;
  }
}

/**
 * How the Rust driver prints a server error.
 * @param {ServerError} error
 */
export function displayed(error) {
  const detail = error.detail === undefined ? '' : `\nDETAIL: ${error.detail}`;
  const hint = error.hint === undefined ? '' : `\nHINT: ${error.hint}`;
  return `${error.severity}: ${error.message}${detail}${hint}`;
}

/** @param {Where} where */
export function unreachable(where) {
  const server = where.hidesAddress
    ? `\`${where.host}:${where.port}\``
    : `\`${where.host}\`:\`${where.port}\``;
  return new EngineError(
    'P1001',
    `Can't reach database server at ${server}\n\nPlease make sure your database server is running at ${server}.`,
    { database_location: `${where.host}:${where.port}` },
  );
}

/**
 * @param {Where} where
 * @param {number} milliseconds how long the client waited
 */
export function lockTimedOut(where, milliseconds) {
  const head = 'Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(72707369)).';
  const link = 'See https://pris.ly/d/migrate-advisory-locking for details.';
  if (where.hidesAddress) {
    const context = `${head} Timeout: ${milliseconds}ms. ${link}`;
    return new EngineError(
      'P1002',
      `The database server was reached but timed out.\n\nPlease try again.\n\nPlease make sure your database server is running at the configured address.\n\nContext: ${context}\n`,
      { context },
    );
  }
  const server = `\`${where.host}\`:\`${where.port}\``;
  const context = `${head} Elapsed: ${milliseconds}ms. ${link}`;
  return new EngineError(
    'P1002',
    `The database server at ${server} was reached but timed out.\n\nPlease try again.\n\nPlease make sure your database server is running at ${server}.\n\nContext: ${context}\n`,
    { context },
  );
}

/** @param {string} message of the TLS layer */
export function tlsFailed(message) {
  return new EngineError('P1011', `Error opening a TLS connection: ${message}`, { message });
}

/** @param {Where} where */
function wrongPassword(where) {
  const server = where.hidesAddress ? 'the configured address' : `\`${where.host}\``;
  const against = where.hidesAddress ? '' : ` at \`${where.host}\``;
  return new EngineError(
    'P1000',
    `Authentication failed against database server${against}, the provided database credentials for \`${where.user}\` are not valid.\n\nPlease make sure to provide valid database credentials for the database server at ${server}.`,
    { database_user: where.user },
  );
}

/** @param {Where} where */
function databaseMissing(where) {
  const place = where.hidesAddress ? '' : ` on the database server at \`${where.host}:${where.port}\`.`;
  return new EngineError('P1003', `Database \`${where.database}\` does not exist${place}`, {
    database_name: where.database,
  });
}

/** @param {Where} where */
function databaseExists(where) {
  const place = where.hidesAddress ? '' : ` on the database server at \`${where.host}:${where.port}\``;
  return new EngineError('P1009', `Database \`${where.database}\` already exists${place}`, {
    database_name: where.database,
  });
}
