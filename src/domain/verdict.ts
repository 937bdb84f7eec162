/** What the database itself says about the migration, with the evidence for it. */
export type DatabaseState = 'unchanged' | 'changed' | 'unknown';

export interface FailedStatement {
  readonly migration: string;
  /** Path of the file relative to the repository root. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** How we know: the server's position, the only statement, seen running, named in the message, replayed. */
  readonly foundBy: 'position' | 'only-statement' | 'watched' | 'named' | 'replayed';
}

export interface MigrationError {
  /** SQLSTATE (on MySQL the number of the error) or Prisma P-code, when one is known. */
  readonly code: string | undefined;
  /** The server's own message where it is known, else Prisma's, scrubbed. */
  readonly message: string;
}

export interface Verdict {
  /** Applied and verified; everything else is a failure. */
  readonly ok: boolean;
  readonly state: DatabaseState;
  /** Migrations of this run that are finished in the history. */
  readonly applied: readonly string[];
  readonly failedMigration: string | undefined;
  readonly error: MigrationError | undefined;
  readonly statement: FailedStatement | undefined;
  /** One short sentence each, in the order in which they convinced. */
  readonly evidence: readonly string[];
  /** True when the failed row stands in the history and a later deploy would meet P3009. */
  readonly openRow: boolean;
  /** A lock timeout or deadlock that left nothing behind: the whole deploy may be tried again. */
  readonly retryable: boolean;
}
