/** P1xxx and P2xxx that every database can cause. Texts: prisma-engines, libs/user-facing-errors/src/common.rs. */
import { EngineError } from './errors.mjs';

/**
 * @typedef {object} Where
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} database
 * @property {boolean} hidesAddress since 6.7.0 most texts no longer name the server
 */

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

/** @param {string} message of the TLS layer */
export function tlsFailed(message) {
  return new EngineError('P1011', `Error opening a TLS connection: ${message}`, { message });
}

/** @param {Where} where */
export function wrongPassword(where) {
  const server = where.hidesAddress ? 'the configured address' : `\`${where.host}\``;
  const against = where.hidesAddress ? '' : ` at \`${where.host}\``;
  return new EngineError(
    'P1000',
    `Authentication failed against database server${against}, the provided database credentials for \`${where.user}\` are not valid.\n\nPlease make sure to provide valid database credentials for the database server at ${server}.`,
    { database_user: where.user },
  );
}

/** @param {Where} where */
export function accessDenied(where) {
  return new EngineError(
    'P1010',
    `User \`${where.user}\` was denied access on the database \`${where.database}\``,
  );
}

/** @param {Where} where */
export function databaseMissing(where) {
  const place = where.hidesAddress ? '' : ` on the database server at \`${where.host}:${where.port}\`.`;
  return new EngineError('P1003', `Database \`${where.database}\` does not exist${place}`, {
    database_name: where.database,
  });
}

/** @param {Where} where */
export function databaseExists(where) {
  const place = where.hidesAddress ? '' : ` on the database server at \`${where.host}:${where.port}\``;
  return new EngineError('P1009', `Database \`${where.database}\` already exists${place}`, {
    database_name: where.database,
  });
}

export function historyMissing() {
  return new EngineError('P1014', 'The underlying table for model `_prisma_migrations` does not exist.');
}

/** @param {string} column */
export function valueTooLong(column) {
  return new EngineError(
    'P2000',
    `The provided value for the column is too long for the column's type. Column: ${column}`,
  );
}

export function serverClosed() {
  return new EngineError('P1017', 'Server has closed the connection.');
}

/** @param {string} reason why the URL cannot be read */
export function urlInvalid(reason) {
  const link = 'https://www.prisma.io/docs/reference/database-reference/connection-urls';
  const details = `${reason} Please refer to the documentation in ${link} for constructing a correct connection string. In some cases, certain characters must be escaped. Please check the string for any illegal characters.`;
  return new EngineError('P1013', `The provided database string is invalid. ${details}`, { details });
}
