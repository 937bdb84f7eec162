/**
 * The connection URL as the native engine reads it (prisma-engines, quaint/src/connector/postgres/url.rs): its own list of
 * parameters, everything else dropped without a word, and nothing taken from PGOPTIONS, PGPASSWORD or a password file.
 */
import { EngineError } from './errors.mjs';

/**
 * @typedef {object} Target
 * @property {string} host name, address or socket directory
 * @property {number} port
 * @property {string} user
 * @property {string} password
 * @property {string} database
 * @property {string | undefined} schema sets the search path; without it the server's default stays
 * @property {'disable' | 'prefer' | 'require'} sslmode
 * @property {boolean} verifiesCertificate
 * @property {string | undefined} sslcert path of a CA certificate in PEM form
 * @property {number} connectTimeout milliseconds; 0 waits for ever
 * @property {string | undefined} applicationName
 * @property {string | undefined} options of the startup packet
 */

/**
 * @param {string} text
 * @returns {Target}
 */
export function readUrl(text) {
  const url = parse(text);
  const parameter = (/** @type {string} */ name) => url.searchParams.get(name) ?? undefined;
  const host = decoded(url.hostname.replace(/^\[|\]$/g, ''));
  return {
    host: parameter('host') ?? (host === '' ? 'localhost' : host),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database: decoded(url.pathname.slice(1)) || 'postgres',
    schema: parameter('schema'),
    sslmode: sslmode(parameter('sslmode')),
    verifiesCertificate: parameter('sslaccept') === 'strict',
    sslcert: parameter('sslcert'),
    connectTimeout: seconds(parameter('connect_timeout'), 5),
    applicationName: parameter('application_name'),
    options: parameter('options'),
  };
}

/** @param {string} text */
function parse(text) {
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw invalid('The scheme is not recognized in database URL.');
  }
  try {
    return new URL(text);
  } catch {
    throw invalid(
      /:[^/@]*[^\d/@][^/@]*(\/|$)/.test(text) ? 'invalid port number in database URL.' : 'invalid URL.',
    );
  }
}

/** @param {string} reason */
function invalid(reason) {
  const link = 'https://www.prisma.io/docs/reference/database-reference/connection-urls';
  const details = `${reason} Please refer to the documentation in ${link} for constructing a correct connection string. In some cases, certain characters must be escaped. Please check the string for any illegal characters.`;
  return new EngineError('P1013', `The provided database string is invalid. ${details}`, { details });
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {string | undefined} value
 * @returns {Target['sslmode']}
 */
function sslmode(value) {
  return value === 'disable' || value === 'require' ? value : 'prefer';
}

/**
 * @param {string | undefined} value
 * @param {number} fallback
 */
function seconds(value, fallback) {
  return (value !== undefined && /^\d+$/.test(value) ? Number(value) : fallback) * 1000;
}
