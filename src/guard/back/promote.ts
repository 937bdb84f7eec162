import type { Status } from '../../domain/event.ts';
import { stepsOnly } from '../../domain/plan.ts';
import { isProblem } from '../../domain/problem.ts';
import { phaseOf } from '../../domain/promotion.ts';
import { promotionSteps } from '../../domain/promotion-steps.ts';
import { TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { untold } from '../step.ts';
import { tell } from '../steps/alert.ts';
import { readUrls } from '../urls.ts';
import type { Cutover } from './cutover.ts';
import { type FoundPromotion, findPromotion } from './find-promotion.ts';
import { carryOut } from './promotion.ts';

/** `mode: promote`, also when an earlier job left it half done, and `promote: undo`. Never throws. */
export async function promote(guard: Guard): Promise<Status> {
  const status = await story(guard);
  if (status !== 'promoted') await tell(guard, 'end');
  return status;
}

async function story(guard: Guard): Promise<Status> {
  try {
    const found = await findPromotion(guard);
    begin(guard, found);
    return await carryOut(guard, cutoverOf(guard, found));
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: 'refused', problems });
    return isProblem(error, 'cancelled') || guard.options.cancelled.aborted ? 'cancelled' : 'refused';
  }
}

function cutoverOf(guard: Guard, found: FoundPromotion): Cutover {
  const source = found.old ?? found.new;
  if (source === undefined) throw new Error('a promotion of nothing');
  return {
    pair: found.pair,
    goal: found.goal,
    source,
    url: async () => {
      const urls = await readUrls(guard);
      const url = urls.given[urls.primary];
      if (url === undefined) throw new Error('no URL');
      return url;
    },
    since: found.new?.tags[TAG.restoreTime],
  };
}

function begin(guard: Guard, found: FoundPromotion): void {
  const { pair, goal, new: fresh, old } = found;
  if (old !== undefined)
    guard.emit({
      type: 'observed-target',
      target: { instance: old, manualSnapshots: [], snapshotLimit: undefined },
    });
  if (fresh !== undefined) {
    const { arn, resourceId, status, endpoint } = fresh;
    guard.emit({ type: 'restore-requested', found: true, identifier: pair.restored, arn, resourceId });
    guard.emit({ type: 'restore-seen', status, endpoint, resourceId });
  }
  if (found.resumed !== undefined && found.isHalfDone) {
    const phase = phaseOf({ old, new: fresh, others: new Set() }, pair, goal);
    guard.warn('promotion-resumed', { run: found.resumed, phase });
  }
  guard.emit({
    type: 'planned',
    plan: stepsOnly(promotionSteps(pair.by, pair, goal), {
      restoredIdentifier: pair.restored,
      sourceTags: old?.tags ?? {},
    }),
  });
}
