import type { Status } from '../../domain/event.ts';
import type { Endpoint, InstanceFacts } from '../../domain/facts.ts';
import { parkedName } from '../../domain/names.ts';
import type { StepKind } from '../../domain/plan.ts';
import { isProblem } from '../../domain/problem.ts';
import { phaseOf } from '../../domain/promotion.ts';
import type { PromotionPair } from '../../domain/promotion-pair.ts';
import type { Secret } from '../../domain/secret.ts';
import { runTag } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { attemptStep, takeStep, untold } from '../step.ts';
import { type Cutover, look, notePhase, noteSeen } from './cutover.ts';
import { swapNames } from './dance.ts';
import { verifyServing } from './identity.ts';
import { preflight } from './preflight.ts';
import { putBack } from './put-back.ts';
import { betweenTargets, retarget } from './retarget.ts';
import { settle } from './settle.ts';

/** Two instances of one promotion: production as it is, and the restored one that is to take its place. */
export interface PromotionOrder {
  readonly old: InstanceFacts;
  readonly restored: InstanceFacts;
  /** The user's own URL of production. */
  readonly url: Secret;
  /** The restore point, ISO-8601 whole second: what was committed after it would be lost. */
  readonly since: string | undefined;
}

/**
 * Cuts production over to the restored instance, as `promote` of the request says. Every failure is told in the run,
 * none is thrown. Asks Slack nothing but in the outage window: the end is told by the caller.
 */
export async function promoteRestored(guard: Guard, order: PromotionOrder): Promise<Status> {
  const { old, restored, url, since } = order;
  return carryOut(guard, {
    pair: newPair(guard, old, restored),
    goal: 'new-serves',
    source: old,
    url: async () => url,
    since,
  });
}

export const newPair = (guard: Guard, old: InstanceFacts, restored: InstanceFacts): PromotionPair => ({
  run: runTag(guard.options.identity),
  by: guard.request.promote === 'proxy' ? 'proxy' : 'rename',
  production: old.identifier,
  parked: parkedName(old.identifier, guard.options.identity),
  restored: restored.identifier,
  oldResourceId: old.resourceId,
  newResourceId: restored.resourceId,
  proxies: [],
});

/** All steps of a promotion or its undo, from wherever it stands. Never throws. */
export async function carryOut(guard: Guard, cutover: Cutover): Promise<Status> {
  try {
    return await steps(guard, cutover);
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: 'refused', problems });
    if (isProblem(error, 'cancelled')) return 'cancelled';
    return isUntouched(guard) ? refusedStatus(guard, 'unexpected') : 'failed';
  }
}

async function steps(guard: Guard, cutover: Cutover): Promise<Status> {
  if (await isAtTheBeginning(guard, cutover)) {
    const refused = await attemptStep(guard, 'preflight', async () => {
      await preflight(guard, cutover);
      return 'everything that can be checked before it is as it must be';
    });
    if (refused !== undefined) return refusedStatus(guard, refused.code);
  } else if (cutover.goal === 'new-serves') {
    guard.emit({ type: 'step-skipped', step: 'preflight', note: 'the promotion was begun already' });
  }
  const endpoints =
    cutover.pair.by === 'proxy' ? await byProxy(guard, cutover) : await byRename(guard, cutover);
  await takeStep(guard, 'verify-promotion', () => verifyServing(guard, cutover, endpoints));
  await attemptStep(guard, 'settle', () => settle(guard, cutover));
  return 'promoted';
}

/** Nothing has been renamed or re-targeted yet: everything can still be refused. */
async function isAtTheBeginning(guard: Guard, cutover: Cutover): Promise<boolean> {
  const { pair, goal } = cutover;
  if (goal === 'old-serves') return false;
  // The names of one and the same would look like a finished promotion.
  if (pair.oldResourceId === pair.newResourceId) return true;
  const seen = await look(guard, pair);
  noteSeen(guard, cutover, seen);
  if (seen.old?.identifier !== pair.production) return false;
  if (pair.by === 'rename') return phaseOf(seen, pair, goal) === 'not-started';
  if (seen.new === undefined) return true;
  const sent = await (await guard.ports.proxies()).of(seen.new);
  return sent.length + (await betweenTargets(guard, pair)).length === 0;
}

/** A refused cut-over leaves a deploy with its restored database, and the two other modes without what they came for. */
function refusedStatus(guard: Guard, code: string): Status {
  if (code === 'cancelled') return 'cancelled';
  if (guard.request.mode === 'deploy') return 'restored';
  return isUntouched(guard) ? 'refused' : 'failed';
}

/** Nothing was requested, mended, renamed or re-targeted. */
const isUntouched = ({ run, request }: Guard): boolean =>
  !run.steps.some(({ kind, state }) => TOUCHING.has(kind) && state !== 'not-reached') &&
  run.mended.length === 0 &&
  !run.notices.some(({ code }) => code === 'promotion-resumed') &&
  (request.mode === 'promote' || run.notices.some(({ code }) => code === 'restore-found'));

const TOUCHING: ReadonlySet<StepKind> = new Set(['park', 'take-over', 'retarget']);

async function byRename(guard: Guard, cutover: Cutover): Promise<readonly Endpoint[]> {
  try {
    await swapNames(guard, cutover);
    const end = cutover.goal === 'new-serves' ? 'promoted' : 'undone';
    notePhase(guard, cutover, end);
    return [];
  } catch (error) {
    await putBack(guard, cutover, error);
    throw error;
  }
}

async function byProxy(guard: Guard, cutover: Cutover): Promise<readonly Endpoint[]> {
  let endpoints: readonly Endpoint[] = [];
  await takeStep(guard, 'retarget', async () => {
    endpoints = await retarget(guard, cutover);
    return undefined;
  });
  notePhase(guard, cutover, cutover.goal === 'new-serves' ? 'promoted' : 'undone');
  return endpoints;
}
