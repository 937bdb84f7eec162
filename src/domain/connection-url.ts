import { type ConnectionUrl, cleaned, parseConnectionUrl } from './connection-parse.ts';
import type { Endpoint } from './facts.ts';
import { withoutSettings } from './startup-options.ts';

export { type ConnectionUrl, parseConnectionUrl } from './connection-parse.ts';

/** Limits carried by a PostgreSQL URL into every session that Prisma opens. Milliseconds. */
export interface SessionLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly applicationName: string;
  /** 0 leaves it out: servers before 14 refuse a connection that names it. */
  readonly connectionCheckIntervalMs: number;
}

/** `application_name` is cut by the server beyond this (NAMEDATALEN - 1). */
const NAME_BYTES = 63;

/** A URL in the pieces it is put together from again, each exactly as written. */
interface Pieces {
  /** `postgresql://user:password@`, `mysql://user:password@` */
  readonly head: string;
  readonly authority: string;
  readonly path: string;
  readonly pairs: readonly string[];
  readonly fragment: string;
}

function pieces(text: string): Pieces {
  const [, beforeFragment = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(text) ?? [];
  const question = beforeFragment.indexOf('?');
  const base = question < 0 ? beforeFragment : beforeFragment.slice(0, question);
  const query = question < 0 ? '' : beforeFragment.slice(question + 1);
  const start = base.indexOf('://') + 3;
  const slash = base.indexOf('/', start);
  const end = slash < 0 ? base.length : slash;
  const at = base.slice(0, end).lastIndexOf('@');
  const hostStart = at < start ? start : at + 1;
  return {
    head: base.slice(0, hostStart),
    authority: base.slice(hostStart, end),
    path: base.slice(end),
    pairs: query.split('&').filter((pair) => pair !== ''),
    fragment,
  };
}

const joined = ({ head, authority, path, pairs, fragment }: Pieces): string =>
  `${head}${authority}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}${fragment}`;

const nameOf = (pair: string): string => [...new URLSearchParams(pair).keys()][0] ?? '';
const without = (pairs: readonly string[], ...names: readonly string[]): readonly string[] =>
  pairs.filter((pair) => !names.includes(nameOf(pair)));

const shortened = (name: string): string => {
  const bytes = new TextEncoder().encode(name);
  return new TextDecoder().decode(bytes.subarray(0, NAME_BYTES)).replace(/\uFFFD$/u, '');
};

/**
 * The same URL with our limits in its startup options and our `application_name`; everything else is kept as
 * written. Options of the user stay, ours come last and so win. Applying it twice changes nothing more. A MySQL URL can
 * carry no setting of a session, so it comes back as it is: there the watcher keeps the limits.
 */
export function withLimits(text: string, limits: SessionLimits): string {
  const { dialect, parameters } = parseConnectionUrl(text);
  if (dialect === 'mysql') return text;
  const settings: readonly (readonly [string, number])[] = [
    ['statement_timeout', limits.statementTimeoutMs],
    ['lock_timeout', limits.lockTimeoutMs],
    ...(limits.connectionCheckIntervalMs > 0
      ? ([['client_connection_check_interval', limits.connectionCheckIntervalMs]] as const)
      : []),
  ];
  const kept = withoutSettings(parameters.options ?? '', new Set(settings.map(([name]) => name)));
  const ours = settings.map(([name, value]) => `-c ${name}=${value}`);
  const options = [...(kept === '' ? [] : [kept]), ...ours].join(' ');
  const found = pieces(cleaned(text));
  return joined({
    ...found,
    pairs: [
      ...without(found.pairs, 'options', 'application_name'),
      `application_name=${encodeURIComponent(shortened(limits.applicationName))}`,
      `options=${encodeURIComponent(options)}`,
    ],
  });
}

/** The parameter by which a URL leads past its own host part. */
const DETOUR = { postgresql: 'host', mysql: 'socket' } as const;

/** The same URL pointing at another server. */
export function withHost(text: string, endpoint: Endpoint): string {
  const { dialect } = parseConnectionUrl(text);
  const found = pieces(cleaned(text));
  const address = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  return joined({
    ...found,
    authority: `${address}:${endpoint.port}`,
    pairs: without(found.pairs, DETOUR[dialect]),
  });
}

/** The same URL with another user and password, for credentials from Secrets Manager; it may have none yet. */
export function withCredentials(
  text: string,
  login: { readonly username: string; readonly password: string },
): string {
  const found = pieces(cleaned(text));
  const head = found.head.slice(0, found.head.indexOf('://') + 3);
  const credentials = `${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@`;
  const result = joined({ ...found, head: `${head}${credentials}` });
  parseConnectionUrl(result);
  return result;
}

/** `host:port` for people; brackets around IPv6. */
export const describeServer = ({ host, port }: Pick<ConnectionUrl, 'host' | 'port'>): string =>
  host.includes(':') && !host.startsWith('/') ? `[${host}]:${port}` : `${host}:${port}`;

/** `user@host:port/database?schema=name`, never the password or any other parameter. */
export function describeUrl(text: string): string {
  const url = parseConnectionUrl(text);
  const schema = url.schema === undefined ? '' : `?schema=${url.schema}`;
  return `${url.user}@${describeServer(url)}/${url.database}${schema}`;
}

const spellings = (decoded: string): readonly string[] => [
  decoded,
  encodeURIComponent(decoded),
  encodeURIComponent(decoded).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  ),
  new URLSearchParams([['', decoded]]).toString().slice(1),
  JSON.stringify(decoded).slice(1, -1),
];

/**
 * Every spelling of the secrets in a URL that a log could show, the longest first: the whole URL, the password and
 * `sslpassword` as written, decoded and encoded. Works on a URL that cannot be parsed, too.
 */
export function secretForms(text: string): readonly string[] {
  const found = new Set<string>([text, text.trim(), JSON.stringify(text).slice(1, -1)]);
  const written = /^[^:]*:\/\/[^:@/]*:(.*)@/s.exec(text.trim())?.[1];
  if (written !== undefined) found.add(written);
  try {
    const url = parseConnectionUrl(text);
    const whatwg = new URL(text);
    found.add(whatwg.href);
    found.add(whatwg.password);
    for (const secret of [url.password, url.parameters.sslpassword ?? '']) {
      for (const spelling of spellings(secret)) found.add(spelling);
    }
    const exact = /^[^:]*:\/\/[^:@/?#]*:([^/?#]*)@/.exec(text.trim())?.[1];
    if (exact !== undefined) found.add(exact);
  } catch {
    // An unreadable URL is still a secret; the forms above stand for it.
  }
  return [...found].filter((form) => form !== '').sort((a, b) => b.length - a.length);
}
