import { dialectOfUrl, invalid } from './connection-kinds.ts';
import { DEFAULT_PORTS, type Dialect } from './dialect.ts';
import { percentDecoded } from './percent.ts';

/**
 * A URL read as Prisma's engine reads it (`quaint`, `connector/postgres/url.rs` and `connector/mysql/url.rs`): user and
 * password are percent-decoded, the database name is not, and of a repeated parameter the last counts. What replaces the
 * host is the parameter `host` for PostgreSQL and `socket` for MySQL.
 */
export interface ConnectionUrl {
  readonly dialect: Dialect;
  /** Without brackets for IPv6. First character `/` for a Unix socket: its directory, for MySQL the socket itself. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Empty when the URL has none. */
  readonly password: string;
  /** PostgreSQL only. */
  readonly schema: string | undefined;
  /** Decoded; includes `schema`, `host` and `options`. */
  readonly parameters: Readonly<Record<string, string>>;
}

type Parameters = ConnectionUrl['parameters'];

interface Rules {
  readonly counts: readonly string[];
  readonly flags: readonly string[];
  /** Where the parameters send the connection, whatever the host part says. */
  readonly elsewhere: (parameters: Parameters) => string | undefined;
  readonly noHost: string;
}

const COUNTS = [
  'connect_timeout',
  'socket_timeout',
  'pool_timeout',
  'connection_limit',
  'statement_cache_size',
];

const RULES: Readonly<Record<Dialect, Rules>> = {
  postgresql: {
    counts: COUNTS,
    flags: ['pgbouncer'],
    elsewhere: ({ host }) => host,
    noHost: 'the URL names no host (before ?host=/directory of a socket, write localhost)',
  },
  mysql: {
    counts: [...COUNTS, 'max_connection_lifetime', 'max_idle_connection_lifetime'],
    flags: ['prefer_socket'],
    // Older documentation writes the path in brackets, and Prisma drops them.
    elsewhere: ({ socket }) => socket?.replace(/[()]/g, ''),
    noHost: 'the URL names no host (before ?socket=/path of a socket, write localhost)',
  },
};

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

function parsed(text: string, { noHost }: Rules): URL {
  try {
    return new URL(text);
  } catch {
    // The parser's own message quotes the whole URL, so it is not passed on as a cause either.
    if (/@(?::\d*)?(?:\/|$)/.test(text)) throw invalid(unencodedCharacter(text) ?? noHost);
    throw invalid(unencodedCharacter(text) ?? 'host or port cannot be read (a port is a number up to 65535)');
  }
}

function checkParameters(parameters: Parameters, { counts, flags }: Rules): void {
  for (const name of counts) {
    const value = parameters[name];
    if (value !== undefined && !/^\+?\d+$/.test(value))
      throw invalid(`the parameter ${name} is not a whole number`);
  }
  for (const name of flags) {
    const value = parameters[name];
    if (value !== undefined && value !== 'true' && value !== 'false')
      throw invalid(`the parameter ${name} is neither true nor false`);
  }
}

/** Reads a URL. Throws `url-invalid`; the detail never contains the URL or a secret in it. */
export function parseConnectionUrl(text: string): ConnectionUrl {
  const dialect = dialectOfUrl(cleaned(text));
  const rules = RULES[dialect];
  const url = parsed(cleaned(text), rules);
  const parameters: Parameters = Object.fromEntries(url.searchParams);
  const host = rules.elsewhere(parameters) ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  const database = url.pathname.split('/')[1] ?? '';
  const hint = unencodedCharacter(cleaned(text));
  if (url.username === '') throw invalid(hint ?? 'the URL names no user');
  if (host === '') throw invalid(hint ?? rules.noHost);
  if (database === '') throw invalid(hint ?? 'the URL names no database');
  checkParameters(parameters, rules);
  return {
    dialect,
    host,
    port: url.port === '' ? DEFAULT_PORTS[dialect] : Number(url.port),
    database,
    user: percentDecoded(url.username),
    password: percentDecoded(url.password),
    schema: dialect === 'postgresql' ? parameters.schema : undefined,
    parameters,
  };
}
