import type { AnalysedFile } from './syntax.ts';

/** From worst to mildest. */
export const HAZARD_LEVELS = ['block', 'error', 'warning', 'notice'] as const;
export type HazardLevel = (typeof HAZARD_LEVELS)[number];

/** PostgreSQL's table locks that matter here, strongest first. */
export const LOCK_MODES = [
  'ACCESS EXCLUSIVE',
  'EXCLUSIVE',
  'SHARE ROW EXCLUSIVE',
  'SHARE',
  'SHARE UPDATE EXCLUSIVE',
  'ROW EXCLUSIVE',
] as const;
export type LockMode = (typeof LOCK_MODES)[number];

/**
 * What a statement does while it holds its lock. `rewrite` copies the table and its indexes · `build` sorts an index ·
 * `scan` reads every row · `rows` changes rows · `catalog` takes milliseconds whatever the size.
 */
export type Work = 'rewrite' | 'build' | 'scan' | 'rows' | 'catalog';

/** An estimated duration, in milliseconds. */
export interface Estimate {
  readonly lowMs: number;
  readonly highMs: number;
}

export interface Hazard {
  /** Rule id, kebab-case. */
  readonly rule: string;
  readonly level: HazardLevel;
  readonly title: string;
  readonly migration: string;
  /** Path of the file, relative to the repository root. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly endLine?: number;
  /** First words of the statement; empty when the whole file is meant. */
  readonly statement: string;
  /** Tables it is about, `schema.table`, or `table` in the default schema. */
  readonly tables: readonly string[];
  readonly lock?: LockMode;
  readonly work?: Work;
  readonly estimate?: Estimate;
  /** What it does, why that hurts, what to do; plain sentences. */
  readonly message: string;
  /** SQL to use instead; empty when there is none. */
  readonly suggestion: string;
  /** Page of the rule, relative to the project's own root. */
  readonly docs: string;
  /** False for what only the caller may allow: data loss, partial commit, and files that cannot work. */
  readonly suppressible: boolean;
}

/** A column as the catalog knows it. */
export interface ColumnFacts {
  /** `format_type()`: `character varying(20)`, `timestamp(3) without time zone`, `"Role"`. */
  readonly type: string;
  readonly notNull: boolean;
}

export interface TableFacts {
  /** `reltuples`, leaves of a partitioned table summed; undefined when never analysed. */
  readonly rows: number | undefined;
  /** Main fork, in bytes, from `relpages`, or `pg_relation_size()` when never analysed; undefined when unknown. */
  readonly bytes: number | undefined;
  readonly columns: Readonly<Record<string, ColumnFacts>>;
  /** Columns whose validated single-column CHECK says `IS NOT NULL`. */
  readonly checkedNotNull: readonly string[];
  /** Tables (`schema.table`) that foreign keys of this one point to, and that point to this one. */
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** What hangs on a column besides plain indexes; decides whether a type change stays cheap, or possible at all. */
  readonly dependents: readonly ColumnDependent[];
  /** Indexes by name (without schema). */
  readonly indexes: readonly string[];
  readonly constraints: Readonly<Record<string, ConstraintFacts>>;
}

export interface ConstraintFacts {
  readonly kind: 'check' | 'foreign' | 'primary' | 'unique' | 'exclusion' | 'not-null';
  readonly validated: boolean;
  /** Table (`schema.table`) a foreign key points to. */
  readonly parent?: string;
}

export interface ColumnDependent {
  readonly column: string;
  readonly kind:
    | 'check'
    | 'expression-index'
    | 'partial-index'
    | 'view'
    | 'generated-column'
    | 'policy'
    | 'trigger';
  readonly name: string;
}

/**
 * Facts of one database, read before the first pending migration. All of it is optional in the sense that no
 * facts at all (`undefined` in the request) is a valid state; what is given must be complete.
 */
export interface CatalogFacts {
  /** `server_version_num`, for example 180004. */
  readonly serverVersion: number;
  /** Where unqualified names live (`current_schema()`). */
  readonly schema: string;
  /** `TimeZone` of the migration's session. */
  readonly timeZone: string;
  /** Ordinary and partitioned tables, materialized views; key `schema.table`, unquoted. */
  readonly tables: Readonly<Record<string, TableFacts>>;
  /** Enum types and domains; key `schema.type`. `checked`: the domain has a constraint. */
  readonly types: Readonly<Record<string, { readonly kind: 'enum' | 'domain'; readonly checked: boolean }>>;
  /** `schema.function` or `function` (of `pg_catalog` and the default schema) → volatility. */
  readonly functions: Readonly<Record<string, 'immutable' | 'stable' | 'volatile'>>;
  /** Age of the oldest transaction of another session, milliseconds. */
  readonly oldestTransactionMs: number;
}

export interface HazardRequest {
  /** The pending migrations, in the order in which Prisma applies them. */
  readonly files: readonly AnalysedFile[];
  /** Migrations already applied, in order: they tell types and constraints when no database is at hand. */
  readonly applied?: readonly AnalysedFile[];
  /** As in the facts of the project: each statement of a file is committed by itself. */
  readonly splitsStatements: boolean;
  /** `server_version_num`; left out: taken from the catalog, else the newest is assumed. */
  readonly serverVersion?: number;
  readonly catalog?: CatalogFacts;
  /** Milliseconds; 0 is off. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** Names of migrations whose data loss and partial commit the caller accepts. */
  readonly allowDataLoss: readonly string[];
}

export const isAtLeast = (level: HazardLevel, floor: HazardLevel): boolean =>
  HAZARD_LEVELS.indexOf(level) <= HAZARD_LEVELS.indexOf(floor);
