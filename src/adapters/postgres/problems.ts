import { type ConnectionUrl, describeServer } from '../../domain/connection-url.ts';
import { GuardError, type Problem, type ProblemCode, problem } from '../../domain/problem.ts';
import { type Failure, fieldOf } from '../database/failure.ts';

/** `code` is a SQLSTATE or that of a Node error. Reads any error; `instanceof` would miss those of another realm or bundle. */
export function failureOf(error: unknown): Failure {
  const code = fieldOf(error, 'code');
  // Node tries every address of a name and reports them together, with an empty message.
  const all = fieldOf(error, 'errors');
  const message = fieldOf(Array.isArray(all) ? (all[0] ?? error) : error, 'message');
  const [line = ''] = (typeof message === 'string' ? message : String(error)).split('\n');
  const name = typeof code === 'string' ? code : '';
  return { code: name, message: line.split('; if the root CA')[0]?.trim() || name };
}

export const NO_TLS = 'The server does not support SSL connections';
const TLS_MESSAGES = [NO_TLS, 'There was an error establishing an SSL connection'];
const TLS_CODES = /CERT|TLS|SSL|^UNABLE_TO_|^EPROTO$|HOSTNAME_MISMATCH/;
/** PostgreSQL 13 and later, and before. */
const PLAIN_REFUSED = /no pg_hba\.conf entry .*(no encryption|SSL off)/s;
const PARAMETER_REFUSED =
  /startup (parameter|packet)|command-line options|unrecognized configuration parameter/i;
const LOST =
  /connection terminated|connection error and is not queryable|client was closed|client has already been/i;
const LOST_CODES = [
  '57P01',
  '57P02',
  '57P05',
  '08006',
  '08003',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
];
const UNREACHABLE_STATES = ['57P03', '53300'];

function connectCode({ code, message }: Failure): ProblemCode {
  if (TLS_CODES.test(code) || TLS_MESSAGES.includes(message)) return 'database-tls';
  if (code === '28000' && PLAIN_REFUSED.test(message)) return 'database-tls';
  if (code === '28P01' || code === '28000') return 'database-authentication';
  if (code === '3D000') return 'database-missing';
  if (code === '42704' || code === '22023' || PARAMETER_REFUSED.test(message)) return 'limits-not-in-force';
  if (code === '42501') return 'database-rights';
  if (UNREACHABLE_STATES.includes(code) || !/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE') {
    return 'database-unreachable';
  }
  return 'database-error';
}

/** Why no session could be opened. The detail holds the server's own words and never the password. */
export function connectProblem(error: unknown, url: ConnectionUrl): Problem {
  const failure = failureOf(error);
  const code = connectCode(failure);
  const note =
    code === 'database-missing'
      ? '; prisma migrate deploy would have created it, empty, and migrated it'
      : '';
  return problem(code, `${describeServer(url)}: ${failure.message}${note}`, {
    host: url.host,
    port: url.port,
    user: url.user,
    database: url.database,
    code: failure.code || undefined,
    message: failure.message,
  });
}

/** Why a statement of the guard failed. */
export function queryProblem(error: unknown, purpose: string): GuardError {
  const { code, message } = failureOf(error);
  const lost = LOST_CODES.includes(code) || LOST.test(message) || message === 'Query read timeout';
  const kind: ProblemCode = lost ? 'database-lost' : code === '42501' ? 'database-rights' : 'database-error';
  return new GuardError(
    problem(kind, `${purpose}: ${message}`, { code: code || undefined, message, purpose }),
  );
}
