import type { ForeignTables } from '../domain/checkup.ts';
import type { Activity, Backend, DatabaseFacts, DatabaseSnapshot, HistoryRow } from '../domain/facts.ts';
import type { CatalogFacts } from '../domain/hazard.ts';
import type { LiveAnswer, LiveQuestion } from '../domain/live-check.ts';
import type { Secret } from '../domain/secret.ts';
import type { ServerIdentity } from '../domain/server-identity.ts';
import type { WriteReading } from '../domain/write-reading.ts';

export interface ServerClock {
  /** Epoch milliseconds of `clock_timestamp()`. */
  readonly now: number;
  /** `pg_current_wal_lsn()`. */
  readonly lsn: string;
  /** `xact_commit` of the database. */
  readonly commits: number;
}

export interface ReplayedError {
  /** Index of the failing statement in the list that was given. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/**
 * One read-mostly autocommit session. It holds no transaction open between calls, because
 * CREATE INDEX CONCURRENTLY would wait for it.
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
  /** Sessions with this `application_name`, what blocks them, who holds Prisma's advisory lock. */
  activity(applicationName: string): Promise<Activity>;
  /** Which server this is, told by what differs between a database and its restored copy. */
  identity(): Promise<ServerIdentity>;
  readonly intervene: Interventions;
  readonly study: Studies;
  close(): Promise<void>;
}

/** Read-only questions of the hazard rules; none of them needs a special grant. */
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
  /** Cancels (or terminates) the backends of that `application_name`; returns how many were asked. */
  stop(applicationName: string, how: 'cancel' | 'terminate'): Promise<number>;
  /** `DROP INDEX CONCURRENTLY` of an index that is still invalid; false when it was not (any more). */
  dropInvalidIndex(name: string): Promise<boolean>;
  /** Runs statements in one transaction that is always rolled back; the first error, or undefined. */
  replay(
    statements: readonly string[],
    limits: { readonly totalMs: number; readonly lockMs: number },
  ): Promise<ReplayedError | undefined>;
}

export interface Engine {
  /**
   * Opens a session as the migration's role. `applicationName` replaces the one in the URL.
   * Throws `database-unreachable`, `database-authentication`, `database-missing`, `database-tls`,
   * `limits-not-in-force` (a startup parameter was refused).
   */
  connect(url: Secret, applicationName?: string): Promise<Session>;
}
