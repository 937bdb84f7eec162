/**
 * The connection URL as the native engine reads it (prisma-engines, quaint/src/connector/mysql/url.rs): its own list of
 * parameters, everything else dropped without a word. No parameter can set a session variable.
 */
import { decoded, hostOf, parseUrl, seconds } from '../connection-url.mjs';
import { EngineError } from '../errors.mjs';

/**
 * @typedef {object} Target
 * @property {string} host name or address
 * @property {number} port
 * @property {string | undefined} socket path; wins over host and port
 * @property {string} user
 * @property {string} password
 * @property {string} database never percent-decoded, as in the native engine
 * @property {Tls | undefined} tls absent: plain text, whatever the server offers
 * @property {number} connectTimeout milliseconds; 0 waits for ever
 */

/**
 * @typedef {object} Tls asked for by any of `sslcert`, `sslaccept`, `sslidentity`, `sslpassword`
 * @property {boolean} verifiesCertificate
 * @property {string | undefined} sslcert path of a CA certificate in PEM form
 */

const TLS_PARAMETERS = ['sslcert', 'sslaccept', 'sslidentity', 'sslpassword'];

/**
 * @param {string} text
 * @returns {Target}
 */
export function readUrl(text) {
  const url = parseUrl(text, /^mysql:\/\//);
  const parameter = (/** @type {string} */ name) => url.searchParams.get(name) ?? undefined;
  return {
    host: hostOf(url),
    port: url.port === '' ? 3306 : Number(url.port),
    socket: parameter('socket')?.replace(/[()]/g, ''),
    user: decoded(url.username),
    password: decoded(url.password),
    database: url.pathname.split('/')[1] || 'mysql',
    tls: tlsOf(parameter),
    connectTimeout: seconds(parameter('connect_timeout'), 5),
  };
}

/**
 * @param {(name: string) => string | undefined} parameter
 * @returns {Tls | undefined}
 */
function tlsOf(parameter) {
  if (TLS_PARAMETERS.every((name) => parameter(name) === undefined)) return undefined;
  if (parameter('sslidentity') !== undefined) {
    throw new EngineError(undefined, "The lab's engine has no client certificates: leave sslidentity out.");
  }
  return { verifiesCertificate: parameter('sslaccept') === 'strict', sslcert: parameter('sslcert') };
}
