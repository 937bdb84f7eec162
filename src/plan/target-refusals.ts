import { type Dialect, dialectOfEngine } from '../domain/dialect.ts';
import type { InstanceFacts, ProjectFacts, TargetFacts } from '../domain/facts.ts';
import { isUsable } from '../domain/instance-state.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { DeployRequest } from '../domain/request.ts';

const MINUTE = 60_000;
/** RDS ships its log every five minutes; twice that means shipping has stopped (user guide, USER_PIT). */
const STALE_AFTER_MS = 10 * MINUTE;

const SPOKEN: Readonly<Record<Dialect, string>> = { postgresql: 'PostgreSQL', mysql: 'MySQL' };

/** What a target is held against. */
export interface TargetWish {
  readonly request: Pick<DeployRequest, 'snapshot'>;
  /** Undefined when no project could be read: then any engine that can be guarded will do. */
  readonly project: Pick<ProjectFacts, 'dialect'> | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why this DB instance cannot be guarded. */
export function targetRefusals(
  target: TargetFacts,
  { request, project, now }: TargetWish,
): readonly Problem[] {
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
  const engine = engineProblem(instance.engine, project);
  if (engine !== undefined) problems.push(problem('instance-engine', engine, about));
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
  problems.push(...windowProblems(instance, now, about));
  if (request.snapshot !== 'skip') problems.push(...quotaProblems(target, about));
  return problems;
}

type About = Readonly<Record<string, string>>;

/** Whether the database could be restored to a moment of now. */
function windowProblems(
  { backupRetentionDays, latestRestorableTime: latest }: InstanceFacts,
  now: number,
  about: About,
): readonly Problem[] {
  if (backupRetentionDays === 0) return [problem('backups-disabled', 'BackupRetentionPeriod is 0', about)];
  if (!isStale(latest, now)) return [];
  return [
    problem('restore-window-stale', 'LatestRestorableTime is missing or older than ten minutes', {
      ...about,
      latest: latest === undefined ? undefined : new Date(latest).toISOString(),
    }),
  ];
}

function quotaProblems(
  { manualSnapshots: { length: count }, snapshotLimit: limit }: TargetFacts,
  about: About,
): readonly Problem[] {
  if (limit === undefined || count < limit) return [];
  return [
    problem('snapshot-quota', `${count} of ${limit} manual snapshots exist`, { ...about, count, limit }),
  ];
}

/** What the guard asks of a database is the SQL of the project's dialect. */
function engineProblem(engine: string, project: TargetWish['project']): string | undefined {
  const spoken = dialectOfEngine(engine);
  if (spoken === undefined) return 'only PostgreSQL, MySQL 5.7 and later, and MariaDB can be guarded';
  const wanted = project === undefined ? spoken : (project.dialect ?? 'postgresql');
  if (wanted === spoken) return undefined;
  return `it speaks ${SPOKEN[spoken]}, and the provider of the Prisma schema is ${wanted}`;
}

const isStale = (latest: number | undefined, now: number): boolean =>
  latest === undefined || now - latest > STALE_AFTER_MS;
