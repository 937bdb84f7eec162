import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { own } from '../postgres/account.ts';
import { writeOwned } from '../postgres/config.ts';
import { makeOwned } from '../postgres/copy.ts';
import type { SslMode } from '../postgres/types.ts';
import type { Flavor } from './types.ts';

export type Layout = {
  /** The cluster's own folder; everything below is deleted with it. */
  readonly root: string;
  readonly dataDir: string;
  /** All binary logs, finished and not: a restore needs no server to read them. */
  readonly archiveDir: string;
  readonly relayDir: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly pidFile: string;
  readonly socket: string;
  readonly tmpDir: string;
};

export const layoutOf = (root: string): Layout => ({
  root,
  dataDir: join(root, 'data'),
  archiveDir: join(root, 'archive'),
  relayDir: join(root, 'relay'),
  configFile: join(root, 'my.cnf'),
  logFile: join(root, 'server.log'),
  pidFile: join(root, 'pid'),
  tmpDir: join(root, 'tmp'),
  socket: join(root, 's'), // a socket's path may have about a hundred characters in all
});

export type ServerSettings = {
  readonly flavor: Flavor;
  readonly baseDir: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly ssl: SslMode;
  readonly archive: boolean;
  readonly settings: Readonly<Record<string, string>>;
};

export const CERTIFICATE = { cert: 'lab-server.crt', key: 'lab-server.key' } as const;

/** `loose-` makes a server that does not know a setting pass over it. */
const BASE: Readonly<Record<string, string>> = {
  'skip-name-resolve': '',
  'loose-mysqlx': '0',
  'max-connections': '60',
  'default-time-zone': '+00:00',
  'character-set-server': 'utf8mb4',
  'innodb-buffer-pool-size': '32M',
  'innodb-data-file-path': 'ibdata1:5M:autoextend',
  'loose-innodb-autoextend-increment': '1',
  'innodb-flush-log-at-trx-commit': '2',
  'sync-binlog': '0',
  'innodb-doublewrite': 'OFF',
  // Asynchronous writes would go on in the kernel while a snapshot holds the server still.
  'innodb-use-native-aio': '0',
  'innodb-flush-method': 'fsync',
  'innodb-fast-shutdown': '1',
  'innodb-buffer-pool-dump-at-shutdown': '0',
  'innodb-buffer-pool-load-at-startup': '0',
  'loose-innodb-redo-log-capacity': '16M',
};

const FLAVORS: Readonly<Record<Flavor, Readonly<Record<string, string>>>> = {
  // Packages name a folder for SELECT INTO OUTFILE that need not exist; nobody on RDS may write files either.
  mysql: { 'loose-binlog-format': 'ROW', 'secure-file-priv': 'NULL' },
  mariadb: { 'binlog-format': 'ROW', 'innodb-log-file-size': '16M' },
};

const NO_TLS: Readonly<Record<Flavor, Readonly<Record<string, string>>>> = {
  mysql: { 'tls-version': "''" },
  mariadb: { 'skip-ssl': '' },
};

const tls = (layout: Layout, { flavor, ssl }: ServerSettings): Readonly<Record<string, string>> =>
  ssl === 'off'
    ? NO_TLS[flavor]
    : {
        'ssl-ca': join(layout.dataDir, CERTIFICATE.cert),
        'ssl-cert': join(layout.dataDir, CERTIFICATE.cert),
        'ssl-key': join(layout.dataDir, CERTIFICATE.key),
        'require-secure-transport': ssl === 'only' ? '1' : '0',
      };

const MAX_ID = 2 ** 31;

/** Every start has an identity of its own: a server does not replay what it takes for its own log. */
const logging = (layout: Layout, archive: boolean): Readonly<Record<string, string>> => ({
  'server-id': String(randomInt(1, MAX_ID)),
  'relay-log': join(layout.relayDir, 'relay'),
  'relay-log-index': join(layout.relayDir, 'relay.index'),
  'loose-skip-slave-start': '',
  'loose-skip-replica-start': '',
  ...(archive ? { 'log-bin': join(layout.archiveDir, 'binlog') } : { 'skip-log-bin': '' }),
});

const lines = (layout: Layout, server: ServerSettings): Readonly<Record<string, string>> => ({
  datadir: layout.dataDir,
  socket: layout.socket,
  'pid-file': layout.pidFile,
  // In a shared one a server that starts clears away what another is using.
  tmpdir: layout.tmpDir,
  'bind-address': server.host,
  port: String(server.port),
  ...(server.baseDir === undefined ? {} : { basedir: server.baseDir }),
  ...BASE,
  ...FLAVORS[server.flavor],
  ...logging(layout, server.archive),
  ...tls(layout, server),
  ...server.settings,
});

/** my.cnf lies beside the data directory, so that a copied one gets new settings. */
export const writeConfig = (layout: Layout, server: ServerSettings): void => {
  const entries = Object.entries(lines(layout, server));
  const text = entries.map(([key, value]) => (value === '' ? `${key}\n` : `${key}=${value}\n`));
  writeOwned(layout.configFile, `[mysqld]\n${text.join('')}`);
};

export const makeFolders = (layout: Layout): void => {
  own(layout.root);
  for (const dir of [layout.dataDir, layout.archiveDir, layout.relayDir, layout.tmpDir]) makeOwned(dir);
};
