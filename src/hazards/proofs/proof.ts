import type { LockMode, Work } from '../../domain/hazard.ts';

/** What a server must show when it runs the statement. All that is given must hold. */
export interface Expected {
  /** Strongest lock on `table` (default `users`). */
  readonly lock?: LockMode;
  readonly table?: string;
  /** Long work on `table`, by the server's DEBUG lines, file nodes and scan counters. */
  readonly work?: Exclude<Work, 'rows'>;
  /** SQLSTATE with which it fails. */
  readonly error?: string;
  /** A query of running code that worked before and fails afterwards. */
  readonly breaks?: string;
  /** A query that is false before and true afterwards. */
  readonly shows?: string;
  /** A query that is true afterwards, as it was before. */
  readonly keeps?: string;
}

/** `server_version_num`: an older server refuses the syntax (`since`), a newer one takes it (`until`, itself not included). */
export interface Servers {
  readonly since?: number;
  readonly until?: number;
}

export interface Proof extends Servers {
  /** Run after the base tables exist. */
  readonly setup?: string;
  /** One migration file. */
  readonly statement: string;
  /** How it is sent: as one message (Prisma up to 7.3) or statement by statement. Default: one message. */
  readonly splits?: boolean;
  readonly expected: Expected;
  /** A file that does not have the effect, and on which the rule must be silent. */
  readonly counter?: Counter;
}

export interface Counter extends Servers {
  readonly setup?: string;
  readonly statement: string;
  readonly splits?: boolean;
  /** It does the same work, only less often. */
  readonly silentOnly?: boolean;
}

/** Whether a server of that version can show it at all. */
export const isFor = ({ since = 0, until = Number.POSITIVE_INFINITY }: Servers, version: number): boolean =>
  since <= version && version < until;

/** Why a rule has no proof on the servers of the lab. */
export interface Unproven {
  readonly unproven: string;
}

export type Proofs = Readonly<Record<string, Proof | Unproven>>;

/** Tables that every proof starts with; `users` and `orders` have rows. */
export const BASE = `
CREATE TABLE users (id int PRIMARY KEY, name text, email varchar(50), age int, at timestamp(3));
INSERT INTO users SELECT i, 'n' || i, 'e' || i, i, now() FROM generate_series(1, 50) i;
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL, note text);
INSERT INTO orders SELECT i, i, 'x' FROM generate_series(1, 50) i;
CREATE TYPE mood AS ENUM ('ok', 'sad');
`;
