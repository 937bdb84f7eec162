/** What the campaign has to know of a database server: how production is made there, and what is really so. */
import type { Cluster } from '../../lab/databases.ts';
import type { ProjectMigration } from '../../lab/projects/make.ts';
import type { Dialect } from '../../src/domain/dialect.ts';

/** What is deployed. `half` commits two statements, takes a moment and dies on its last line. */
export type Deployed = 'good' | 'half';

/** What is really so, read as superuser and without anything of the guard. */
export interface Truth {
  /** Columns, constraints and indexes of the orders, and the names of all tables, one text. */
  readonly schema: string;
  /** Every order, one text. */
  readonly rows: string;
  /** `name:state` of the history, state one of applied, open, rolled-back. */
  readonly history: readonly string[];
}

/** A row of the application's ledger. */
export interface Entry {
  readonly id: string;
  /** The server's time just before its commit, milliseconds since 1970, with its fraction. */
  readonly at: number;
}

export interface Store {
  readonly dialect: Dialect;
  readonly server: 'postgresql' | 'mysql' | 'mariadb';
  /** For people: `PostgreSQL 18`, `MySQL 9.7`. */
  readonly product: string;
  /** The applied migration of every case. */
  readonly init: ProjectMigration;
  readonly migrations: Readonly<Record<Deployed, string>>;
  start(name: string): Promise<Cluster>;
  /** A database for one case: one applied migration, a hundred orders, a ledger for the application. */
  create(cluster: Cluster, database: string): Promise<void>;
  drop(cluster: Cluster, database: string): Promise<void>;
  truth(cluster: Cluster, database: string): Promise<Truth>;
  /** Sessions and advisory locks of ours in that database. */
  left(cluster: Cluster, database: string): Promise<readonly string[]>;
  /** Ends every session of ours, as a failover would. */
  cut(cluster: Cluster, database: string): Promise<void>;
  /** The application commits one entry. */
  write(cluster: Cluster, database: string): Promise<Entry | undefined>;
  ledger(cluster: Cluster, database: string): Promise<readonly Entry[]>;
}

export const INIT_NAME = '20260101000000_init';
