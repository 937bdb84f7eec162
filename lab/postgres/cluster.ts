import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree, scratch } from './account.ts';
import { binaries } from './binaries.ts';
import { selfSigned } from './certificate.ts';
import { type Layout, layoutOf, type ServerSettings, writeConfig, writeOwned } from './config.ts';
import { connectionUrl, type Login, quoteIdentifier, quoteLiteral, runQuery } from './connection.ts';
import { cloneDir, makeOwned } from './copy.ts';
import { freePort, logTail, type Server, startServer } from './server.ts';
import { OWNER, SUPERUSER, template } from './template.ts';
import type { Cluster, ClusterOptions, RoleSpec, SslMode } from './types.ts';

export type OpenOptions = {
  readonly name: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Names for a new certificate. A data directory that brings one keeps it. */
  readonly hostNames?: readonly string[] | undefined;
  readonly archive: boolean;
  readonly ssl: SslMode;
  readonly settings: Readonly<Record<string, string>>;
  readonly roles: ReadonlyMap<string, string>;
  /** Fills `dataDir` before the first start; the configuration files are written after it. */
  readonly prepare: (layout: Layout) => Promise<void>;
};

const PORT_TRIES = 5;

const portTaken = (layout: Layout): boolean =>
  /could not bind|Address already in use/i.test(logTail(layout.logFile, 40));

/** A free port can be taken between asking for it and binding it, so a lost race is simply run again. */
const firstStart = async (
  options: OpenOptions,
  layout: Layout,
  settingsFor: (port: number) => ServerSettings,
): Promise<{ readonly port: number; readonly server: Server; readonly boot: () => Promise<Server> }> => {
  const tools = await binaries();
  const boot = (): Promise<Server> => startServer(options.name, tools.postgres, layout);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort(options.host));
    writeConfig(layout.dataDir, settingsFor(port));
    try {
      return { port, server: await boot(), boot };
    } catch (error) {
      if (options.port !== undefined || attempt === PORT_TRIES || !portTaken(layout)) throw error;
      rmSync(layout.logFile, { force: true });
    }
  }
};

/** The certificate in PEM: the one that came with the files, else a new one. */
const certify = (layout: Layout, hostNames: readonly string[] | undefined): string => {
  const place = join(layout.dataDir, 'server.crt');
  if (existsSync(place)) return readFileSync(place, 'utf8');
  const { cert, key } = selfSigned(hostNames);
  writeOwned(place, cert);
  writeOwned(join(layout.dataDir, 'server.key'), key);
  return cert;
};

const hostOf = (options: OpenOptions): string => options.host ?? '127.0.0.1';

/** Prepares a data directory, starts a server on it and returns its face. Used by new and by restored clusters. */
export const openCluster = async (options: OpenOptions): Promise<Cluster> => {
  const layout = layoutOf(scratch(`gm-${options.name}-`));
  try {
    makeOwned(layout.archiveDir);
    await options.prepare(layout);
    const certificate = options.ssl === 'off' ? undefined : certify(layout, options.hostNames);
    const started = await firstStart(options, layout, (port) => ({
      host: hostOf(options),
      port,
      ssl: options.ssl,
      archiveDir: options.archive ? layout.archiveDir : undefined,
      settings: options.settings,
    }));
    return face(options, layout, certificate, started);
  } catch (error) {
    removeTree(layout.root);
    throw error;
  }
};

const passwordIn = (options: OpenOptions, user: string): string => {
  const password = options.roles.get(user);
  if (password === undefined) throw new Error(`Cluster ${options.name} has no role "${user}" of the lab.`);
  return password;
};

type At = { readonly host: string; readonly port: number };

const adminLogin = (at: At, database: string, ssl: SslMode): Login => ({
  ...at,
  database,
  user: SUPERUSER.name,
  password: SUPERUSER.password,
  tls: ssl === 'only',
});

const face = (
  options: OpenOptions,
  layout: Layout,
  caCertificate: string | undefined,
  started: { readonly port: number; readonly server: Server; readonly boot: () => Promise<Server> },
): Cluster => {
  let server = started.server;
  const at: At = { host: hostOf(options), port: started.port };
  const stop = async (): Promise<void> => {
    await server.stop('SIGQUIT');
    removeTree(layout.root);
  };
  return {
    name: options.name,
    ...at,
    ssl: options.ssl,
    dataDir: layout.dataDir,
    archiveDir: options.archive ? layout.archiveDir : '',
    caCertificate,
    roles: options.roles,
    get running() {
      return server.alive();
    },
    superuserUrl: (database = 'app') =>
      connectionUrl(at, database, SUPERUSER.name, passwordIn(options, SUPERUSER.name)),
    url: (database = 'app', user: string = OWNER.name) =>
      connectionUrl(at, database, user, passwordIn(options, user)),
    query: (sql, values = [], database = 'app') =>
      runQuery(adminLogin(at, database, options.ssl), sql, values),
    start: async () => {
      if (!server.alive()) server = await started.boot();
    },
    shutdown: () => server.stop('SIGINT'),
    crash: () => server.stop('SIGQUIT'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

export const builtInRoles = (extra: readonly RoleSpec[] = []): ReadonlyMap<string, string> =>
  new Map([SUPERUSER, OWNER, ...extra].map(({ name, password }) => [name, password]));

const addRoles = async (
  cluster: Cluster,
  users: readonly RoleSpec[],
  databases: readonly string[],
): Promise<void> => {
  for (const { name, password, attributes } of users) {
    await cluster.query(
      `CREATE ROLE ${quoteIdentifier(name)} LOGIN PASSWORD ${quoteLiteral(password)} ${attributes ?? ''}`,
    );
  }
  for (const database of databases) {
    await cluster.query(`CREATE DATABASE ${quoteIdentifier(database)} OWNER ${OWNER.name}`);
  }
};

/**
 * Starts a fresh PostgreSQL 18 on a loopback address with the superuser `postgres`, the role `app` and its database `app`.
 * Passwords are checked (SCRAM). Stop it with `stop()` or `await using`.
 */
export const startCluster = async (options: ClusterOptions = {}): Promise<Cluster> => {
  const tools = await binaries();
  const source = await template(tools);
  const users = options.users ?? [];
  const cluster = await openCluster({
    name: options.name ?? 'cluster',
    host: options.host,
    port: options.port,
    hostNames: options.hostNames,
    archive: options.archive ?? true,
    ssl: options.ssl ?? 'off',
    settings: options.settings ?? {},
    roles: builtInRoles(users),
    prepare: (layout) => cloneDir(source, layout.dataDir),
  });
  try {
    await addRoles(cluster, users, options.databases ?? []);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
};
