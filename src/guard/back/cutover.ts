import type { InstanceFacts } from '../../domain/facts.ts';
import type { Promotion, PromotionPhase } from '../../domain/going-back.ts';
import {
  nextAction,
  type PromotionAction,
  type PromotionGoal,
  type PromotionLook,
  phaseOf,
} from '../../domain/promotion.ts';
import type { PromotionPair } from '../../domain/promotion-pair.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Guard } from '../context.ts';

/** One promotion or its undo, in progress. */
export interface Cutover {
  readonly pair: PromotionPair;
  readonly goal: PromotionGoal;
  /** Configuration to have in the end: the old instance as it was described. */
  readonly source: InstanceFacts;
  /** The user's own URL of production; read late, because nothing of it is needed while nobody serves. */
  readonly url: () => Promise<Secret>;
  /** The restore point, ISO-8601 whole second. */
  readonly since: string | undefined;
}

/** What AWS says of the two now; one call for each. */
export async function look(guard: Guard, pair: PromotionPair): Promise<PromotionLook> {
  const fleet = await guard.ports.fleet();
  const [old, fresh] = await Promise.all([
    fleet.byResource(pair.oldResourceId),
    fleet.byResource(pair.newResourceId),
  ]);
  return { old, new: fresh, others: new Set() };
}

/** Asks for the name that is about to be taken only when it is about to be taken. */
export async function decide(guard: Guard, cutover: Cutover, seen: PromotionLook): Promise<PromotionAction> {
  const { pair, goal } = cutover;
  const action = nextAction(seen, pair, goal);
  if (action.do !== 'rename') return action;
  const holder = await (await guard.ports.recovery()).instance(action.to);
  if (holder === undefined || [pair.oldResourceId, pair.newResourceId].includes(holder.resourceId))
    return action;
  return nextAction({ ...seen, others: new Set([action.to]) }, pair, goal);
}

const ORDER: Readonly<Record<PromotionGoal, readonly PromotionPhase[]>> = {
  'new-serves': ['not-started', 'parking', 'outage', 'taking-over', 'promoted'],
  'old-serves': ['promoted', 'taking-over', 'outage', 'undone'],
};

/** True where that phase lies behind: right after a request AWS still shows the state before it. */
const isBehind = (goal: PromotionGoal, from: PromotionPhase | undefined, to: PromotionPhase): boolean => {
  const order = ORDER[goal];
  return from !== undefined && order.includes(from) && order.indexOf(to) <= order.indexOf(from);
};

/** Tells how far it is, when that has changed. */
export function notePhase(
  guard: Guard,
  { pair, goal }: Cutover,
  phase: PromotionPhase,
  more: Partial<Pick<Promotion, 'outageFrom' | 'outageUntil' | 'proxies'>> = {},
): void {
  const before = guard.run.promotion;
  const same = before?.newResourceId === pair.newResourceId ? before : undefined;
  if (Object.keys(more).length === 0 && isBehind(goal, same?.phase, phase)) return;
  guard.emit({
    type: 'promotion',
    promotion: {
      by: pair.by,
      phase,
      production: pair.production,
      parked: pair.parked,
      restored: pair.restored,
      oldResourceId: pair.oldResourceId,
      newResourceId: pair.newResourceId,
      proxies: same?.proxies ?? [],
      outageFrom: same?.outageFrom,
      outageUntil: same?.outageUntil,
      ...more,
    },
  });
}

export const noteSeen = (guard: Guard, cutover: Cutover, seen: PromotionLook): void =>
  notePhase(guard, cutover, phaseOf(seen, cutover.pair, cutover.goal));

export const winnerOf = (cutover: Cutover, seen: PromotionLook): InstanceFacts | undefined =>
  cutover.goal === 'new-serves' ? seen.new : seen.old;

export const loserOf = (cutover: Cutover, seen: PromotionLook): InstanceFacts | undefined =>
  cutover.goal === 'new-serves' ? seen.old : seen.new;
