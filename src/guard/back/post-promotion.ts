import type { Status } from '../../domain/event.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import { firstProblem } from '../../domain/problem.ts';
import { isRenaming } from '../../domain/promotion.ts';
import { findPair, type PromotionPair } from '../../domain/promotion-pair.ts';
import { runTag } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { tell } from '../steps/alert.ts';
import { waitUntil } from '../wait.ts';
import { type Cutover, look } from './cutover.ts';
import { Dance } from './dance.ts';
import { betweenTargets } from './retarget.ts';

/** What the post step found and did; one line for the log. */
export interface Nudged {
  readonly line: string;
  /** True when it asked AWS for a rename, or for the target of a proxy. */
  readonly acted: boolean;
}

/**
 * A job that was killed or cancelled in a promotion: when nobody has the name of production, or a proxy sends to nobody,
 * what ends the outage is asked for at once. While the name is being given up that cannot be asked for yet: then it looks
 * again for less than half a minute. One request at most; the end of it is left to the next run. Never throws. Undefined
 * when there is nothing half done.
 */
export async function nudgePromotion(guard: Guard): Promise<Nudged | undefined> {
  try {
    const pair = await pairOf(guard);
    if (pair === undefined) return undefined;
    return pair.by === 'proxy' ? await sendOn(guard, pair) : await nudge(guard, pair);
  } catch (error) {
    const { detail } = firstProblem(error);
    guard.emit({ type: 'refused', problems: [firstProblem(error)] });
    return {
      line: `The promotion of ${guard.request.instance} is half done, and AWS was of no help: ${detail}. ${AGAIN}`,
      acted: false,
    };
  }
}

const AGAIN = 'Run mode: promote again with the same inputs: it goes on from here.';

/** A deploy that was cut off in its promotion: the verdict and the restore are told already. */
export async function finishPromotion(guard: Guard): Promise<Status> {
  await nudgePromotion(guard);
  await tell(guard, 'end');
  return 'cancelled';
}

async function pairOf(guard: Guard): Promise<PromotionPair | undefined> {
  const { promotion } = guard.run;
  if (promotion !== undefined) {
    const { phase, outageFrom: _, outageUntil: __, ...pair } = promotion;
    const half = phase === 'parking' || phase === 'outage' || phase === 'taking-over';
    return half ? { ...pair, run: runTag(guard.options.identity) } : undefined;
  }
  // Without a journal only the tags know. With one, a promotion that is not in it was not begun.
  if (guard.request.promote === 'never' && guard.request.mode !== 'promote') return undefined;
  if (guard.run.plan !== undefined) return undefined;
  const found = findPair(await (await guard.ports.fleet()).all(), guard.request.instance);
  return found?.phases.includes('promoting') === true ? found : undefined;
}

const nothingToProve = async (): Promise<never> => {
  throw new Error('the post step asks the database nothing');
};

/** The post step has a minute for everything, and Slack hears of it last. */
const WAIT_MS = 25_000;

async function nudge(guard: Guard, pair: PromotionPair): Promise<Nudged> {
  const { clock } = guard.ports;
  const phase = guard.run.promotion?.phase;
  const { seen } = await waitUntil<Ticked>({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + WAIT_MS,
    look: () => tickOnce(guard, pair, phase === 'parking' || phase === 'outage'),
    until: ({ isLeaving }) => !isLeaving,
  });
  return seen.nudged;
}

interface Ticked {
  readonly nudged: Nudged;
  /** The name of production is being given up, so that in a moment nobody will have it. */
  readonly isLeaving: boolean;
}

async function tickOnce(guard: Guard, pair: PromotionPair, wasAsked: boolean): Promise<Ticked> {
  const goal = guard.request.promote === 'undo' ? 'old-serves' : 'new-serves';
  const seen = await look(guard, pair);
  const source = seen.old ?? seen.new;
  if (source === undefined)
    return still({ line: `Both databases of the promotion of ${pair.production} are gone.`, acted: false });
  const loser = goal === 'new-serves' ? seen.old : seen.new;
  // For some seconds after AWS accepted a rename nothing shows it.
  const isLeaving =
    loser !== undefined && (isRenaming(loser) || (wasAsked && loser.identifier === pair.production));
  const cutover: Cutover = { pair, goal, source, url: nothingToProve, since: undefined };
  const nobody = [seen.old, seen.new].every((each) => each?.identifier !== pair.production);
  if (!nobody)
    return { nudged: { line: `${serving(seen.old, seen.new, pair)} ${AGAIN}`, acted: false }, isLeaving };
  const action = await new Dance(guard, cutover).tick(goal === 'new-serves' ? 'new' : 'old');
  const acted = action.do === 'wait' && action.asked === true;
  const line = acted
    ? `Nobody had the name ${pair.production}; the rename that ends this is requested and takes about ten minutes. ${AGAIN}`
    : `Nobody has the name ${pair.production} at this moment${action.do === 'wait' ? ` (${action.why})` : ''}. ${AGAIN}`;
  return { nudged: { line, acted }, isLeaving: isLeaving && !acted };
}

const still = (nudged: Nudged): Ticked => ({ nudged, isLeaving: false });

const serving = (
  old: InstanceFacts | undefined,
  fresh: InstanceFacts | undefined,
  pair: PromotionPair,
): string => {
  const which = old?.identifier === pair.production ? 'old' : 'restored';
  const status = (which === 'old' ? old : fresh)?.status ?? '';
  return `${pair.production} is the ${which} database (${status}); the promotion is half done.`;
};

/** A proxy that lost its target to the kill gets the one it was to have. */
async function sendOn(guard: Guard, pair: PromotionPair): Promise<Nudged> {
  const between = await betweenTargets(guard, pair);
  const { old, new: fresh } = await look(guard, pair);
  const [to, from] = guard.request.promote === 'undo' ? [old, fresh] : [fresh, old];
  if (between.length === 0 || to === undefined || from === undefined)
    return {
      line: `The RDS Proxy of ${pair.production} is being sent from one database to the other. ${AGAIN}`,
      acted: false,
    };
  const port = await guard.ports.proxies();
  for (const each of between) await port.retarget(each, from, to);
  const names = between.map(({ name }) => name).join(', ');
  return {
    line: `The RDS Proxy ${names} sent to nobody; AWS was asked to send it to ${to.identifier}. ${AGAIN}`,
    acted: true,
  };
}
