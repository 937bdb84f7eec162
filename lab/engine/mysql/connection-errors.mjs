/** P1xxx and P2xxx on MySQL. Codes: prisma-engines, quaint/src/connector/mysql/error.rs. */
import { EngineError } from '../errors.mjs';
import {
  accessDenied,
  databaseExists,
  databaseMissing,
  historyMissing,
  serverClosed,
  tlsFailed,
  unreachable,
  valueTooLong,
  wrongPassword,
} from '../refusals.mjs';

/** @typedef {import('../refusals.mjs').Where} Where */
/** @typedef {Error & { readonly code?: string, readonly errno?: number, readonly sqlMessage?: string }} DriverError */

/**
 * A failure of the engine's own SQL or of connecting.
 * @param {unknown} cause
 * @param {Where} where
 * @returns {EngineError}
 */
export function fromDatabase(cause, where) {
  if (cause instanceof EngineError) return cause;
  const error = asDriverError(cause);
  if (isFromServer(error)) return knownCode(error, where) ?? new EngineError(undefined, error.message);
  if (error.code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return driverFailed('Client asked for SSL but server does not have this capability');
  }
  if (error.code === 'HANDSHAKE_SSL_ERROR') return tlsFailed(error.message);
  // Only an orderly end is a closed connection for the native driver; a reset one is an unreachable server.
  if (error.code === 'PROTOCOL_CONNECTION_LOST' || /closed state/.test(error.message)) return serverClosed();
  return unreachable(where);
}

/** @param {string} reason of the driver itself */
export function driverFailed(reason) {
  return new EngineError(undefined, `Error querying the database: ${reason}`);
}

/**
 * @param {unknown} cause
 * @returns {DriverError}
 */
export function asDriverError(cause) {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/**
 * An error packet, and not the loss of the connection: only those have a message of the server.
 * @param {DriverError} error
 */
export function isFromServer(error) {
  return error.sqlMessage !== undefined;
}

/**
 * @param {DriverError} error
 * @param {Where} where
 */
function knownCode(error, where) {
  switch (error.errno) {
    case 1045:
      return wrongPassword(where);
    case 1044:
      return accessDenied(where);
    case 1049:
      return databaseMissing(where);
    case 1007:
      return databaseExists(where);
    case 1146:
      return historyMissing();
    case 1406:
      return valueTooLong(/column '([^']*)'/.exec(error.message)?.[1] ?? '(not available)');
    default:
      return undefined;
  }
}
