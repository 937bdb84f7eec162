/** Words of the modes that go back or tidy up: rollback, promote and cleanup. Plain JSON, no secrets. */

export const PROMOTE_POLICIES = ['never', 'rename', 'proxy', 'undo'] as const;
/** How production is cut over; `undo` puts the old instance back under its name. */
export type PromotePolicy = (typeof PROMOTE_POLICIES)[number];

/** What was recorded at the restore point, as far as tags can carry it across jobs. */
export interface RecordedState {
  /** Digest of the schema at the restore point. */
  readonly fingerprint: string | undefined;
  /** Write counters of the tables at the restore point; undefined when none were kept. */
  readonly marks: WriteMarks | undefined;
}

/** Write counters that outlive the runner: whole for the busiest tables, summed for the rest. */
export interface WriteMarks {
  readonly lsn: string;
  /** Commits that the server had counted; when it counts fewer now, its counters were reset in between. */
  readonly commits: number | undefined;
  /** Short hash of `schema.table` → counters. */
  readonly tables: Readonly<Record<string, Counts>>;
  readonly rest: Counts;
}

export interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface TableLoss extends Counts {
  /** `schema.table`; "other tables" for those whose counters were kept only as a sum. */
  readonly table: string;
}

/**
 * What a cut-over would lose: everything committed to production since the restore point. The counters also count
 * rolled-back writes and those of the migration itself, so rows are an upper bound.
 */
export interface WriteLoss {
  /** ISO-8601 whole second. */
  readonly since: string;
  /** Epoch milliseconds of the database at the second look. */
  readonly until: number;
  readonly commits: number | undefined;
  readonly walBytes: number | undefined;
  /** Most rows first; only tables with writes. */
  readonly tables: readonly TableLoss[];
  /** Sum of all rows; undefined when nobody knows (no counters kept, or reset since): then `unknown` says why. */
  readonly rows: number | undefined;
  readonly unknown: string | undefined;
}

/** The database that a rollback restores from, when it is not the one that has the name of production now. */
export interface Origin {
  /** Its name now, or its last one. */
  readonly identifier: string;
  readonly resourceId: string;
  /** `replaced`: a promotion gave its name to another one since; `deleted`: only a backup or a snapshot of it is left. */
  readonly is: 'replaced' | 'deleted';
  /** One sentence. */
  readonly why: string;
}

/** Where a rollback goes back to, and by which way. */
export interface Goal {
  /** ISO-8601 whole second; for a snapshot the time of its content when AWS tells it. */
  readonly time: string | undefined;
  readonly way: 'point-in-time' | 'snapshot';
  readonly snapshot: string | undefined;
  /** `<run id>-<attempt>` of the run whose restore point it is. */
  readonly run: string | undefined;
  /** Why this way, one sentence. */
  readonly why: string;
  readonly recorded: RecordedState;
  /** Absent when the restore is from production itself. */
  readonly origin?: Origin;
}

/** One setting of the restored instance that is not as it was on the source before the migration. */
export interface SettingDifference {
  /** Field name of the RDS API. */
  readonly name: string;
  readonly wanted: string;
  readonly got: string;
  /** `modify`: one ModifyDBInstance mends it; `role`: AddRoleToDBInstance; `reboot`; `none`: a person must. */
  readonly mend: 'modify' | 'role' | 'reboot' | 'none';
  /** The AWS CLI call that mends it. */
  readonly call: string;
}

/** Who serves production's name: the old one up to `parking`, nobody in `outage`, the new one from `taking-over` on. */
export type PromotionPhase = 'not-started' | 'parking' | 'outage' | 'taking-over' | 'promoted' | 'undone';

/** The two instances of a promotion, keyed by resource id because names change hands. */
export interface Promotion {
  readonly by: 'rename' | 'proxy';
  readonly phase: PromotionPhase;
  /** The name that applications use. */
  readonly production: string;
  readonly parked: string;
  readonly restored: string;
  readonly oldResourceId: string;
  readonly newResourceId: string;
  /** Names of RDS Proxies that were re-targeted. */
  readonly proxies: readonly string[];
  /** Epoch milliseconds at which production stopped and began to answer; undefined while it is not known. */
  readonly outageFrom: number | undefined;
  readonly outageUntil: number | undefined;
}

/** One resource of ours that costs money, as `mode: cleanup` lists it. */
export interface Kept {
  readonly kind: 'snapshot' | 'restored' | 'replaced';
  readonly identifier: string;
  readonly run: string;
  readonly phase: string;
  /** Epoch milliseconds. */
  readonly createdAt: number | undefined;
  readonly sizeGiB: number | undefined;
  /** US dollars a month, roughly; undefined when no price is known. */
  readonly monthlyCost: number | undefined;
  /** `delete`: a snapshot that may go; `keep`: why it stays is in `why`. */
  readonly verdict: 'delete' | 'keep';
  readonly why: string;
}
