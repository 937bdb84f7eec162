import type { WriteCounter } from './facts.ts';

/** What the server has counted so far, at one moment. */
export interface WriteReading {
  /** Epoch milliseconds of the server's clock. */
  readonly now: number;
  readonly lsn: string;
  /** `xact_commit` of the database; reading transactions count, too. */
  readonly commits: number;
  /** When the statistics began anew; undefined when they never did. */
  readonly resetAt: number | undefined;
  /** The server counts no writes, so that `tables` proves nothing. */
  readonly uncounted?: true;
  /** `schema.table` → counters, without the migration history. */
  readonly tables: Readonly<Record<string, WriteCounter>>;
}
