import type { Dialect } from './dialect.ts';
import { percentDecoded } from './percent.ts';
import { GuardError, problem } from './problem.ts';

/**
 * A PostgreSQL URL read as Prisma's engine reads it (`quaint`, `connector/postgres/url.rs`): user and password are
 * percent-decoded, the database name is not, the parameter `host` wins over the host part, and of a repeated
 * parameter the last counts.
 */
export interface ConnectionUrl {
  readonly dialect: Dialect;
  /** Without brackets for IPv6; a directory (first character `/`) for a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Empty when the URL has none. */
  readonly password: string;
  readonly schema: string | undefined;
  /** Decoded; includes `schema`, `host` and `options`. */
  readonly parameters: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = 5432;
const COUNTS = [
  'connect_timeout',
  'socket_timeout',
  'pool_timeout',
  'connection_limit',
  'statement_cache_size',
];

const OTHER_KINDS: Readonly<Record<string, string>> = {
  prisma: 'a Prisma Accelerate URL goes through a proxy that takes no timeouts',
  'prisma+postgres': 'a Prisma Postgres URL goes through a proxy that takes no timeouts',
  mysql: 'MySQL is not supported',
  mongodb: 'MongoDB is not supported',
  'mongodb+srv': 'MongoDB is not supported',
  sqlserver: 'SQL Server is not supported',
  file: 'SQLite is not supported',
};

const NO_HOST = 'the URL names no host (before ?host=/directory of a socket, write localhost)';

const invalid = (detail: string): GuardError => new GuardError(problem('url-invalid', detail));

/** What a WHATWG parser drops before it looks: outer control characters and spaces, inner tabs and line ends. */
export const cleaned = (text: string): string =>
  text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\r\n]/g, '');

/** Why the part before the host does not end where the author meant it to. Never quotes the URL. */
function unencodedCharacter(text: string): string | undefined {
  const rest = text.slice(text.indexOf('://') + 3);
  const credentials = rest.slice(0, Math.max(0, rest.lastIndexOf('@')));
  const culprit = /[#/?]/.exec(credentials)?.[0];
  if (culprit === undefined) return undefined;
  const encoded = encodeURIComponent(culprit);
  return `the user or password contains an unencoded "${culprit}": write it as ${encoded}`;
}

function checkKind(text: string): void {
  if (text === '') throw invalid('the URL is empty');
  if (/^["'`]/.test(text)) throw invalid('the URL begins with a quotation mark: remove the quotes');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql') {
    if (!/^[a-z]+:\/\//i.test(text)) throw invalid('the URL lacks "//" after the protocol');
    return;
  }
  const reason = scheme === undefined ? undefined : OTHER_KINDS[scheme];
  if (reason !== undefined) throw invalid(`the protocol is ${scheme}:// and ${reason}`);
  throw invalid('the URL does not begin with postgresql:// or postgres://');
}

function parsed(text: string): URL {
  checkKind(text);
  try {
    return new URL(text);
  } catch {
    // The parser's own message quotes the whole URL, so it is not passed on as a cause either.
    if (/@(?::\d*)?(?:\/|$)/.test(text)) throw invalid(unencodedCharacter(text) ?? NO_HOST);
    throw invalid(unencodedCharacter(text) ?? 'host or port cannot be read (a port is a number up to 65535)');
  }
}

function checkParameters(parameters: Readonly<Record<string, string>>): void {
  for (const name of COUNTS) {
    const value = parameters[name];
    if (value !== undefined && !/^\+?\d+$/.test(value))
      throw invalid(`the parameter ${name} is not a whole number`);
  }
  const pooled = parameters.pgbouncer;
  if (pooled !== undefined && pooled !== 'true' && pooled !== 'false') {
    throw invalid('the parameter pgbouncer is neither true nor false');
  }
}

/** Reads a URL. Throws `url-invalid`; the detail never contains the URL or a secret in it. */
export function parseConnectionUrl(text: string): ConnectionUrl {
  const url = parsed(cleaned(text));
  const parameters: Readonly<Record<string, string>> = Object.fromEntries(url.searchParams);
  const host = parameters.host ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  const database = url.pathname.split('/')[1] ?? '';
  const hint = unencodedCharacter(cleaned(text));
  if (url.username === '') throw invalid(hint ?? 'the URL names no user');
  if (host === '') throw invalid(hint ?? NO_HOST);
  if (database === '') throw invalid(hint ?? 'the URL names no database');
  checkParameters(parameters);
  return {
    dialect: 'postgresql',
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user: percentDecoded(url.username),
    password: percentDecoded(url.password),
    schema: parameters.schema,
    parameters,
  };
}
