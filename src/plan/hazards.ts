import { type Hazard, isAtLeast } from '../domain/hazard.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { FailPolicy } from '../domain/request.ts';

/** Every hazard at or above `fail-on`, as a reason to refuse. */
export function hazardRefusals(hazards: readonly Hazard[], failOn: FailPolicy): readonly Problem[] {
  if (failOn === 'never') return [];
  return hazards
    .filter((each) => isAtLeast(each.level, failOn))
    .map((each) =>
      problem('hazard-refused', `${each.path}:${each.line} ${each.title}`, {
        rule: each.rule,
        level: each.level,
        failOn,
        migration: each.migration,
        path: each.path,
        line: each.line,
        message: each.message,
        suggestion: each.suggestion === '' ? undefined : each.suggestion,
        suppressible: String(each.suppressible),
      }),
    );
}

/** `require-environment`: this very commit must have run there. */
export const environmentRefusals = (
  environment: string | undefined,
  sha: string,
  deployed: boolean | undefined,
): readonly Problem[] =>
  environment === undefined || deployed !== false
    ? []
    : [
        problem('environment-missing', `no successful deployment of ${sha} in ${environment}`, {
          environment,
          sha,
        }),
      ];
