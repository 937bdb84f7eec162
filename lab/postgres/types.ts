/** How a cluster treats TLS: `off` has no TLS at all, `on` accepts both, `only` refuses plain TCP as RDS 15+ does. */
export type SslMode = 'off' | 'on' | 'only';

export type RoleSpec = {
  readonly name: string;
  readonly password: string;
  /** SQL attributes after `LOGIN`, for example `CREATEDB` or `REPLICATION`. */
  readonly attributes?: string;
};

export type ClusterOptions = {
  /** Shows up in the directory name and in error messages only. */
  readonly name?: string;
  /** TCP port; a free one when left out. */
  readonly port?: number;
  /** Loopback address to listen on. Default 127.0.0.1; Linux answers on all of 127.0.0.0/8. */
  readonly host?: string;
  /** DNS names in the certificate besides `localhost`; `*.` stands for one label. */
  readonly hostNames?: readonly string[];
  /** Write-ahead log archiving (needed for backups and restores). Default true. */
  readonly archive?: boolean;
  readonly ssl?: SslMode;
  /** Extra lines of postgresql.conf, values unquoted. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Roles besides `postgres` and `app`. */
  readonly users?: readonly RoleSpec[];
  /** Databases besides `app`, owned by `app`. */
  readonly databases?: readonly string[];
};

/** The database that a cluster or a backup of it is; PostgreSQL when left out. */
export type ClusterKind = 'postgresql' | 'mysql';

export type QueryRow = Readonly<Record<string, unknown>>;

export type Cluster = {
  readonly kind?: ClusterKind;
  readonly name: string;
  /** The loopback address it listens on. */
  readonly host: string;
  readonly port: number;
  readonly ssl: SslMode;
  readonly dataDir: string;
  /** Completed WAL segments, one file each. Empty when archiving is off. */
  readonly archiveDir: string;
  /** PEM of the self-signed server certificate (its own CA); `undefined` without TLS. */
  readonly caCertificate: string | undefined;
  readonly running: boolean;
  /** Passwords of the lab's roles by name. */
  readonly roles: ReadonlyMap<string, string>;
  /** postgresql:// URL of the superuser `postgres`. Default database: `app`. */
  superuserUrl(database?: string): string;
  /** postgresql:// URL of a role, percent-encoded. Default database and role: `app`. */
  url(database?: string, user?: string): string;
  /** One statement (or several separated by `;`) as superuser over a fresh connection; rows of the last one. */
  query(sql: string, values?: readonly unknown[], database?: string): Promise<readonly QueryRow[]>;
  /** Starts again after `shutdown` or `crash`, same port, same files. */
  start(): Promise<void>;
  /** Orderly stop that keeps the files. */
  shutdown(): Promise<void>;
  /** Immediate stop without checkpoint, as after a power cut; the files stay. */
  crash(): Promise<void>;
  /** Stops and deletes every file. Safe to call twice. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A base backup: a copy of the files plus the label that makes it recoverable. Remove it with `removeBackup`. */
export type BaseBackup = {
  readonly kind?: ClusterKind;
  readonly dir: string;
  readonly label: string;
  /** Server clock when the copy began. */
  readonly startedAt: Date;
  /** Server clock when the copy was consistent: the earliest instant it can be restored to. */
  readonly finishedAt: Date;
  readonly roles: ReadonlyMap<string, string>;
};

export type RestoreOptions = {
  readonly backup: BaseBackup;
  /** Where the source's WAL is (its `archiveDir`). */
  readonly archiveDir: string;
  /** Second place to look for WAL: `pg_wal` of a source that died before it could archive. */
  readonly walDir?: string;
  /**
   * Everything committed at or before this instant is in the result, nothing later is. Resolution: a
   * millisecond, all of it included. `latest` replays all there is. Left out: the state of the backup itself.
   */
  readonly targetTime?: Date | 'latest';
  readonly name?: string;
  readonly port?: number;
  /** As in `ClusterOptions`. The certificate is the source's, as all of RDS shares its authorities. */
  readonly host?: string;
  readonly ssl?: SslMode;
  readonly settings?: Readonly<Record<string, string>>;
};
