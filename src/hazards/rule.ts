import type { HazardLevel, HazardRequest, LockMode, Work } from '../domain/hazard.ts';
import type { AnalysedFile, AnalysedStatement } from '../domain/syntax.ts';
import type { Name, Operation, OperationName, OperationOf } from './operation.ts';
import type { Table, World } from './world.ts';

/**
 * `fails`: the server or the driver will refuse it · `data-loss` · `blocking`: long work under a lock that stops
 * readers or writers · `rows`: unbatched changes of rows · `brief`: a short lock · `breaking`: running code breaks ·
 * `partial`: a failure leaves half of the file · `opaque`: nobody can tell · `advice`.
 */
/**
 * `fails`: certain to fail, and what stood before it may stay · `fails-whole`: the server takes nothing of the file, so
 * running it does no harm and the server itself is the judge.
 */
export type Category =
  | 'fails'
  | 'fails-whole'
  | 'data-loss'
  | 'blocking'
  | 'rows'
  | 'brief'
  | 'breaking'
  | 'partial'
  | 'opaque'
  | 'advice';

/** One statement of the pending set with the world as it is when it runs. */
export interface Site {
  readonly world: World;
  readonly request: HazardRequest;
  readonly file: AnalysedFile;
  readonly fileIndex: number;
  readonly statement: AnalysedStatement;
  readonly index: number;
  readonly operations: readonly Operation[];
  /** Operations of every statement of the file. */
  readonly all: readonly (readonly Operation[])[];
  readonly transaction: number;
  /** Statements of the file in the same transaction, this one included. */
  readonly company: readonly number[];
  /** A BEGIN of the file's own is open. */
  readonly explicit: boolean;
  /** `server_version_num`. */
  readonly version: number;
}

/** What a rule found at a statement. */
export interface Match {
  /** Tables whose size decides the level. */
  readonly tables: readonly Table[];
  /** What it is about, quoted for SQL: `"users"."email"`. */
  /** More tables under the same lock, whose size does not matter. */
  readonly also?: readonly Table[];
  readonly subject: string;
  readonly lock?: LockMode;
  readonly work?: Work;
  /** Where the rule's own category does not fit, for example a data loss on an empty table. */
  readonly category?: Category;
  readonly level?: HazardLevel;
  /** True when a fact is missing that could make it harmless: one level down. */
  readonly doubtful?: boolean;
  /** Said only when the estimate passes statement_timeout. */
  readonly onlyIfLong?: boolean;
  /** A sentence more, after the rule's own. */
  readonly detail?: string;
  readonly suggestion?: string;
}

/** What every rule says about itself; docs, messages and proofs are made of it. */
export interface RuleText {
  readonly id: string;
  /** squawk's rules that mean the same; `-- squawk-ignore` of them silences this one. */
  readonly squawk: readonly string[];
  readonly title: string;
  readonly category: Category;
  /** Strongest lock it takes on a table of others. */
  readonly lock?: LockMode;
  readonly work?: Work;
  /** When it is harmless. */
  readonly safe: string;
  /** How Prisma's way to run the file changes it: whole file (up to 7.3), each statement (7.4 and later). */
  readonly mode: 'both' | 'whole file' | 'each statement' | 'differs';
  /** Why it hurts: one or two sentences. */
  readonly why: string;
  /** What to do: one sentence. */
  readonly remedy: string;
  /** The rewrite in SQL, with names of an example; the finding carries its own. */
  readonly rewrite: string;
}

export interface Rule extends RuleText {
  readonly on: readonly OperationName[];
  readonly match: (operation: Operation, site: Site) => Match | undefined;
}

/** Ties a rule to the operations it reads, so that `match` sees only those. */
export function rule<K extends OperationName>(
  on: readonly K[],
  text: RuleText,
  match: (operation: OperationOf<K>, site: Site) => Match | undefined,
): Rule {
  return { ...text, on, match: match as Rule['match'] };
}

/** A table is of interest when others may use it: it was there before, or a pending statement filled it. */
export const inUse = (table: Table): boolean => table.existed || table.filled;

const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** An identifier for SQL to paste; reserved words are quoted by having been quoted in the first place. */
export const quoted = (name: string): string =>
  PLAIN.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

const RESERVED = new Set(
  `all analyse analyze and any array as asc both case cast check collate column constraint create default desc distinct do
  else end except false for foreign from grant group having in initially intersect into lateral leading limit not null
  offset on only or order placing primary references returning select some symmetric table then to trailing true union
  unique user using variadic when where window with`.split(/\s+/),
);

export const sqlName = (name: { readonly schema: string | undefined; readonly name: string }): string =>
  name.schema === undefined ? quoted(name.name) : `${quoted(name.schema)}.${quoted(name.name)}`;

/** A match on one table that others may use. */
export function onTable(site: Site, table: Name, more: Partial<Match> = {}): Match | undefined {
  const found = site.world.table(table);
  return inUse(found) ? { tables: [found], subject: sqlName(table), ...more } : undefined;
}

export const onColumn = (
  site: Site,
  table: Name,
  column: string,
  more: Partial<Match> = {},
): Match | undefined => onTable(site, table, { subject: `${sqlName(table)}.${quoted(column)}`, ...more });

/** The column is new in the pending set: nobody's data and nobody's code knows it. */
export const isOwn = (site: Site, operation: { readonly table: Name; readonly column: string }): boolean =>
  site.world.table(operation.table).columns.get(operation.column)?.added === true;
