import {
  describeUrl,
  parseConnectionUrl,
  type SessionLimits,
  secretForms,
  withCredentials,
  withLimits,
} from '../domain/connection-url.ts';
import { DEFAULT_PORTS, type Dialect, dialectOf, dialectOfEngine } from '../domain/dialect.ts';
import type { InstanceFacts, ProjectFacts } from '../domain/facts.ts';
import { GuardError, problem } from '../domain/problem.ts';
import { applicationName } from '../domain/request.ts';
import { Secret } from '../domain/secret.ts';
import type { UrlEnvironment } from '../ports/migrator.ts';
import type { ConnectionSecret } from '../ports/secrets.ts';
import type { Guard } from './context.ts';

/** The connection URLs of a run: which variables carry one, and which of them the guard connects with. */
export interface Urls {
  /** Name of the variable the guard connects with. */
  readonly primary: string;
  /** Variable → URL as the user set it. */
  readonly given: Readonly<Record<string, Secret>>;
}

/** Reads the URLs from the environment (or Secrets Manager), hides every form of their secrets, and checks them all. */
export async function readUrls(guard: Guard): Promise<Urls> {
  const { request, options } = guard;
  const set = request.databaseUrlEnv.flatMap((name) => {
    const value = options.environment[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  for (const [, value] of set) options.onSecret(value);
  const urls =
    request.databaseSecretArn === undefined ? set : await fromSecret(guard, request.databaseSecretArn, set);
  const [first] = urls;
  if (first === undefined) {
    const names = request.databaseUrlEnv.join(', ');
    throw new GuardError(problem('url-missing', `none of ${names} is set`, { variables: names }));
  }
  for (const [name, value] of urls) checkUrl(guard, name, value);
  return {
    primary: first[0],
    given: Object.fromEntries(urls.map(([name, value]) => [name, new Secret(value)])),
  };
}

function checkUrl(guard: Guard, variable: string, value: string): void {
  try {
    parseConnectionUrl(value);
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    throw new GuardError(error.problems.map((each) => ({ ...each, fields: { ...each.fields, variable } })));
  }
  for (const form of secretForms(value)) guard.options.onSecret(form);
}

async function fromSecret(
  guard: Guard,
  arn: string,
  set: readonly (readonly [string, string])[],
): Promise<readonly (readonly [string, string])[]> {
  const secret = await (await guard.ports.secrets()).connection(arn);
  guard.options.onSecret(secret.password);
  if (set.length > 0) return set.map(([name, value]) => [name, withCredentials(value, secret)] as const);
  const name = guard.request.databaseUrlEnv.at(-1) ?? 'DATABASE_URL';
  if (secret.database === undefined) {
    throw new GuardError(
      problem('secret-unreadable', 'the secret has no dbname and no variable carries a URL', {
        arn,
        missing: 'dbname',
        variable: name,
      }),
    );
  }
  const { dialect, address, port } = await whereabouts(guard, secret);
  const bare = `${dialect}://${address}:${port}/${encodeURIComponent(secret.database)}`;
  return [[name, withCredentials(bare, secret)]];
}

interface Whereabouts {
  readonly dialect: Dialect;
  readonly address: string;
  readonly port: number;
}

/** A secret that RDS manages has only user and password, and one written by hand may lack the engine. */
async function whereabouts(guard: Guard, secret: ConnectionSecret): Promise<Whereabouts> {
  const { host, port } = secret;
  if (host === undefined) {
    const { engine, endpoint } = await instanceOf(guard);
    if (endpoint === undefined) throw notFound(guard);
    return { dialect: secret.dialect ?? spokenBy(engine), ...endpoint };
  }
  // The host alone was enough for PostgreSQL; an instance that cannot be asked is told later, by its own step.
  const known = secret.dialect ?? (await instanceOf(guard).catch(() => undefined))?.engine;
  const spoken = spokenBy(known);
  return { dialect: spoken, address: host, port: port ?? DEFAULT_PORTS[spoken] };
}

/** Another engine is refused by name later; no URL can be written for it. */
const spokenBy = (engine = ''): Dialect => dialectOf(engine) ?? dialectOfEngine(engine) ?? 'postgresql';

async function instanceOf(guard: Guard): Promise<InstanceFacts> {
  const instance = await (await guard.ports.recovery()).instance(guard.request.instance);
  if (instance === undefined) throw notFound(guard);
  return instance;
}

const notFound = ({ request: { instance } }: Guard): GuardError =>
  new GuardError(problem('instance-not-found', `no endpoint for ${instance}`, { instance }));

/** `client_connection_check_interval` lets the server notice a dead client; it exists from 14 on. */
const CHECK_INTERVAL_SINCE = 140_000;
const CHECK_INTERVAL_MS = 2000;

export const sessionLimits = (guard: Guard, serverVersion: number): SessionLimits => ({
  statementTimeoutMs: guard.request.statementTimeoutMs,
  lockTimeoutMs: guard.request.lockTimeoutMs,
  applicationName: applicationName(guard.options.identity),
  connectionCheckIntervalMs: serverVersion >= CHECK_INTERVAL_SINCE ? CHECK_INTERVAL_MS : 0,
});

/** Every variable with its URL under the limits: what Prisma is given instead of the user's. */
export const guardedEnvironment = (urls: Urls, limits: SessionLimits): UrlEnvironment =>
  Object.fromEntries(
    Object.entries(urls.given).map(([name, url]) => [name, withLimits(url.reveal(), limits)]),
  );

/**
 * Where the limits have to be in force: in the URL the guard connects with, and in those Prisma may migrate by. An
 * application's URL beside them may lead to a pooler, which is what `directUrl` is for: 5 and 6 migrate by that alone.
 */
export function probedVariables({
  project,
  urls,
}: {
  readonly project: Pick<ProjectFacts, 'urlEnv' | 'prismaMajor' | 'configPath'>;
  readonly urls: Pick<Urls, 'primary'>;
}): (variable: string) => boolean {
  const { urlEnv, prismaMajor, configPath } = project;
  const direct = prismaMajor !== 7 && configPath === undefined;
  const taken = direct ? urlEnv.slice(0, 1) : urlEnv;
  return (variable) => taken.length === 0 || variable === urls.primary || taken.includes(variable);
}

export const urlIn = (urls: Urls, environment: UrlEnvironment): Secret =>
  new Secret(environment[urls.primary] ?? '');

export const hostOf = (url: Secret): string => parseConnectionUrl(url.reveal()).host;

export const describe = (url: Secret): string => describeUrl(url.reveal());
