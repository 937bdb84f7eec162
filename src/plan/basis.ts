import type { InstanceFacts, MigrationOnDisk, ProjectFacts } from '../domain/facts.ts';
import type { PlanBasis } from '../domain/plan.ts';
import { type Problem, problem } from '../domain/problem.ts';

/** What the plan rests on, in a form that can be compared later. */
export function basisOf(facts: {
  readonly project: ProjectFacts;
  readonly pending: readonly MigrationOnDisk[];
  readonly instance: Pick<InstanceFacts, 'resourceId'> | undefined;
  readonly database: string | undefined;
}): PlanBasis {
  const { project } = facts;
  const pending = new Set(facts.pending.map((each) => each.name));
  const applied = project.migrations.filter((each) => !pending.has(each.name));
  return {
    pending: facts.pending.map((each) => ({ name: each.name, checksum: each.checksums[0] ?? '' })),
    applied: applied.length,
    lastApplied: applied.at(-1)?.name,
    prismaVersion: project.prismaVersion,
    resourceId: facts.instance?.resourceId,
    database: facts.database,
  };
}

/** The file of `plan-path`: the plan with the version of its form. */
export const PLAN_VERSION = 1;

/** Why a plan made earlier does not hold any more; `text` is the file of `plan-path`, undefined when it is not there. */
export function movedProblems(path: string, text: string | undefined, now: PlanBasis): readonly Problem[] {
  const then = readBasis(text);
  if (then === undefined)
    return [problem('plan-unreadable', `${path} is not a plan of this action`, { path })];
  const moved = [
    ...placed('the DB instance', then.resourceId, now.resourceId, 'AWS'),
    ...placed('the database', then.database, now.database, 'the database'),
    ...(sameList(then.pending, now.pending) ? [] : ['the pending migrations']),
    ...(then.applied === now.applied && then.lastApplied === now.lastApplied
      ? []
      : ['the applied migrations']),
    ...(then.prismaVersion === now.prismaVersion ? [] : ['the version of Prisma']),
  ];
  if (moved.length === 0) return [];
  return [
    problem('plan-moved', `moved since the plan: ${moved.join(', ')}`, { path, moved: moved.join(', ') }),
  ];
}

/** A plan that does not say for what it was made could have been made for staging. */
function placed(
  what: string,
  then: string | undefined,
  now: string | undefined,
  asked: string,
): readonly string[] {
  if (then === now) return [];
  return [then === undefined ? `${what} (the plan was made without asking ${asked})` : what];
}

const sameList = (a: PlanBasis['pending'], b: PlanBasis['pending']): boolean =>
  a.length === b.length &&
  a.every((each, index) => each.name === b[index]?.name && each.checksum === b[index]?.checksum);

function readBasis(text: string | undefined): PlanBasis | undefined {
  try {
    const file = JSON.parse(text ?? '') as {
      readonly version?: unknown;
      readonly plan?: { readonly basis?: PlanBasis };
    };
    const basis = file.version === PLAN_VERSION ? file.plan?.basis : undefined;
    if (!Array.isArray(basis?.pending) || typeof basis.applied !== 'number') return undefined;
    // The file comes from an artifact, so whatever JSON may be in it.
    const entries: readonly unknown[] = basis.pending;
    return entries.every((each) => typeof each === 'object' && each !== null) ? basis : undefined;
  } catch {
    return undefined;
  }
}
