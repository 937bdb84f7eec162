import {
  describeUrl,
  parseConnectionUrl,
  type SessionLimits,
  secretForms,
  withCredentials,
  withLimits,
} from '../domain/connection-url.ts';
import { GuardError, problem } from '../domain/problem.ts';
import { applicationName } from '../domain/request.ts';
import { Secret } from '../domain/secret.ts';
import type { UrlEnvironment } from '../ports/migrator.ts';
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
  const endpoint =
    secret.host === undefined
      ? await instanceEndpoint(guard)
      : { address: secret.host, port: secret.port ?? 5432 };
  if (secret.database === undefined) {
    throw new GuardError(
      problem('secret-unreadable', 'the secret has no dbname and no variable carries a URL', {
        arn,
        missing: 'dbname',
        variable: name,
      }),
    );
  }
  const bare = `postgresql://${endpoint.address}:${endpoint.port}/${encodeURIComponent(secret.database)}`;
  return [[name, withCredentials(bare, secret)]];
}

async function instanceEndpoint(guard: Guard): Promise<{ readonly address: string; readonly port: number }> {
  const instance = await (await guard.ports.recovery()).instance(guard.request.instance);
  if (instance?.endpoint === undefined) {
    throw new GuardError(
      problem('instance-not-found', `no endpoint for ${guard.request.instance}`, {
        instance: guard.request.instance,
      }),
    );
  }
  return instance.endpoint;
}

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

export const urlIn = (urls: Urls, environment: UrlEnvironment): Secret =>
  new Secret(environment[urls.primary] ?? '');

export const hostOf = (url: Secret): string => parseConnectionUrl(url.reveal()).host;

export const describe = (url: Secret): string => describeUrl(url.reveal());
