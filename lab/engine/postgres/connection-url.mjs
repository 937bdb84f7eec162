/**
 * The connection URL as the native engine reads it (prisma-engines, quaint/src/connector/postgres/url.rs): its own list of
 * parameters, everything else dropped without a word, and nothing taken from PGOPTIONS, PGPASSWORD or a password file.
 */
import { decoded, hostOf, parseUrl, seconds } from '../connection-url.mjs';

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
  const url = parseUrl(text, /^postgres(ql)?:\/\//);
  const parameter = (/** @type {string} */ name) => url.searchParams.get(name) ?? undefined;
  return {
    host: parameter('host') ?? hostOf(url),
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

/**
 * @param {string | undefined} value
 * @returns {Target['sslmode']}
 */
function sslmode(value) {
  return value === 'disable' || value === 'require' ? value : 'prefer';
}
