import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { own } from './account.ts';
import type { SslMode } from './types.ts';

export type Layout = {
  /** The cluster's own folder; everything below is deleted with it. */
  readonly root: string;
  readonly dataDir: string;
  readonly archiveDir: string;
  readonly logFile: string;
};

export const layoutOf = (root: string): Layout => ({
  root,
  dataDir: join(root, 'data'),
  archiveDir: join(root, 'archive'),
  logFile: join(root, 'server.log'),
});

export type ServerSettings = {
  readonly host: string;
  readonly port: number;
  readonly ssl: SslMode;
  readonly archiveDir: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
};

/** Durability is off because a lab cluster never outlives the machine; everything a migration can notice stays on. */
const BASE: Readonly<Record<string, string>> = {
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '16MB',
  dynamic_shared_memory_type: 'mmap',
  io_method: 'sync',
  jit: 'off',
  fsync: 'off',
  wal_level: 'replica',
  max_wal_size: '256MB',
  min_wal_size: '4MB',
  checkpoint_timeout: '30min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  password_encryption: 'scram-sha-256',
  log_line_prefix: '%m [%p] %q%u@%d ',
};

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** In an archive command `%` starts a placeholder and the shell sees the rest. */
const shellPath = (dir: string): string => `"${dir.replaceAll('%', '%%').replace(/["$`\\]/g, '\\$&')}"`;

const archiveCommand = (dir: string): string => {
  const place = `${shellPath(dir)}/%f`;
  // Copy, then rename: a half-written segment never looks finished to a restore that runs beside.
  // A server that dies between archiving and noting it down asks again, and must be told that all is well.
  return `if test -f ${place}; then cmp -s %p ${place}; else cp %p ${place}.part && mv ${place}.part ${place}; fi`;
};

/** Looks for a segment in the folders in turn; a missing one is how the log's end shows, not an error worth a message. */
export const restoreCommand = (dirs: readonly string[]): string =>
  dirs.map((dir) => `cp ${shellPath(dir)}/%f %p 2>/dev/null`).join(' || ');

const serverLines = (server: ServerSettings): Readonly<Record<string, string>> => ({
  ...BASE,
  listen_addresses: server.host,
  port: String(server.port),
  ...(server.ssl === 'off' ? {} : { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' }),
  ...(server.archiveDir === undefined
    ? {}
    : { archive_mode: 'on', archive_timeout: '60', archive_command: archiveCommand(server.archiveDir) }),
  ...server.settings,
});

const hba = (ssl: SslMode): string =>
  `${ssl === 'only' ? 'hostssl' : 'host'} all all 127.0.0.0/8 scram-sha-256\n` +
  `${ssl === 'only' ? 'hostssl' : 'host'} replication all 127.0.0.0/8 scram-sha-256\n`;

export const writeOwned = (path: string, text: string): void => {
  writeFileSync(path, text, { mode: 0o600 });
  own(path);
};

/** postgresql.conf is only an include, so that a copied data directory gets new settings by one file. */
export const writeConfig = (dataDir: string, server: ServerSettings): void => {
  const lines = Object.entries(serverLines(server)).map(([key, value]) => `${key} = ${quoted(value)}\n`);
  writeOwned(join(dataDir, 'postgresql.conf'), "include 'lab.conf'\n");
  writeOwned(join(dataDir, 'lab.conf'), lines.join(''));
  writeOwned(join(dataDir, 'pg_hba.conf'), hba(server.ssl));
};
