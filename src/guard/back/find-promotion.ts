import { sameDatabase, standsFor } from '../../domain/cut-over-rules.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { PromotionGoal } from '../../domain/promotion.ts';
import {
  type FoundPair,
  findPair,
  isHalfDone,
  isUndone,
  type PromotionPair,
} from '../../domain/promotion-pair.ts';
import { isOurs, TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { newPair } from './promotion.ts';

export interface FoundPromotion {
  readonly pair: PromotionPair;
  readonly old: InstanceFacts | undefined;
  readonly new: InstanceFacts | undefined;
  readonly goal: PromotionGoal;
  /** The run that began it, when it is not this one. */
  readonly resumed: string | undefined;
  /** It was begun and has no end yet. */
  readonly isHalfDone: boolean;
}

/**
 * Which two instances `mode: promote` is about. The tags tell it also when nobody has the name of production now.
 * Throws `promotion-unknown`, `instance-not-found`, `promotion-refused`.
 */
export async function findPromotion(guard: Guard): Promise<FoundPromotion> {
  const { request } = guard;
  const all = await (await guard.ports.fleet()).all();
  const found = findPair(all, request.instance);
  if (found === undefined) await refuseMember(guard, all);
  if (request.promote === 'undo') return undo(guard, found);
  const wanted = wantedAmong(guard, all, found);
  if (found !== undefined && !isUndone(found)) {
    if (wanted === undefined || wanted.resourceId === found.newResourceId)
      return {
        pair: found,
        old: found.old,
        new: found.new,
        goal: 'new-serves',
        resumed: found.run,
        isHalfDone: isHalfDone(found),
      };
    if (isHalfDone(found))
      throw new GuardError(
        problem(
          'promotion-refused',
          `the promotion of ${found.restored}, begun by run ${found.run}, is half done: finish it or undo it first`,
          { instance: request.instance },
        ),
      );
  }
  return anew(guard, all, wanted);
}

/**
 * A cut-over gives the cluster's name away while every member keeps its own, so a member's name does not tell which
 * cluster is production.
 */
async function refuseMember(guard: Guard, all: readonly InstanceFacts[]): Promise<void> {
  const { instance } = guard.request;
  if (all.some((each) => each.identifier === instance)) return;
  const named = await (await guard.ports.recovery()).instance(instance);
  if (named?.resolvedFrom === undefined) return;
  const { identifier: cluster } = named;
  throw new GuardError(
    problem('instance-in-cluster', `${instance} is a member of cluster ${cluster}`, { instance, cluster }),
  );
}

function undo(guard: Guard, found: FoundPair | undefined): FoundPromotion {
  if (found === undefined) throw unknown(guard, 'no instance carries the tags of a promotion of it');
  if (found.old === undefined)
    throw new GuardError(
      problem('instance-gone', 'the old instance was deleted', { resourceId: found.oldResourceId }),
    );
  return {
    pair: found,
    old: found.old,
    new: found.new,
    goal: 'old-serves',
    resumed: found.run,
    isHalfDone: isHalfDone(found),
  };
}

function anew(
  guard: Guard,
  all: readonly InstanceFacts[],
  restored: InstanceFacts | undefined,
): FoundPromotion {
  const { instance } = guard.request;
  const old = all.find((each) => each.identifier === instance);
  if (old === undefined)
    throw new GuardError(problem('instance-not-found', `no DB instance ${instance}`, { instance }));
  if (restored === undefined) throw unknown(guard, 'the restored database was not found', true);
  const same = sameDatabase(old, restored);
  if (same !== undefined) throw new GuardError(same);
  return {
    pair: newPair(guard, old, restored),
    old,
    new: restored,
    goal: 'new-serves',
    resumed: undefined,
    isHalfDone: false,
  };
}

/** By name, by the run that made it, or by the name it had before it was promoted. */
function wantedAmong(
  guard: Guard,
  all: readonly InstanceFacts[],
  found: FoundPair | undefined,
): InstanceFacts | undefined {
  const { restoredIdentifier, runId, instance } = guard.request;
  if (restoredIdentifier !== undefined) {
    const named = all.find((each) => each.identifier === restoredIdentifier);
    return named ?? (found?.restored === restoredIdentifier ? found.new : undefined);
  }
  if (runId === undefined) return undefined;
  const serving = all.find((each) => each.identifier === instance);
  const ofRun = (run: string): boolean => run === runId || run.startsWith(`${runId}-`);
  // A second rollback to the same run restores another one with its tag: the one that is begun goes before, production last.
  const rank = ({ resourceId }: InstanceFacts): number =>
    found !== undefined && isHalfDone(found) && resourceId === found.newResourceId
      ? 0
      : resourceId === serving?.resourceId
        ? 2
        : 1;
  return all
    .filter(({ tags }) => isOurs(tags) && ofRun(tags[TAG.run] ?? ''))
    .filter(
      (each) => each.resourceId === found?.newResourceId || serving === undefined || standsFor(each, serving),
    )
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (b.tags[TAG.run] ?? '').localeCompare(a.tags[TAG.run] ?? '', 'en', { numeric: true }),
    )[0];
}

const unknown = ({ request }: Guard, why: string, wasGiven = false): GuardError =>
  new GuardError(
    problem('promotion-unknown', why, {
      instance: request.instance,
      ...(wasGiven ? { restored: request.restoredIdentifier, run: request.runId } : {}),
    }),
  );
