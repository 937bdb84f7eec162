import type { NoticeCode, Status } from '../domain/event.ts';
import type { MigrationOnDisk, ProjectFacts } from '../domain/facts.ts';
import { compareHistory } from '../domain/history.ts';
import { GuardError, isProblem, type Problem, type ProblemCode, problemsOf } from '../domain/problem.ts';
import type { Guard } from './context.ts';
import { studyPending } from './hazards.ts';
import { type Connection, observeDatabase, observeProject } from './observe.ts';
import type { Planner, PlanningLook } from './planner.ts';
import { downScripts, observeTarget, ranInEnvironment } from './second-look.ts';
import { type SecondLook, seenOf } from './seen.ts';
import { untold } from './step.ts';
import { guardedEnvironment, sessionLimits } from './urls.ts';

/** Looks, judges and tells; touches nothing. Never throws. `planned` when nothing stands against a deploy. */
export async function makePlan(guard: Guard, planner: Planner): Promise<Status> {
  try {
    return await story(guard, planner);
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: 'refused', problems });
    return guard.options.cancelled.aborted ? 'cancelled' : 'refused';
  }
}

async function story(guard: Guard, planner: Planner): Promise<Status> {
  const first = await planningLook(guard);
  guard.emit({ type: 'pending', migrations: first.comparison.pending.map((each) => each.name) });
  const { pending } = first.comparison;
  // A deploy with nothing pending asks no more than this, so a plan may not refuse for more.
  const second = pending.length === 0 ? NOTHING_MORE : await planningSecondLook(guard, first, planner);
  const problems: Problem[] = [
    ...planner.refuseFirst(guard, first),
    ...second.problems,
    ...planner.refuseSecond(guard, first, second),
  ];
  const { target, files, hazards } = second;
  guard.emit({ type: 'planned', plan: planner.plan(guard, { first, target, files, hazards }) });
  try {
    for (const notice of await planner.surroundings(guard, first)) guard.emit({ type: 'notice', notice });
  } catch (error) {
    problems.push(...problemsOf(error));
  }
  if (problems.length > 0) throw new GuardError(problems);
  // Nobody looked into the history, so nobody may say that it has everything.
  return pending.length === 0 && first.database !== undefined ? 'up-to-date' : 'planned';
}

const NOTHING_MORE: SecondLook = {
  target: undefined,
  files: [],
  hazards: [],
  downs: new Set(),
  deployed: undefined,
  probes: [],
  problems: [],
};

const NO_AWS: readonly ProblemCode[] = ['credentials-missing', 'credentials-expired', 'aws-unreachable'];
/** Codes that mean "no database here", as in the checks of a pull request. */
const NO_DATABASE: readonly ProblemCode[] = [
  'url-missing',
  // `database-secret-arn` in a job that has no AWS.
  ...NO_AWS,
  'database-unreachable',
  'database-authentication',
  'database-missing',
  'database-tls',
  'database-lost',
  'limits-not-in-force',
];

async function planningLook(guard: Guard): Promise<PlanningLook> {
  const looks = await Promise.allSettled([
    observeProject(guard),
    orNotice(guard, 'planned-without-database', NO_DATABASE, () => observeDatabase(guard)),
  ]);
  const [seen, connected] = looks;
  if (seen.status === 'rejected' || connected.status === 'rejected') throw new GuardError(rejected(looks));
  const [project, connection] = [seen.value, connected.value];
  if (connection === undefined) return withoutDatabase(guard, project);
  const { database, history, activity, urls } = connection satisfies Connection;
  const environment = guardedEnvironment(urls, sessionLimits(guard, database.serverVersion));
  return { project, comparison: compareHistory(project, history), database, activity, urls, environment };
}

/**
 * Without a history the migrations that this change adds are taken as pending: git tells them, or, in the shallow
 * checkout that workflows make, GitHub. When nobody can tell, all of them are.
 */
async function withoutDatabase(guard: Guard, project: ProjectFacts): Promise<PlanningLook> {
  const added = await (await guard.ports.workspace()).added(project.migrationsPath);
  const changed = added === undefined ? await (await guard.ports.review()).changed() : undefined;
  const isNew = ({ name, path }: MigrationOnDisk): boolean => added?.has(name) ?? changed?.has(path) ?? true;
  if (added === undefined && changed === undefined) guard.warn('pending-unknown');
  const pending = project.migrations.filter(isNew);
  return {
    project,
    comparison: { pending, open: [], edited: [], gone: [], outOfOrder: [] },
    database: undefined,
    activity: { ours: [], blockers: [], advisoryLockHolders: [] },
    urls: undefined,
    environment: {},
  };
}

async function planningSecondLook(guard: Guard, first: PlanningLook, planner: Planner): Promise<SecondLook> {
  const [target, study, downs, deployed] = await Promise.allSettled([
    guard.request.instance === ''
      ? Promise.resolve(undefined)
      : orNotice(guard, 'planned-without-aws', NO_AWS, () => observeTarget(guard)),
    studyPending(guard, first, planner.hazards),
    downScripts(guard, first),
    ranInEnvironment(guard),
  ]);
  return {
    ...seenOf({ target, study, downs, deployed }),
    probes: [],
    problems: rejected([target, study, downs, deployed]),
  };
}

const rejected = (results: readonly PromiseSettledResult<unknown>[]): readonly Problem[] =>
  results.flatMap((each) => (each.status === 'rejected' ? problemsOf(each.reason) : []));

/** The answer, or a notice when the world is simply not there. */
async function orNotice<T>(
  guard: Guard,
  code: NoticeCode,
  absent: readonly ProblemCode[],
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isProblem(error, ...absent)) throw error;
    guard.warn(code, {
      detail: problemsOf(error)
        .map((each) => each.detail)
        .join('; '),
    });
    return undefined;
  }
}
