import type { Notice } from '../domain/event.ts';
import type { Activity, DatabaseFacts, ProjectFacts, TargetFacts } from '../domain/facts.ts';
import type { Hazard } from '../domain/hazard.ts';
import type { HistoryComparison } from '../domain/history.ts';
import type { Plan } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import type { UrlEnvironment } from '../ports/migrator.ts';
import type { Guard } from './context.ts';
import type { FindHazards } from './hazards.ts';
import type { SecondLook } from './seen.ts';
import type { Urls } from './urls.ts';

/** What a plan is made from; a deploy has all of it, `mode: plan` may lack the database. */
export interface PlanningLook {
  readonly project: ProjectFacts;
  readonly comparison: HistoryComparison;
  readonly database: DatabaseFacts | undefined;
  readonly activity: Activity;
  readonly urls: Urls | undefined;
  readonly environment: UrlEnvironment;
}

export interface PlanningFacts {
  readonly first: PlanningLook;
  readonly target: TargetFacts | undefined;
  readonly files: readonly AnalysedFile[];
  readonly hazards: readonly Hazard[];
}

/** What the planning floors decide; handed in, so that the guard never imports them. */
export interface Planner {
  readonly hazards: FindHazards;
  refuseFirst(guard: Guard, first: PlanningLook): readonly Problem[];
  /** Notices about the repository around the migrations: `mode: plan` only. */
  surroundings(guard: Guard, first: PlanningLook): Promise<readonly Notice[]>;
  refuseSecond(guard: Guard, first: PlanningLook, second: SecondLook): readonly Problem[];
  plan(guard: Guard, facts: PlanningFacts): Plan;
}
