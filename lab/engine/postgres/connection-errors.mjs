/** P1xxx and P2xxx: what the engine makes of a refused connection or of a failure of one of its own queries. */
import { EngineError } from '../errors.mjs';
import {
  accessDenied,
  databaseExists,
  databaseMissing,
  historyMissing,
  serverClosed,
  unreachable,
  valueTooLong,
  wrongPassword,
} from '../refusals.mjs';

/** @typedef {import('../refusals.mjs').Where} Where */
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
    return serverClosed();
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
      return accessDenied(where);
    case '3D000':
      return databaseMissing(where);
    case '42P04':
      return databaseExists(where);
    case '42P01':
      return historyMissing();
    case '22001':
      return valueTooLong('(not available)');
    case '57P01':
      return serverClosed();
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
