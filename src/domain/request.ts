import type { PromotePolicy } from './going-back.ts';
import type { Secret } from './secret.ts';
import type { WeeklyWindow } from './window.ts';

export const MODES = ['deploy', 'plan', 'rollback', 'promote', 'cleanup', 'doctor'] as const;
export type Mode = (typeof MODES)[number];

export const SNAPSHOT_POLICIES = ['wait', 'start', 'skip'] as const;
export type SnapshotPolicy = (typeof SNAPSHOT_POLICIES)[number];

export const FAILURE_POLICIES = ['restore', 'restore-always', 'alert'] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

export const CONCURRENCY_POLICIES = ['refuse', 'wait'] as const;
export type ConcurrencyPolicy = (typeof CONCURRENCY_POLICIES)[number];

export const SLACK_POLICIES = ['failure', 'always', 'never'] as const;
export type SlackPolicy = (typeof SLACK_POLICIES)[number];

export const FAIL_POLICIES = ['never', 'warning', 'error', 'block'] as const;
/** The lowest level of a hazard that refuses. */
export type FailPolicy = (typeof FAIL_POLICIES)[number];

/** Everything a run was asked for, parsed and checked. Durations in milliseconds. */
export interface DeployRequest {
  readonly mode: Mode;
  /** Identifier of the DB instance or DB cluster. Empty only in `mode: plan`, which can do without AWS. */
  readonly instance: string;
  readonly targetKind: 'instance' | 'cluster';
  /** Undefined leaves the choice to AWS_REGION and AWS_DEFAULT_REGION. */
  readonly region: string | undefined;
  readonly workingDirectory: string;
  readonly schema: string | undefined;
  readonly prismaConfig: string | undefined;
  readonly databaseUrlEnv: readonly string[];
  readonly databaseSecretArn: string | undefined;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly lockRetries: number;
  readonly migrationTimeoutMs: number;
  readonly snapshot: SnapshotPolicy;
  readonly snapshotTimeoutMs: number;
  readonly restoreTimeoutMs: number;
  readonly snapshotKeep: number;
  readonly concurrency: ConcurrencyPolicy;
  readonly onFailure: FailurePolicy;
  readonly waitForRestore: boolean;
  readonly restoredIdentifier: string | undefined;
  readonly promote: PromotePolicy;
  /** Where `rollback` goes back to: ISO-8601 whole second in UTC, a snapshot, or `<run id>` with or without `-<attempt>`. */
  readonly restoreTime: string | undefined;
  readonly snapshotIdentifier: string | undefined;
  readonly runId: string | undefined;
  /** Repeats the identifier where something would be cut over or deleted. */
  readonly confirm: string | undefined;
  /** Rows; undefined for no limit. */
  readonly maxWriteLoss: number | undefined;
  readonly verifyCommand: string | undefined;
  readonly beforeCommand: string | undefined;
  readonly afterCommand: string | undefined;
  readonly slackWebhookUrl: Secret | undefined;
  readonly slackOn: SlackPolicy;
  readonly failOn: FailPolicy;
  /** Names of migrations whose data loss and partial commit are accepted. */
  readonly allowDataLoss: readonly string[];
  readonly requireDown: boolean;
  readonly deployWindow: WeeklyWindow | undefined;
  readonly requireEnvironment: string | undefined;
  readonly sarifPath: string | undefined;
  readonly planPath: string | undefined;
  readonly githubToken: Secret | undefined;
}

export type Request = DeployRequest;

/** Who runs: taken from the environment the runner sets, never from inputs. */
export interface RunIdentity {
  readonly runId: string;
  readonly attempt: string;
  readonly repository: string;
  readonly sha: string;
  readonly actor: string;
  readonly workflow: string;
  readonly serverUrl: string;
}

/** `application_name` of the migration session (63 bytes at most, PostgreSQL cuts the rest). */
export const applicationName = (run: RunIdentity): string =>
  `guarded-migrate/${run.runId}-${run.attempt}`.slice(0, 48);

/** Our own sessions beside it, so that the watcher never takes itself for the migration. */
export const watchName = (run: RunIdentity): string => `${applicationName(run)}/guard`;

export const runUrl = (run: RunIdentity): string =>
  `${run.serverUrl}/${run.repository}/actions/runs/${run.runId}/attempts/${run.attempt}`;
