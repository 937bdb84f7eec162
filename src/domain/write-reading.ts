import type { WriteCounter } from './facts.ts';

/** What the server has counted so far, at one moment. */
export interface WriteReading {
  /** Epoch milliseconds of the server's clock. */
  readonly now: number;
  readonly lsn: string;
  /** Of the database, on MySQL of the whole server; reading transactions count, too. */
  readonly commits: number;
  /** When the statistics began anew; undefined when they never did. */
  readonly resetAt: number | undefined;
  /** The server counts no writes, so that `tables` proves nothing. */
  readonly uncounted?: true;
  /** `schema.table` → counters, without the migration history. */
  readonly tables: Readonly<Record<string, WriteCounter>>;
  /** MySQL: `schema.table` → epoch milliseconds of its last change, with which its counters began anew. */
  readonly renewed?: Readonly<Record<string, number>>;
}
