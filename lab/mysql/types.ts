import type { BaseBackup, Cluster, ClusterOptions } from '../postgres/types.ts';

export type Flavor = 'mysql' | 'mariadb';

/** A server program found on this machine. */
export type MysqlBinary = {
  readonly path: string;
  readonly flavor: Flavor;
  /** `9.7.4`, `10.11.19`: digits and dots only. */
  readonly version: string;
};

/**
 * As for PostgreSQL, with these differences. `settings` are lines of my.cnf; an empty value writes the bare name.
 * The `attributes` of a user are what it is granted, for example `SELECT ON app.*; PROCESS ON *.*` (nothing when
 * left out). `databases` are granted to `app`. `archive: false` turns the binary log off.
 */
export type MysqlOptions = ClusterOptions & {
  /** The first server found when left out. */
  readonly flavor?: Flavor;
};

/** The face of every lab cluster. `archiveDir` holds all binary logs, also the one being written. */
export type MysqlCluster = Cluster & {
  readonly kind: 'mysql';
  readonly binary: MysqlBinary;
  readonly flavor: Flavor;
  readonly version: string;
  /** Process id of the server; `undefined` while it is stopped. */
  readonly pid: number | undefined;
};

/** A place in the binary logs: everything before `position` in `file`, and in all files before it. */
export type LogPlace = { readonly file: string; readonly position: number };

/** `dir/data` is the data directory, `dir/archive` the binary log that was being written. */
export type MysqlBackup = BaseBackup & {
  readonly kind: 'mysql';
  readonly binary: MysqlBinary;
  /** What the copied files contain; `undefined` without a binary log. */
  readonly place: LogPlace | undefined;
};
