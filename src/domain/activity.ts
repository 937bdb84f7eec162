/** Who is in the database, as the server tells it. Plain JSON. */

/** One session: a backend of PostgreSQL, a thread of MySQL. */
export interface Backend {
  readonly pid: number;
  /** Empty on MySQL, which has none. */
  readonly applicationName: string;
  readonly user: string | null;
  readonly state: string | null;
  readonly query: string | null;
  readonly waiting: string | null;
  /** Milliseconds since the running transaction (or else the query) began; on MySQL since the statement did. */
  readonly ageMs: number | null;
  /** Pids that keep it waiting; empty when it runs. */
  readonly blockedBy: readonly number[];
}

/** Who is there now: our migration session, what blocks it, who holds Prisma's lock (on MySQL a user-level one). */
export interface Activity {
  readonly ours: readonly Backend[];
  readonly blockers: readonly Backend[];
  readonly advisoryLockHolders: readonly Backend[];
}
