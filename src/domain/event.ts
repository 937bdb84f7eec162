import type {
  Activity,
  Backend,
  DatabaseFacts,
  Endpoint,
  ProjectFacts,
  RestorePoint,
  TargetFacts,
} from './facts.ts';
import type { Goal, Kept, Promotion, SettingDifference, WriteLoss } from './going-back.ts';
import type { Plan, StepKind } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Request, RunIdentity } from './request.ts';
import type { Verdict } from './verdict.ts';

/** Version of the journal format (docs/journal.md). A reader refuses a higher one. */
export const JOURNAL_VERSION = 1;

export const STATUSES = [
  'up-to-date',
  'planned',
  'applied',
  'refused',
  'failed',
  'restoring',
  'restored',
  'promoted',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

export type NoticeCode =
  | 'migration-edited'
  | 'migration-gone'
  | 'migration-out-of-order'
  | 'planned-without-database'
  | 'planned-without-aws'
  | 'pending-unknown'
  | 'catalog-unread'
  | 'rules-missing'
  | 'review-failed'
  | 'report-unwritable'
  | 'dev-command'
  | 'drift'
  | 'drift-unknown'
  | 'maintenance-window-near'
  | 'predecessor-unfinished'
  | 'waits-for-turn'
  | 'endpoint-differs'
  | 'file-oddity'
  | 'file-syntax'
  | 'file-resets-limits'
  | 'file-unbalanced-transaction'
  | 'iam-authentication'
  | 'managed-password'
  | 'backup-window-near'
  | 'aws-retry'
  | 'cli-hung'
  | 'prune-failed'
  | 'tag-failed'
  | 'resolve-failed'
  | 'notification-failed'
  | 'after-command-failed'
  | 'cluster-member'
  | 'production-unread'
  | 'settings-unknown'
  | 'write-loss-unknown'
  | 'setting-differs'
  | 'not-carried'
  | 'restore-found'
  | 'credentials-short'
  | 'promotion-resumed'
  | 'cut-over-waits'
  | 'identity-unproven';

/** A thing worth knowing that decides nothing. */
export interface Notice {
  readonly code: NoticeCode;
  readonly level: 'notice' | 'warning';
  readonly fields: Readonly<Record<string, string>>;
}

export interface MigratorEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Scrubbed; the last 200 lines of stdout and stderr. */
  readonly output: string;
}

/** Why the guard stopped the migration itself. */
export type StopReason = 'migration-timeout' | 'cancelled' | 'cli-hung' | 'watch-lost' | 'lock-taken';

/** A limit that the server cannot be given, so that the watcher keeps it. */
export type EnforcedLimit = 'statement-timeout' | 'lock-timeout';

/** What happened, in order. Written to the journal before (`intended`) and after (`done`, `failed`) every effect. */
export type Event = { readonly at: number } & EventBody;
export type EventBody =
  | {
      readonly type: 'run-started';
      readonly version: number;
      readonly pid: number;
      readonly identity: RunIdentity;
      readonly request: Request;
    }
  | { readonly type: 'observed-project'; readonly project: ProjectFacts }
  | { readonly type: 'observed-database'; readonly database: DatabaseFacts }
  | { readonly type: 'observed-target'; readonly target: TargetFacts }
  | { readonly type: 'pending'; readonly migrations: readonly string[] }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'step-intended'; readonly step: StepKind }
  | { readonly type: 'step-done'; readonly step: StepKind; readonly note?: string }
  | { readonly type: 'step-failed'; readonly step: StepKind; readonly problem: Problem }
  | { readonly type: 'step-skipped'; readonly step: StepKind; readonly note: string }
  | {
      readonly type: 'snapshot-seen';
      readonly identifier: string;
      readonly arn: string;
      readonly status: string;
      readonly percent: number | undefined;
    }
  | { readonly type: 'restore-point'; readonly point: RestorePoint }
  | { readonly type: 'migrator-started'; readonly pid: number; readonly round: number }
  | { readonly type: 'migrator-line'; readonly line: string }
  | { readonly type: 'blocked'; readonly waiting: Backend; readonly blockers: readonly Backend[] }
  | { readonly type: 'limit-enforced'; readonly limit: EnforcedLimit; readonly backend: Backend }
  | { readonly type: 'stopping'; readonly reason: StopReason }
  | { readonly type: 'stopped'; readonly activity: Activity; readonly tookMs: number }
  | { readonly type: 'migrator-ended'; readonly end: MigratorEnd; readonly tookMs: number }
  | { readonly type: 'leftover-removed'; readonly index: string }
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  | { readonly type: 'marked-rolled-back'; readonly migration: string }
  | { readonly type: 'lock-retry'; readonly round: number; readonly pauseMs: number }
  | {
      readonly type: 'restore-requested';
      /** An earlier job had asked for it. */
      readonly found?: true;
      readonly identifier: string;
      readonly arn: string;
      readonly resourceId: string;
    }
  | {
      readonly type: 'restore-seen';
      readonly status: string;
      readonly endpoint: Endpoint | undefined;
      readonly resourceId: string;
    }
  | { readonly type: 'restore-verified'; readonly differences: readonly string[] }
  | { readonly type: 'goal'; readonly goal: Goal }
  | { readonly type: 'write-loss'; readonly loss: WriteLoss }
  | { readonly type: 'parity'; readonly differences: readonly SettingDifference[] }
  | { readonly type: 'mended'; readonly names: readonly string[] }
  | { readonly type: 'promotion'; readonly promotion: Promotion }
  | { readonly type: 'inventory'; readonly kept: readonly Kept[] }
  | { readonly type: 'deleted'; readonly identifier: string }
  | { readonly type: 'notified'; readonly about: 'failure' | 'end'; readonly delivered: boolean }
  | { readonly type: 'run-ended'; readonly status: Status };
