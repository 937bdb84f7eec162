import { CHECK_NAMES, type Check, type CheckName, failing, passed } from '../domain/checkup.ts';
import { type Problem, problem, problemsOf } from '../domain/problem.ts';
import type { Guard } from './context.ts';
import { cloudChecks, lookAtCloud } from './doctor/cloud.ts';
import { databaseChecks, lookAtDatabase } from './doctor/database.ts';
import type { DoctorRules } from './doctor/look.ts';
import { guardedCheck, lookAtProject, projectChecks } from './doctor/project.ts';
import { surroundings } from './doctor/surroundings.ts';
import { guardedEnvironment, sessionLimits } from './urls.ts';

export type { DoctorRules } from './doctor/look.ts';

/**
 * Everything that must be true before the first production run. It only looks: no statement and no request of it
 * changes anything. Every check is made even when others fail; never throws. In the order of CHECK_NAMES.
 */
export async function doctor(guard: Guard, rules: DoctorRules): Promise<readonly Check[]> {
  const [project, database, cloud, around] = await Promise.all([
    lookAtProject(guard),
    lookAtDatabase(guard),
    lookAtCloud(guard),
    settled(() => surroundings(guard)),
  ]);
  const urls = database.urls.value;
  const limits = sessionLimits(guard, database.seen?.value?.database.serverVersion ?? 0);
  const environment = urls === undefined ? {} : guardedEnvironment(urls, limits);
  const groups = await Promise.all([
    settled(async () => [
      passed('inputs', { instance: guard.request.instance, region: guard.request.region }),
    ]),
    settled(() => projectChecks(guard, project, environment)),
    settled(async () => databaseChecks(guard, rules, database, project.value)),
    settled(async () => [await guardedCheck(guard, rules, project, { urls, environment })]),
    settled(async () => cloudChecks(guard, rules, cloud, { project: project.value, urls })),
  ]);
  return inOrder([...groups, around]);
}

interface Group {
  readonly checks: readonly Check[];
  readonly problems: readonly Problem[];
}

async function settled(work: () => Promise<readonly Check[]>): Promise<Group> {
  try {
    return { checks: await work(), problems: [] };
  } catch (error) {
    return { checks: [], problems: problemsOf(error) };
  }
}

/** A check that an unforeseen error swallowed has failed; it is never left out. */
function inOrder(groups: readonly Group[]): readonly Check[] {
  const found = new Map<CheckName, Check>(
    groups.flatMap(({ checks }) => checks.map((each) => [each.name, each])),
  );
  const [unforeseen = problem('unexpected', 'the check was not made')] = groups.flatMap(
    ({ problems }) => problems,
  );
  return CHECK_NAMES.map((name) => found.get(name) ?? failing(name, [unforeseen]));
}
