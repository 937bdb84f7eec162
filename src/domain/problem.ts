/**
 * What can go wrong, as data. Whoever notices a problem names its code and its facts; the words are
 * chosen later, in `report/text.ts`, so that log, summary and Slack say the same thing.
 */

/** One documented line per code. The catalogue in `report/text.ts` has exactly these keys (tested). */
export const PROBLEM_CODES = {
  'input-invalid': 'an input has a value that cannot be used',
  'input-missing': 'a required input is absent',
  'project-not-found': 'the working directory or the Prisma project in it cannot be read',
  'prisma-not-installed': 'no Prisma CLI is installed in the project',
  'prisma-unsupported': 'the installed Prisma major, or a feature of it, cannot be guarded',
  'prisma-config-broken': 'the Prisma config file or schema cannot be read or evaluated',
  'migrations-empty': 'the migrations folder is missing or holds no migration',
  'migration-unreadable': 'a migration folder has no readable migration.sql',
  'url-missing': 'none of the variables named in database-url-env is set',
  'url-invalid': 'a connection URL cannot be parsed or is of an unsupported kind',
  'url-not-guarded': 'Prisma would connect with a URL that the guard does not control',
  'database-unreachable': 'no connection to the database server',
  'database-authentication': 'the server refused user or password',
  'database-missing': 'the database named in the URL does not exist',
  'database-tls': 'TLS could not be agreed with the server',
  'database-replica': 'the server is read-only: a replica or a standby',
  'database-rights': 'the role lacks a right that the guard or the migration needs',
  'database-lost': 'a connection that was open is gone',
  'database-error': 'the server answered a statement of the guard with an error',
  'sql-mode': 'the server reads SQL in a way that the guard does not',
  'limits-not-in-force': 'the timeouts in the URL do not reach the server session',
  'history-failed': 'the migration history holds a failed row',
  'history-missing-baseline': 'the database has tables but no migration history (P3005)',
  'guard-running': 'another guarded deploy of this database is under way',
  'predecessor-unresolved': 'an earlier run left damage that nobody has resolved',
  'migration-running': 'another migrate deploy holds Prisma’s lock',
  'history-moved': 'somebody else applied or began a pending migration while this run prepared',
  'credentials-missing': 'no AWS credentials were found',
  'credentials-expired': 'the AWS credentials expired',
  'aws-denied': 'AWS refused an action for lack of permission',
  'aws-throttled': 'AWS kept throttling a request',
  'aws-unreachable': 'AWS did not answer',
  'aws-rejected': 'AWS answered a request with an error',
  'instance-not-found': 'the DB instance or cluster does not exist in this region and account',
  'instance-state': 'the DB instance is not in a state that allows a snapshot',
  'instance-engine': 'the engine of the DB instance is not supported',
  'instance-is-replica': 'the DB instance is a read replica',
  'instance-in-cluster': 'the DB instance is a member of a cluster',
  'backups-disabled': 'BackupRetentionPeriod is 0: nothing could be restored',
  'restore-window-stale': 'LatestRestorableTime is missing or old',
  'snapshot-quota': 'no manual snapshot can be added',
  'snapshot-failed': 'the snapshot did not become available',
  'snapshot-timeout': 'the snapshot took longer than snapshot-timeout',
  'secret-unreadable': 'the secret in Secrets Manager has no usable connection details',
  'command-failed': 'a command given as an input ended with an error',
  'migration-failed': 'prisma migrate deploy did not end applied and verified',
  'migration-timeout': 'migration-timeout passed',
  cancelled: 'the job was cancelled',
  'restore-timeout': 'the restore took longer than restore-timeout',
  'restore-later': 'AWS cannot restore to the restore point yet, and the post step does not wait for it',
  'restore-failed': 'the restore was refused or ended in a terminal state',
  'restore-mismatch': 'the restored database is not in the state of the restore point',
  'restore-unverified': 'the restored database could not be reached by SQL',
  'instance-name-taken': 'the name for the restored instance is in use',
  'restore-point-unknown': 'no snapshot and no restored instance carries the tags of that run',
  'restore-point-outside': 'the moment is outside the restorable window and no snapshot can stand in',
  'snapshot-not-found': 'the snapshot to go back to does not exist or is not available',
  'snapshot-foreign': 'the snapshot was taken of another database',
  'write-loss-exceeded': 'a cut-over would lose more rows than max-write-loss allows',
  'resource-ambiguous': 'several databases have the same resource id',
  'promotion-refused': 'something that must be true before a cut-over is not',
  'promotion-failed': 'a step of the cut-over was refused or did not end',
  'promotion-unverified': 'the production endpoint does not reach the promoted instance',
  'promotion-unknown': 'no promotion of this database was found that could go on or be undone',
  'promotion-half-done': 'a promotion of this database was begun and has no end',
  'instance-gone': 'an instance of the promotion was deleted',
  'proxy-not-found': 'no RDS Proxy sends to this instance',
  'proxy-failed': 'the RDS Proxy did not take the new target',
  'cluster-empty': 'the DB cluster has no instance that could answer',
  'hazard-refused': 'a pending migration has a hazard at or above fail-on',
  'outside-window': 'now is not inside deploy-window, or inside the backup or maintenance window',
  'environment-missing': 'this commit has no successful deployment in require-environment',
  'down-missing': 'require-down is set and a pending migration has no down.sql',
  'plan-moved': 'the facts have moved since the plan given in plan-path was made',
  'plan-unreadable': 'the file given in plan-path is not a plan of this project',
  'review-failed': 'the code host did not answer or refused',
  'notification-failed': 'Slack did not take the message',
  'report-unwritable': 'the report could not be written',
  unexpected: 'an error nobody foresaw',
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof PROBLEM_CODES;

/** Facts of one problem. `detail` is one technical line, already scrubbed of secrets; never a stack. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const problem = (
  code: ProblemCode,
  detail: string,
  fields: Readonly<Record<string, string | number | undefined>> = {},
): Problem => ({
  code,
  detail,
  fields: Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ),
});

/**
 * Thrown when the run cannot go on. Carries every problem found, not only the first.
 * Bundles are split, so recognise it with {@link problemsOf}, never with `instanceof`.
 */
export class GuardError extends Error {
  override readonly name = 'GuardError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | Problem, options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((each) => each.detail).join('; '), options);
    this.problems = list;
  }
}

/** The problems an error stands for; an error nobody foresaw becomes one `unexpected` problem. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Error && error.name === 'GuardError') return (error as GuardError).problems;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [problem('unexpected', detail.split('\n')[0] ?? detail)];
}

export const firstProblem = (error: unknown): Problem =>
  problemsOf(error)[0] ?? problem('unexpected', 'an error without a message');

export const isProblem = (error: unknown, ...codes: readonly ProblemCode[]): boolean =>
  problemsOf(error).some((each) => codes.includes(each.code));
