import type { ForeignTables } from '../domain/checkup.ts';
import type { Activity, Backend, DatabaseFacts, DatabaseSnapshot, HistoryRow } from '../domain/facts.ts';
import type { CatalogFacts } from '../domain/hazard.ts';
import type { LiveAnswer, LiveQuestion } from '../domain/live-check.ts';
import type { Secret } from '../domain/secret.ts';
import type { ServerIdentity } from '../domain/server-identity.ts';
import type { WriteReading } from '../domain/write-reading.ts';

export interface ServerClock {
  /** Epoch milliseconds of the server's own clock. */
  readonly now: number;
  /**
   * Position in its log, two halves in hexadecimal: `pg_current_wal_lsn()`, or InnoDB's redo log written in the same way;
   * empty where the server tells none.
   */
  readonly lsn: string;
  /** Commits so far: `xact_commit` of the database; on MySQL `Handler_commit` of the whole server. */
  readonly commits: number;
}

export interface ReplayedError {
  /** Index of the failing statement in the list that was given. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/**
 * One read-mostly autocommit session. It holds no transaction open between calls: CREATE INDEX CONCURRENTLY would wait
 * for it, and on MySQL any change of a table that it has read. Every method throws `database-lost`, `database-error` or
 * `database-rights`, unless it says otherwise.
 */
export interface Session {
  facts(): Promise<DatabaseFacts>;
  /** Rows of `_prisma_migrations`; null when the table is absent. Cheap: the quiet path needs only this. */
  history(): Promise<readonly HistoryRow[] | null>;
  clock(): Promise<ServerClock>;
  /** Fingerprint, write counters, invalid indexes and history, read at one moment. */
  state(): Promise<DatabaseSnapshot>;
  /** Write counters alone: one round trip, cheap beside the state. */
  writes(): Promise<WriteReading>;
  /**
   * The sessions of the migration, what blocks them, who holds Prisma's lock. PostgreSQL tells them by this
   * `application_name`; MySQL has none, so there it is whoever of our account, host and database holds that lock.
   */
  activity(applicationName: string): Promise<Activity>;
  /** Which server this is, told by what differs between a database and its restored copy. */
  identity(): Promise<ServerIdentity>;
  readonly intervene: Interventions;
  readonly study: Studies;
  /** Frees what the session holds. Never waits for a dead server. */
  close(): Promise<void>;
}

/** Read-only questions of the hazard rules, which know PostgreSQL alone; none of them needs a special grant. */
export interface Studies {
  /** Throws `database-error` when the catalog cannot be read in a few seconds. */
  catalog(): Promise<CatalogFacts>;
  /** Three seconds at most; never throws. */
  ask(question: LiveQuestion): Promise<LiveAnswer>;
  /** Tables of the default schema that the session's role may not alter. Tables of extensions are left out. */
  foreignTables(): Promise<ForeignTables>;
}

export interface LockAttempt {
  readonly held: boolean;
  /** Who has it, when we do not; undefined when it went away meanwhile. */
  readonly holder: Backend | undefined;
}

/** The few things the guard itself may change in the user's database. */
export interface Interventions {
  /** Tries for the guard's own session lock; it is held until the session ends. Never waits. */
  lock(): Promise<LockAttempt>;
  /** Cancels (or terminates) the sessions that `activity` calls ours; returns how many were asked. */
  stop(applicationName: string, how: 'cancel' | 'terminate'): Promise<number>;
  /** `DROP INDEX CONCURRENTLY` of an index that is still invalid; false when it was not (any more), on MySQL always. */
  dropInvalidIndex(name: string): Promise<boolean>;
  /**
   * Runs statements in one transaction that is always rolled back; the first error, or undefined. Runs nothing on MySQL,
   * where a change of the schema commits.
   */
  replay(
    statements: readonly string[],
    limits: { readonly totalMs: number; readonly lockMs: number },
  ): Promise<ReplayedError | undefined>;
}

export interface Engine {
  /**
   * Opens a session as the migration's role. `applicationName` replaces the one in the URL; MySQL has none.
   * Throws `database-unreachable`, `database-authentication`, `database-missing`, `database-tls`,
   * `limits-not-in-force` (a startup parameter was refused).
   */
  connect(url: Secret, applicationName?: string): Promise<Session>;
}
