import { parseConnectionUrl, type SessionLimits } from '../domain/connection-url.ts';
import type { Dialect } from '../domain/dialect.ts';
import type { Activity, DatabaseFacts, HistoryRow, ProjectFacts } from '../domain/facts.ts';
import type { HistoryComparison } from '../domain/history.ts';
import { type Problem, problem } from '../domain/problem.ts';

export { type TargetWish, targetRefusals } from './target-refusals.ts';

const dialectOfProject = ({ dialect = 'postgresql' }: Pick<ProjectFacts, 'dialect'>): Dialect => dialect;

const PRISMA_LOCK: Readonly<Record<Dialect, string>> = {
  postgresql: 'Prisma’s advisory lock 72707369',
  mysql: 'Prisma’s user-level lock prisma_migrate',
};

/** Why this project and history must not be deployed, known without asking AWS. */
export function historyRefusals(
  project: ProjectFacts,
  comparison: HistoryComparison,
  activity: Activity,
): readonly Problem[] {
  const holder = activity.advisoryLockHolders[0];
  if (holder !== undefined) {
    return [
      problem('migration-running', `another session holds ${PRISMA_LOCK[dialectOfProject(project)]}`, {
        dialect: project.dialect,
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

/**
 * Every URL must speak the dialect of the project, and Prisma must take its own from a variable that carries the limits;
 * known here without running its config. `urls` is variable → URL.
 */
export function urlRefusals(
  project: ProjectFacts,
  urls: Readonly<Record<string, string>>,
): readonly Problem[] {
  const [wanted] = project.urlEnv;
  const variables = Object.keys(urls);
  if (wanted === undefined || variables.includes(wanted)) return wrongDialect(project, urls);
  const list = variables.join(', ');
  return [
    ...wrongDialect(project, urls),
    problem('url-not-guarded', `Prisma takes its URL from ${wanted}, the guard has only ${list}`, {
      variables: list,
      wanted,
    }),
  ];
}

function wrongDialect(project: ProjectFacts, urls: Readonly<Record<string, string>>): readonly Problem[] {
  const provider = dialectOfProject(project);
  return Object.entries(urls).flatMap(([variable, url]) => {
    const { dialect } = parseConnectionUrl(url);
    if (dialect === provider) return [];
    const detail = `the protocol is ${dialect}:// and the provider of the Prisma schema is ${provider}`;
    return [problem('url-invalid', detail, { variable })];
  });
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
  if (database.isReplica) return [problem('database-replica', 'the server is read-only', where)];
  if (database.refusesPlain === true) {
    const why =
      'the server takes only encrypted sessions of this user, and without sslaccept in the URL Prisma opens a plain one';
    return [problem('database-tls', why, { ...where, dialect: database.dialect })];
  }
  if (database.historyTable !== null) return [];
  if (database.tables > 0) {
    return [
      problem(
        'history-missing-baseline',
        `${placeOf(database)} holds ${database.tables} tables but no _prisma_migrations`,
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
      problem('database-rights', `${database.user} may not create tables in ${placeOf(database)}`, {
        ...where,
        dialect: database.dialect,
        // A GRANT ON SCHEMA is offered for it, which MySQL does not know.
        schema: database.dialect === 'mysql' ? undefined : database.schema,
        right: 'CREATE',
      }),
    ];
  }
  return [];
}

/** Where Prisma's tables stand: MySQL has no schemas within a database. */
const placeOf = ({ dialect, database, schema }: DatabaseFacts): string =>
  dialect === 'mysql' ? `database ${database}` : `schema ${schema ?? '?'}`;

/**
 * The limits must be what `SHOW` answers in a session opened with Prisma's very URL. A MySQL session is given none: the
 * watcher keeps them.
 */
export function limitRefusals(
  database: DatabaseFacts,
  wanted: SessionLimits,
  variable: string,
): readonly Problem[] {
  if (database.dialect === 'mysql') return [];
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
