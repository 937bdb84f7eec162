/** What was read from the world before anything is decided. Plain JSON, no secrets. */
import type { Dialect } from './dialect.ts';

export type { Activity, Backend } from './activity.ts';

/** One migration folder on disk. */
export interface MigrationOnDisk {
  readonly name: string;
  /** Path of `migration.sql`, relative to the repository root, with forward slashes. */
  readonly path: string;
  /** Lower-case hex SHA-256 of the file as it is, and with its line endings turned to LF and CRLF. */
  readonly checksums: readonly string[];
  readonly bytes: number;
}

export interface ProjectFacts {
  /** Absolute path of the Prisma project (working-directory). */
  readonly directory: string;
  /** Absolute path of the CLI's entry script. */
  readonly cli: string;
  readonly prismaVersion: string;
  readonly prismaMajor: 5 | 6 | 7;
  /** `provider` of the datasource. Absent means PostgreSQL. */
  readonly dialect?: Dialect;
  /** PostgreSQL from Prisma 7.4 on, MySQL always: each statement of a file is committed by itself. */
  readonly splitsStatements: boolean;
  readonly schemaPath: string | undefined;
  readonly configPath: string | undefined;
  /** Absolute path of the migrations folder. */
  readonly migrationsPath: string;
  /** In the order in which Prisma applies them. */
  readonly migrations: readonly MigrationOnDisk[];
  /** Folders without a readable migration.sql. */
  readonly unreadable: readonly string[];
  /** `provider` of migration_lock.toml, when the file is there. */
  readonly lockProvider: string | undefined;
  /** Names of the variables from which Prisma takes its URL, `directUrl` first; empty when not known. */
  readonly urlEnv: readonly string[];
}

/** A row of `_prisma_migrations`. Times in epoch milliseconds. */
export interface HistoryRow {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly rolledBackAt: number | null;
  readonly logs: string | null;
}

export interface DatabaseFacts {
  /** Absent means PostgreSQL. */
  readonly dialect?: Dialect;
  /** Name and version for people (`MySQL 8.0.39`); absent for PostgreSQL, where `serverVersion` tells all. */
  readonly product?: string;
  /** Whether the write counters count every row at once; where they are missing or lossy, equal ones prove nothing. */
  readonly exactCounters: boolean;
  /** `server_version_num`, for example 180004; MySQL 8.0.39 is 80039, MariaDB 10.11.6 is 101106. */
  readonly serverVersion: number;
  readonly database: string;
  readonly user: string;
  readonly isReplica: boolean;
  /** `current_schema()`: where Prisma's unqualified `_prisma_migrations` would be made. */
  readonly schema: string | null;
  readonly historyTable: string | null;
  /** Ordinary tables of that schema other than the history table. */
  readonly tables: number;
  readonly canCreateInSchema: boolean;
  readonly settings: SessionSettings;
  readonly tls: boolean;
  /** MySQL: the server takes only encrypted sessions of this user, and Prisma will open a plain one with this URL. */
  readonly refusesPlain?: true;
}

/** What `SHOW` answered in a session opened with the migration URL; milliseconds, 0 = off, as for every MySQL URL. */
export interface SessionSettings {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly applicationName: string;
  readonly connectionCheckIntervalMs: number | null;
}

/**
 * A schema fingerprint: one digest per object of the catalog (tables with their columns, constraints,
 * indexes and triggers, types, functions, views, sequences, grants, settings ...), history table left out.
 */
export interface Fingerprint {
  /** SHA-256 over all objects, lower-case hex. */
  readonly digest: string;
  /** Object (`table public.users`) → digest. */
  readonly objects: Readonly<Record<string, string>>;
}

/** Stands for a table where the server counts no single ones. */
export const WHOLE_SERVER = 'all tables of the server';

/** Cumulative write counters of one table; they also count rolled-back writes. Where from: the engine's `counters.ts`. */
export interface WriteCounter {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** `relfilenode`, or InnoDB's number of the file: a new one means TRUNCATE or a rewrite, which count no rows. */
  readonly file?: string;
}

/** The state of the database at one moment, in comparable form. */
export interface DatabaseSnapshot {
  readonly fingerprint: Fingerprint;
  /** `schema.table` → counters. */
  readonly writes: Readonly<Record<string, WriteCounter>>;
  /** Qualified names of indexes with `indisvalid = false`. */
  readonly invalidIndexes: readonly string[];
  readonly history: readonly HistoryRow[] | null;
  /** MySQL: `shop.old`, tables of an engine without transactions (MyISAM, MEMORY). Absent means none. */
  readonly withoutRollback?: readonly string[];
}

/** The second to which a restore goes back, with the state it must show. */
export interface RestorePoint {
  /** ISO-8601, whole second, UTC, from the database's own clock. */
  readonly time: string;
  readonly lsn: string;
  /** Commits that the server had counted. */
  readonly commits?: number;
  readonly state: DatabaseSnapshot;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * A DB instance as AWS describes it. `settings` is the configuration manifest: every value a restore
 * must pass, in the field names of `RestoreDBInstanceToPointInTime`; only the adapter reads inside.
 */
export interface InstanceFacts {
  /** Undefined means an instance. */
  readonly kind?: 'instance' | 'cluster';
  /** The member that was named, when it was resolved to its cluster. */
  readonly resolvedFrom?: string;
  /** Identifiers of a cluster's members, the writer first. */
  readonly members?: readonly string[];
  /** The status of the cluster itself; `status` is that of its writer when the cluster is available. */
  readonly clusterStatus?: string;
  readonly identifier: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly clusterIdentifier: string | undefined;
  readonly replicaOf: string | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly instanceClass: string;
  readonly allocatedStorageGiB: number;
  readonly multiAz: boolean;
  readonly backupRetentionDays: number;
  readonly backupWindow: string | undefined;
  /** Epoch milliseconds. */
  readonly latestRestorableTime: number | undefined;
  /** Epoch milliseconds; absent while AWS does not tell it. */
  readonly createdAt?: number | undefined;
  readonly iamAuthentication: boolean;
  readonly managedPassword: boolean;
  /** Names of values that AWS has accepted and not applied yet (`DBInstanceIdentifier`: a rename). Absent when none. */
  readonly pending?: readonly string[];
  /** Apply status of the parameter group when it is not `in-sync`. */
  readonly parameterStatus?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SnapshotFacts {
  readonly identifier: string;
  readonly arn: string;
  readonly status: string;
  readonly percent: number | undefined;
  readonly sourceIdentifier: string;
  readonly sourceResourceId: string | undefined;
  /** Allocated storage of the source. */
  readonly sizeGiB?: number | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** The DB instance as far as its snapshot describes it; only where a snapshot was asked for by name. */
  readonly describes?: InstanceFacts;
}

export interface TargetFacts {
  readonly instance: InstanceFacts;
  /** All manual snapshots of the region and account, ours and others'. */
  readonly manualSnapshots: readonly SnapshotFacts[];
  /** The account's limit of manual snapshots, when AWS told it. */
  readonly snapshotLimit: number | undefined;
}
