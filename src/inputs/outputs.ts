/** Every output, in the order of the README. All are strings; set in every outcome that has the fact. */
export const OUTPUTS = {
  status:
    'How the run ended: `up-to-date`, `applied`, `planned`, `refused`, `failed`, `restoring`, `restored`, `promoted` or `cancelled`.',
  'pending-migrations': 'JSON array of the migrations that were pending at the start.',
  'applied-migrations': 'JSON array of the migrations that this run applied.',
  'failed-migration': 'Name of the migration that failed.',
  'error-code': 'SQLSTATE of the server (MySQL: the number of its error), or else the P-code of Prisma.',
  'error-message': 'Message of the failure, without secrets.',
  'database-state':
    'State of the data against the restore point: `unchanged`, `changed`, `unknown`, or `restored` when a compared copy exists.',
  'snapshot-identifier': 'Identifier of the DB snapshot.',
  'snapshot-arn': 'ARN of the DB snapshot.',
  'restore-time': 'The restore point: ISO-8601, whole second, UTC.',
  'restored-identifier':
    'Name that the restored DB instance or cluster has at the end; after `promoted` by rename that of production.',
  'restored-endpoint': 'Host name of the restored DB instance or cluster under that name.',
  'restored-port': 'Port of the restored DB instance or cluster.',
  'restored-resource-id':
    'AWS resource id (`db-…`, `cluster-…`) of the restored DB instance or cluster; it outlives every rename.',
  'write-loss':
    'JSON: what a cut-over would lose, written to production since the restore point: rows, tables, commits, walBytes, since, until.',
  'migration-duration-ms': 'Milliseconds that Prisma ran.',
  'duration-ms': 'Milliseconds of the whole step.',
  hazards:
    'JSON array of the hazards of the pending migrations: rule, level, title, migration, path, line, tables. Absent for files of MySQL, which no rule reads yet.',
  'highest-hazard':
    'Level of the worst hazard: `block`, `error`, `warning`, `notice` or `none`. Absent for files of MySQL.',
  'plan-path': 'Path of the plan as JSON, for the input `plan-path` of a later deploy.',
  'report-path': 'Path of the JSON report of this run.',
} as const satisfies Readonly<Record<string, string>>;
