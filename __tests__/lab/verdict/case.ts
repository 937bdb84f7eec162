/** One labelled failure: what stands in the database, what is deployed, what happens meanwhile, and what must be said. */
import type { DatabaseState } from '../../../src/domain/verdict.ts';

export const MODES = ['whole-file', 'statement-by-statement'] as const;
export type Mode = (typeof MODES)[number];

export interface Expected {
  /** What a brute-force comparison of the whole database must find. */
  readonly truth: 'same' | 'different';
  readonly state: DatabaseState;
  readonly ok?: true;
  /** SQLSTATE or P-code; null: none is known; left out: not checked. */
  readonly code?: string | null;
  /** Line of the failing statement; null: none must be named; left out: not checked. */
  readonly line?: number | null;
  /** Name of the failed migration; `1_first` when left out. */
  readonly failed?: string;
  readonly retryable?: true;
}

/** Done once, as soon as the migration's backend runs a query that contains `at`. */
export type Blow =
  | 'kill-cli'
  | 'kill-engine'
  | 'kill-both'
  | 'terminate'
  | 'cancel'
  | 'crash'
  | 'crash-for-good'
  | 'cut'
  | 'abort'
  | 'nothing';

export interface Meanwhile {
  /** Held in an open transaction of another session from before the migration until it has ended. */
  readonly hold?: string;
  /** The transaction of `hold` ends when the migration's session does, not when the verdict is there. */
  readonly letGo?: true;
  /** The open transaction of `hold` runs this when the migration waits for a lock; for deadlocks. */
  readonly thenHold?: string;
  /** Repeated by an application until the migration has ended. It marks its rows with origin = 'app'. */
  readonly traffic?: string;
  /** Kept running in a session of its own until the migration has ended. */
  readonly beside?: string;
  readonly at?: string;
  readonly blow?: Blow;
}

/** `M`: the ways in which one case is played. */
export interface VerdictCase<M extends string = Mode> {
  readonly kind: string;
  readonly name: string;
  /** Run by the owner after the common fixture. */
  readonly setup?: string;
  /** Run by the superuser after `setup`. */
  readonly admin?: string;
  /** One file, or several by name; bytes where text would not do. */
  readonly files: string | Uint8Array | Readonly<Record<string, string | Uint8Array>>;
  readonly expected: Readonly<Partial<Record<M, Expected>>>;
  readonly meanwhile?: Meanwhile;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly migrationTimeoutMs?: number;
  /** On a server of its own: it touches roles, or brings the server down. */
  readonly alone?: true;
  /** A new database: no fixture and no history table. */
  readonly bare?: true;
  /** Role that migrates; the owner when left out. */
  readonly role?: string;
  /** Not part of the fast default run. */
  readonly slow?: true;
}

export type Body = Omit<VerdictCase, 'kind' | 'name' | 'expected'>;

export const both = (expected: Expected): VerdictCase['expected'] => ({
  'whole-file': expected,
  'statement-by-statement': expected,
});
export const modes = (whole: Expected, split: Expected): VerdictCase['expected'] => ({
  'whole-file': whole,
  'statement-by-statement': split,
});
export const only = (mode: Mode, expected: Expected): VerdictCase['expected'] => ({ [mode]: expected });

/** Cases of one kind. */
export const kind =
  (kindName: string) =>
  (name: string, body: Body, expected: VerdictCase['expected']): VerdictCase => ({
    kind: kindName,
    name,
    expected,
    ...body,
  });

type More = Partial<Expected>;

/** Nothing was left behind, and that is proven. */
export const same = (code: string | null, line?: number | null, more: More = {}): Expected => ({
  truth: 'same',
  state: 'unchanged',
  code,
  ...(line === undefined ? {} : { line }),
  ...more,
});
/** Something was left behind, and that is seen. */
export const half = (code: string | null, line?: number | null, more: More = {}): Expected => ({
  truth: 'different',
  state: 'changed',
  code,
  ...(line === undefined ? {} : { line }),
  ...more,
});
/** The truth cannot be known from the outside. */
export const unsure = (
  truth: 'same' | 'different',
  code?: string | null,
  line?: number | null,
  more: More = {},
): Expected => ({
  truth,
  state: 'unknown',
  ...(code === undefined ? {} : { code }),
  ...(line === undefined ? {} : { line }),
  ...more,
});
export const fine = (truth: 'same' | 'different' = 'different'): Expected => ({
  truth,
  state: 'changed',
  ok: true,
});
