import { type ConnectionUrl, describeServer } from '../../domain/connection-url.ts';
import { GuardError, type Problem, type ProblemCode, problem } from '../../domain/problem.ts';
import { codeOfProblem, type Failure, fieldOf } from '../database/failure.ts';

/** `code` is the server's errno in digits, or a code of Node or the driver. Reads any error; `instanceof` would miss those of another realm or bundle. */
export function failureOf(error: unknown): Failure {
  // Node tries every address of a name and reports them together, with an empty message.
  const all = fieldOf(error, 'errors');
  const first: unknown = Array.isArray(all) ? (all[0] ?? error) : error;
  const message = fieldOf(first, 'sqlMessage') ?? fieldOf(first, 'message');
  const [line = ''] = (typeof message === 'string' ? message : String(error)).split('\n');
  const code = codeOf(error);
  return { code, message: line.trim() || code };
}

/** Only what a server answered has a positive errno; Node's are negative and the driver's own errors have none. */
function codeOf(error: unknown): string {
  const errno = fieldOf(error, 'errno');
  if (typeof errno === 'number' && errno > 0) return String(errno);
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : '';
}

/** The driver's words for a server that offers no TLS, and for a handshake that failed. */
export const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT';
export const TLS_FAILED = 'HANDSHAKE_SSL_ERROR';
const TLS_CODES = /CERT|TLS|SSL|^UNABLE_TO_|HOSTNAME_MISMATCH/;

/**
 * Errors of a handshake, by errno (MySQL 9 and MariaDB 10.11 server error references). 1044 is what an account with
 * rights on single databases gets for a database that does not exist, too.
 */
const CONNECT_CODES: Readonly<Record<string, ProblemCode>> = {
  1044: 'database-rights',
  1045: 'database-authentication',
  1049: 'database-missing',
  1130: 'database-authentication',
  1251: 'database-authentication',
  1275: 'database-authentication',
  1524: 'database-authentication',
  1698: 'database-authentication',
  1820: 'database-authentication',
  1862: 'database-authentication',
  3118: 'database-authentication',
  4151: 'database-authentication',
  3159: 'database-tls',
  1040: 'database-unreachable',
  1053: 'database-unreachable',
  1129: 'database-unreachable',
  1203: 'database-unreachable',
  1226: 'database-unreachable',
  3032: 'database-unreachable',
};

function connectCode({ code }: Failure): ProblemCode {
  if (TLS_CODES.test(code)) return 'database-tls';
  if (code.startsWith('AUTH_SWITCH')) return 'database-authentication';
  return CONNECT_CODES[code] ?? (/^\d+$/.test(code) ? 'database-error' : 'database-unreachable');
}

const NOTES: Partial<Record<ProblemCode, string>> = {
  'database-missing': '; prisma migrate deploy would have created it, empty, and migrated it',
  'database-rights': '; a name of a database that does not exist gets the same answer',
};

/** Why no session could be opened. The detail holds the server's own words and never the password. */
export function connectProblem(error: unknown, url: ConnectionUrl): Problem {
  const failure = failureOf(error);
  const code = connectCode(failure);
  return problem(code, `${describeServer(url)}: ${failure.message}${NOTES[code] ?? ''}`, {
    dialect: url.dialect,
    host: url.host,
    port: url.port,
    user: url.user,
    database: url.database,
    code: failure.code || undefined,
    message: failure.message,
  });
}

/** The driver's code for an answer that did not come in time; given by the link. */
export const IMPATIENT = 'PROTOCOL_SEQUENCE_TIMEOUT';

/** 1053 the server stops, 1927 MariaDB's killed connection, 3169 and 4031 MySQL's killed and idle sessions. */
const LOST_CODES = [
  ...['PROTOCOL_CONNECTION_LOST', IMPATIENT, 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'],
  ...['1053', '1152', '1158', '1159', '1160', '1161', '1184', '1927', '2006', '2013', '3169', '4031'],
];
const LOST = /closed state|connection (?:lost|is closed)|after (?:fatal error|invoking quit)/i;

const DENIED_CODES = ['1044', '1142', '1143', '1227', '1345', '1370'];

/** True for an errno that says that the account lacks a right. */
export const isDenied = (code: string): boolean => DENIED_CODES.includes(code);

/** Why a statement of the guard failed. */
export function queryProblem(error: unknown, purpose: string): GuardError {
  const { code, message } = failureOf(error);
  const lost = LOST_CODES.includes(code) || (!/^\d+$/.test(code) && LOST.test(message));
  const kind: ProblemCode = lost ? 'database-lost' : isDenied(code) ? 'database-rights' : 'database-error';
  return new GuardError(
    problem(kind, `${purpose}: ${message}`, { code: code || undefined, message, purpose }),
  );
}

/** The errno of a problem that {@link queryProblem} made; empty for a lost connection without one. */
export const errnoOf = codeOfProblem;
