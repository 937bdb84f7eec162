import {
  CONCURRENCY_POLICIES,
  FAILURE_POLICIES,
  MODES,
  SLACK_POLICIES,
  SNAPSHOT_POLICIES,
} from '../domain/request.ts';
import type { InputSpec } from './kinds.ts';
import { BACK_INPUTS } from './spec-back.ts';
import { PLAN_INPUTS } from './spec-plan.ts';

/**
 * Every input this version takes, in the order in which people read about them. The parser works from this
 * table; `action.yml` and the README's table are generated from it.
 */
export const INPUTS = {
  mode: {
    kind: 'choice',
    choices: MODES,
    default: 'deploy',
    description:
      'What to do: `deploy`, `plan` (look and touch nothing), `rollback` (restore beside production), `promote` (cut over to a restored database), `cleanup` (old snapshots) or `doctor` (check the set-up).',
  },
  'db-instance-identifier': {
    kind: 'identifier',
    required: true,
    optionalIn: 'plan',
    instead: 'db-cluster-identifier',
    description:
      'The RDS DB instance that holds the database; this or `db-cluster-identifier`. `plan` can do without.',
  },
  'db-cluster-identifier': {
    kind: 'identifier',
    description:
      'The Aurora DB cluster that holds the database, instead of `db-instance-identifier`. A member given there is resolved to its cluster, too.',
  },
  'aws-region': {
    kind: 'text',
    pattern: /^[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}$/,
    expected: 'an AWS region such as eu-west-1',
    required: true,
    optionalIn: 'plan',
    fallback: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    description: 'Region of the DB instance.',
  },
  'working-directory': {
    kind: 'path',
    default: '.',
    description: 'Directory of the Prisma project.',
  },
  schema: {
    kind: 'path',
    description: "Path of the Prisma schema, passed to the CLI. Empty leaves it to Prisma's own discovery.",
  },
  'prisma-config': {
    kind: 'path',
    description:
      "Path of the Prisma config file, passed to the CLI. Empty leaves it to Prisma's own discovery.",
  },
  'database-url-env': {
    kind: 'list',
    default: 'DIRECT_URL,DATABASE_URL',
    description:
      'Names of the environment variables that carry the connection URL. The guard connects with the first that is set; every one that is set gets the timeouts.',
  },
  'database-secret-arn': {
    kind: 'text',
    pattern:
      /^arn:aws(?:-[a-z]+)*:secretsmanager:[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/,
    expected: 'the ARN of a secret: arn:aws:secretsmanager:<region>:<account>:secret:<name>',
    description: 'Read host, user and password from this secret of AWS Secrets Manager instead.',
  },
  'statement-timeout': {
    kind: 'duration',
    default: '30s',
    description:
      'Longest time of one statement: PostgreSQL `statement_timeout` of the migration session; on MySQL the watcher cancels the statement.',
  },
  'lock-timeout': {
    kind: 'duration',
    default: '5s',
    description:
      'Longest wait for a lock: PostgreSQL `lock_timeout` of the migration session; on MySQL the watcher cancels the statement. Must be shorter than `statement-timeout`.',
  },
  'lock-retries': {
    kind: 'count',
    min: 0,
    max: 10,
    default: '3',
    description: 'How often the deploy is tried again after a lock timeout that provably changed nothing.',
  },
  'migration-timeout': {
    kind: 'duration',
    default: '30m',
    description: 'Budget of the whole migrate step. When it is spent, the database session is cancelled too.',
  },
  concurrency: {
    kind: 'choice',
    choices: CONCURRENCY_POLICIES,
    default: 'refuse',
    description:
      'When another guarded deploy of this database is under way: `refuse` and name it, or `wait` for it.',
  },
  snapshot: {
    kind: 'choice',
    choices: SNAPSHOT_POLICIES,
    default: 'wait',
    description: '`wait` until it is available before the first change, only `start` it, or `skip` it.',
  },
  'snapshot-timeout': {
    kind: 'duration',
    default: '60m',
    description: 'How long to wait for the snapshot.',
  },
  'restore-timeout': {
    kind: 'duration',
    default: '2h',
    description: 'How long to wait for the restored DB instance.',
  },
  'snapshot-keep': {
    kind: 'count',
    min: 0,
    max: 99,
    default: '0',
    description:
      "Keep the newest N of the guard's own snapshots of this database; 0 keeps all. The one of a failed run always stays.",
  },
  'on-failure': {
    kind: 'choice',
    choices: FAILURE_POLICIES,
    default: 'restore',
    description:
      '`restore` beside production unless the database is proven unchanged, `restore-always`, or only `alert`.',
  },
  'wait-for-restore': {
    kind: 'boolean',
    default: 'true',
    description:
      'Wait until the restored database answers SQL and is compared; `false` returns once RDS accepted the restore.',
  },
  'restored-identifier': {
    kind: 'identifier',
    description:
      'Name of the restored DB instance. Empty derives one from the instance, the run and the attempt.',
  },
  'verify-command': {
    kind: 'script',
    description: 'Shell script run after a good migration. When it fails, the deploy counts as failed.',
  },
  'before-command': {
    kind: 'script',
    description: 'Shell script run before the migration, for example to switch maintenance mode on.',
  },
  'after-command': {
    kind: 'script',
    description: 'Shell script run after the migration, in any outcome.',
  },
  'slack-webhook-url': {
    kind: 'url',
    fallback: ['SLACK_WEBHOOK_URL'],
    description: 'Slack incoming webhook. Without one, nothing is sent.',
  },
  'slack-on': {
    kind: 'choice',
    choices: SLACK_POLICIES,
    default: 'failure',
    description: 'When to tell Slack: on `failure`, `always` or `never`.',
  },
  ...BACK_INPUTS,
  ...PLAN_INPUTS,
} as const satisfies Readonly<Record<string, InputSpec>>;

export type InputName = keyof typeof INPUTS;
