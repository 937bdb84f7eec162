import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree, scratch } from '../postgres/account.ts';
import { selfSigned } from '../postgres/certificate.ts';
import { writeOwned } from '../postgres/config.ts';
import { cloneDir } from '../postgres/copy.ts';
import { freePort, logTail } from '../postgres/server.ts';
import type { SslMode } from '../postgres/types.ts';
import { runnable, serverOf } from './binaries.ts';
import {
  CERTIFICATE,
  type Layout,
  layoutOf,
  makeFolders,
  type ServerSettings,
  writeConfig,
} from './config.ts';
import { connectionUrl, type Login, runQuery } from './connection.ts';
import { type Server, startServer } from './server.ts';
import { OWNER, SUPERUSER, template } from './template.ts';
import type { MysqlBinary, MysqlCluster, MysqlOptions } from './types.ts';
import { addUsers, builtInRoles } from './users.ts';

export type OpenOptions = {
  readonly binary: MysqlBinary;
  readonly name: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Names for a new certificate. A data directory that brings one keeps it. */
  readonly hostNames?: readonly string[] | undefined;
  readonly archive: boolean;
  readonly ssl: SslMode;
  readonly settings: Readonly<Record<string, string>>;
  readonly roles: ReadonlyMap<string, string>;
  /** Fills the folders before the first start; the configuration is written after it. */
  readonly prepare: (layout: Layout) => Promise<void>;
};

type Started = { readonly port: number; readonly server: Server; readonly boot: () => Promise<Server> };

const PORT_TRIES = 5;

const portTaken = (layout: Layout): boolean => /Address already in use/i.test(logTail(layout.logFile, 40));

/** A free port can be taken between asking for it and binding it, so a lost race is simply run again. */
const firstStart = async (
  options: OpenOptions,
  layout: Layout,
  settingsFor: (port: number) => ServerSettings,
): Promise<Started> => {
  const { path } = await runnable(options.binary);
  const boot = (): Promise<Server> => startServer(options.name, path, layout);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort(options.host));
    writeConfig(layout, settingsFor(port));
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
  const place = join(layout.dataDir, CERTIFICATE.cert);
  if (existsSync(place)) return readFileSync(place, 'utf8');
  const { cert, key } = selfSigned(hostNames);
  writeOwned(place, cert);
  writeOwned(join(layout.dataDir, CERTIFICATE.key), key);
  return cert;
};

const hostOf = (options: OpenOptions): string => options.host ?? '127.0.0.1';

/** Prepares a data directory, starts a server on it and returns its face. Used by new and by restored clusters. */
export const openCluster = async (options: OpenOptions): Promise<MysqlCluster> => {
  const layout = layoutOf(scratch(`gm-${options.name}-`));
  try {
    makeFolders(layout);
    await options.prepare(layout);
    const certificate = options.ssl === 'off' ? undefined : certify(layout, options.hostNames);
    const { baseDir } = await runnable(options.binary);
    const started = await firstStart(options, layout, (port) => ({
      flavor: options.binary.flavor,
      baseDir,
      host: hostOf(options),
      port,
      ssl: options.ssl,
      archive: options.archive,
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
  if (password === undefined) throw new Error(`Cluster ${options.name} has no user "${user}" of the lab.`);
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
  started: Started,
): MysqlCluster => {
  let server = started.server;
  const { binary } = options;
  const at: At = { host: hostOf(options), port: started.port };
  const stop = async (): Promise<void> => {
    await server.stop('SIGKILL');
    removeTree(layout.root);
  };
  return {
    kind: 'mysql',
    binary,
    flavor: binary.flavor,
    version: binary.version,
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
    get pid() {
      return server.alive() ? server.pid : undefined;
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
    shutdown: () => server.stop('SIGTERM'),
    crash: () => server.stop('SIGKILL'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

/**
 * Starts a fresh MySQL or MariaDB on a loopback address with the superuser `root`, the user `app` and its database
 * `app`. Stop it with `stop()` or `await using`. Throws where no server is installed (see `findServers`).
 */
export const startMysql = async (options: MysqlOptions = {}): Promise<MysqlCluster> => {
  const binary = serverOf(options.flavor);
  const source = await template(binary);
  const users = options.users ?? [];
  const cluster = await openCluster({
    binary,
    name: options.name ?? 'mysql',
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
    await addUsers(cluster, users, options.databases ?? []);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
};
