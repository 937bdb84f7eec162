import type { SessionLimits } from '../domain/connection-url.ts';
import type { Activity, DatabaseFacts, HistoryRow, ProjectFacts, TargetFacts } from '../domain/facts.ts';
import type { HistoryComparison } from '../domain/history.ts';
import { isUsable } from '../domain/instance-state.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { DeployRequest } from '../domain/request.ts';

const MINUTE = 60_000;
/** RDS ships its log every five minutes; twice that means shipping has stopped (user guide, USER_PIT). */
const STALE_AFTER_MS = 10 * MINUTE;

/** Why this project and history must not be deployed, known without asking AWS. */
export function historyRefusals(
  project: ProjectFacts,
  comparison: HistoryComparison,
  activity: Activity,
): readonly Problem[] {
  const holder = activity.advisoryLockHolders[0];
  if (holder !== undefined) {
    return [
      problem('migration-running', 'another session holds Prisma’s advisory lock 72707369', {
        pid: holder.pid,
        application: holder.applicationName,
        user: holder.user ?? undefined,
        state: holder.state ?? undefined,
        age: holder.ageMs ?? undefined,
      }),
    ];
  }
  return [
    ...comparison.open.map(openRow),
    ...project.unreadable.map((name) =>
      problem('migration-unreadable', `migration ${name} has no readable migration.sql`, { migration: name }),
    ),
  ];
}

/** Prisma must take its URL from a variable that carries the limits; known here without running its config. */
export function urlRefusals(project: ProjectFacts, variables: readonly string[]): readonly Problem[] {
  const [wanted] = project.urlEnv;
  if (wanted === undefined || variables.includes(wanted)) return [];
  const list = variables.join(', ');
  return [
    problem('url-not-guarded', `Prisma takes its URL from ${wanted}, the guard has only ${list}`, {
      variables: list,
      wanted,
    }),
  ];
}

const openRow = (row: HistoryRow): Problem =>
  problem('history-failed', `migration ${row.name} stands as failed in the history`, {
    migration: row.name,
    startedAt: new Date(row.startedAt).toISOString(),
    logs: row.logs === null || row.logs === '' ? undefined : row.logs.slice(0, 2000),
  });

/** Why this database must not be migrated. */
export function databaseRefusals(database: DatabaseFacts): readonly Problem[] {
  const where = { database: database.database, user: database.user };
  if (database.isReplica) return [problem('database-replica', 'the server is in recovery', where)];
  if (database.historyTable !== null) return [];
  if (database.tables > 0) {
    return [
      problem(
        'history-missing-baseline',
        `schema ${database.schema ?? '?'} holds ${database.tables} tables but no _prisma_migrations`,
        {
          ...where,
          schema: database.schema ?? undefined,
          tables: database.tables,
        },
      ),
    ];
  }
  if (database.schema !== null && !database.canCreateInSchema) {
    return [
      problem('database-rights', `${database.user} may not create tables in schema ${database.schema}`, {
        ...where,
        schema: database.schema,
        right: 'CREATE',
      }),
    ];
  }
  return [];
}

/** The limits must be what `SHOW` answers in a session opened with Prisma's very URL. */
export function limitRefusals(
  database: DatabaseFacts,
  wanted: SessionLimits,
  variable: string,
): readonly Problem[] {
  const { settings } = database;
  const rows = [
    ['statement_timeout', wanted.statementTimeoutMs, settings.statementTimeoutMs],
    ['lock_timeout', wanted.lockTimeoutMs, settings.lockTimeoutMs],
    ['application_name', wanted.applicationName, settings.applicationName],
  ] as const;
  return rows
    .filter(([, want, got]) => want !== got)
    .map(([setting, want, got]) =>
      problem('limits-not-in-force', `${setting} is ${got} in the session, wanted ${want}`, {
        setting,
        wanted: want,
        got,
        variable,
      }),
    );
}

/** Why this DB instance cannot be guarded. */
export function targetRefusals(request: DeployRequest, target: TargetFacts, now: number): readonly Problem[] {
  const { instance } = target;
  const about = { instance: instance.identifier, status: instance.status, engine: instance.engine };
  // The adapter resolves members; one is left only when its cluster could not be described.
  if (instance.clusterIdentifier !== undefined) {
    return [
      problem(
        'instance-in-cluster',
        `${instance.identifier} is a member of cluster ${instance.clusterIdentifier}`,
        { ...about, cluster: instance.clusterIdentifier },
      ),
    ];
  }
  const problems: Problem[] = [];
  if (!isPostgres(instance.engine))
    problems.push(problem('instance-engine', `engine ${instance.engine}`, about));
  if (instance.replicaOf !== undefined)
    problems.push(
      problem('instance-is-replica', `replica of ${instance.replicaOf}`, {
        ...about,
        source: instance.replicaOf,
      }),
    );
  if (instance.kind === 'cluster' && instance.members?.length === 0)
    problems.push(problem('cluster-empty', 'the cluster has no instance', about));
  else if (!isUsable(instance.status))
    problems.push(problem('instance-state', `status ${instance.status}`, about));
  if (instance.backupRetentionDays === 0)
    problems.push(problem('backups-disabled', 'BackupRetentionPeriod is 0', about));
  else if (isStale(instance.latestRestorableTime, now)) {
    problems.push(
      problem('restore-window-stale', 'LatestRestorableTime is missing or older than ten minutes', {
        ...about,
        latest:
          instance.latestRestorableTime === undefined
            ? undefined
            : new Date(instance.latestRestorableTime).toISOString(),
      }),
    );
  }
  const limit = target.snapshotLimit;
  if (request.snapshot !== 'skip' && limit !== undefined && target.manualSnapshots.length >= limit) {
    problems.push(
      problem('snapshot-quota', `${target.manualSnapshots.length} of ${limit} manual snapshots exist`, {
        ...about,
        count: target.manualSnapshots.length,
        limit,
      }),
    );
  }
  return problems;
}

/** `postgres` is also the engine of a Multi-AZ DB cluster. What the guard asks of a database is PostgreSQL's SQL. */
const isPostgres = (engine: string): boolean => /^(?:aurora-)?postgres/.test(engine);

const isStale = (latest: number | undefined, now: number): boolean =>
  latest === undefined || now - latest > STALE_AFTER_MS;
