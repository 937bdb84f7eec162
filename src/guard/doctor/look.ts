import type { SessionLimits } from '../../domain/connection-url.ts';
import type { Activity, DatabaseFacts, ProjectFacts, TargetFacts } from '../../domain/facts.ts';
import type { HistoryComparison } from '../../domain/history.ts';
import { type Problem, problemsOf } from '../../domain/problem.ts';
import type { DeployRequest } from '../../domain/request.ts';
import type { UrlEnvironment } from '../../ports/migrator.ts';

/** What a deploy would refuse; the planning floor, handed in so that the guard never imports it. */
export interface DoctorRules {
  urlRefusals(project: ProjectFacts, urls: UrlEnvironment): readonly Problem[];
  historyRefusals(
    project: ProjectFacts,
    comparison: HistoryComparison,
    activity: Activity,
  ): readonly Problem[];
  databaseRefusals(database: DatabaseFacts): readonly Problem[];
  limitRefusals(database: DatabaseFacts, wanted: SessionLimits, variable: string): readonly Problem[];
  targetRefusals(
    target: TargetFacts,
    wish: {
      readonly request: DeployRequest;
      readonly project: ProjectFacts | undefined;
      readonly now: number;
    },
  ): readonly Problem[];
}

/** An answer, or the problems that came instead of one. */
export type Look<T> =
  | { readonly value: T; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly Problem[] };

export async function look<T>(work: () => Promise<T>): Promise<Look<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}
