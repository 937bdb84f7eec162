/** A migration file seen as statements; made by the parser port, read by the judge and the planner. */
import type { Dialect } from './dialect.ts';

/**
 * `schema` changes the catalog only · `write` changes rows · `read` changes nothing · `transaction` is BEGIN,
 * COMMIT and friends · `session` is SET and friends · `maintenance` cannot run in a transaction (CONCURRENTLY,
 * VACUUM; LOCK TABLES, OPTIMIZE) · `opaque` may do anything (DO, CALL, a function in a SELECT, COPY).
 */
export type StatementKind =
  | 'schema'
  | 'write'
  | 'read'
  | 'transaction'
  | 'session'
  | 'maintenance'
  | 'opaque';

export interface Statement {
  readonly text: string;
  /** 1-based line of its first token in the file. */
  readonly line: number;
  /** 0-based character offset of its first token in the file. */
  readonly offset: number;
  readonly kind: StatementKind;
  /** First words, for people: `ALTER TABLE "users"`. */
  readonly label: string;
  /** Identifiers that occur in it, lower-cased: tables, columns, constraints, indexes, types. */
  readonly names: readonly string[];
  /** For `transaction`: which. */
  readonly transaction?: 'begin' | 'commit' | 'rollback' | 'savepoint';
  /** MySQL: it commits an open transaction before it runs, and itself when it has run. */
  readonly commits?: true;
  /**
   * MySQL: it may change what the fingerprint and the counters of the URL's database do not show: another database, users
   * and their rights, the server itself.
   */
  readonly elsewhere?: true;
  /** MySQL: a table without transactions may be written to, where a part of the rows stays when it fails. */
  readonly keepsPart?: true;
  /** For `session`: the setting it changes, lower-cased. */
  readonly setting?: string;
}

export interface ParsedFile {
  readonly migration: string;
  readonly statements: readonly Statement[];
  /** Absent means PostgreSQL. */
  readonly dialect?: Dialect;
  /** Set when the grammar (PostgreSQL's own, our reading of MySQL's) refuses the file; `statements` is empty then. */
  readonly syntaxError?: {
    readonly message: string;
    readonly line: number;
    /** The file begins with what cannot be read, so a server that stops there has run nothing of it. */
    readonly first?: true;
  };
  /** Things the file begins with or contains that the driver or server cannot take. */
  readonly oddities: readonly ('byte-order-mark' | 'nul-byte' | 'invalid-utf8')[];
}
