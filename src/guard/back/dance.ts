import { GuardError, isProblem, problem } from '../../domain/problem.ts';
import { isRenaming, type PromotionAction, type PromotionLook, type Which } from '../../domain/promotion.ts';
import { pairTags } from '../../domain/promotion-pair.ts';
import { MANAGED_BY, TAG } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { takeStep } from '../step.ts';
import { waitUntil } from '../wait.ts';
import { type Cutover, decide, look, notePhase, noteSeen } from './cutover.ts';

const MINUTE = 60_000;
/** AWS calls ten minutes usual for one rename (user guide, "Renaming a DB instance"). */
const RENAME_MS = 30 * MINUTE;
/** While nobody serves: how long the new one may be busy with something else before the old one is put back. */
const PATIENCE_MS = 10 * MINUTE;
/** The status reads `available` for some seconds after AWS accepted a rename (aws-sdk-js#1505). */
const UNSEEN_MS = MINUTE;

/** Both renames of a promotion, or of its undo, from whatever state the two instances are in. */
export async function swapNames(guard: Guard, cutover: Cutover): Promise<void> {
  const dance = new Dance(guard, cutover);
  const [loser, winner]: readonly [Which, Which] =
    cutover.goal === 'new-serves' ? ['old', 'new'] : ['new', 'old'];
  await takeStep(guard, 'park', async () => {
    await markBegun(guard, cutover);
    await dance.until(loser, RENAME_MS + guard.request.restoreTimeoutMs);
    return undefined;
  });
  await takeStep(guard, 'take-over', async () => {
    await dance.until(winner, RENAME_MS);
    return undefined;
  });
}

/** Tags on both before anything is renamed: from here on every other job can find out what belongs together. */
export async function markBegun(guard: Guard, { pair }: Cutover): Promise<void> {
  const seen = await look(guard, pair);
  const recovery = await guard.ports.recovery();
  const tags = pairTags(pair);
  for (const each of [seen.new, seen.old]) {
    if (each === undefined) continue;
    const wanted = { ...tags, [MANAGED_BY.key]: MANAGED_BY.value, [TAG.phase]: 'promoting' };
    // Production is not ours: it gets the marks of the promotion and not the sign of what we made.
    const { [MANAGED_BY.key]: _, ...marks } = wanted;
    const missing = each.resourceId === pair.newResourceId ? wanted : marks;
    if (Object.entries(missing).some(([key, value]) => each.tags[key] !== value))
      await recovery.tag(each.arn, missing);
  }
}

interface Asked {
  readonly which: Which;
  readonly to: string;
  readonly at: number;
}

/** Renames one at a time, and waits by resource id: names change hands, and AWS's own waiters go by name. */
export class Dance {
  readonly #guard: Guard;
  readonly #cutover: Cutover;
  #asked: Asked | undefined;
  #idleSince: number | undefined;

  constructor(guard: Guard, cutover: Cutover) {
    this.#guard = guard;
    this.#cutover = cutover;
  }

  /** Asks for the rename of `which` when it is due, and waits until the next step is another one's. */
  async until(which: Which, ms: number): Promise<PromotionAction> {
    const { clock } = this.#guard.ports;
    const waited = await waitUntil<PromotionAction>({
      clock,
      signal: this.#guard.options.cancelled,
      deadline: clock.now() + ms,
      look: () => this.tick(which),
      until: (action) => action.do === 'done' || (action.do === 'rename' && action.which !== which),
    });
    if (waited.end === 'reached') return waited.seen;
    const why = waited.seen.do === 'wait' ? waited.seen.why : 'AWS has not finished the rename';
    throw new GuardError(
      problem(waited.end === 'cancelled' ? 'cancelled' : 'promotion-failed', why, {
        instance: this.#cutover.pair.production,
      }),
    );
  }

  /** One look and at most one request. Throws what stops the promotion for good. */
  async tick(which: Which): Promise<PromotionAction> {
    const guard = this.#guard;
    const seen = await this.#patiently(() => look(guard, this.#cutover.pair));
    if (seen === undefined) return { do: 'wait', why: 'AWS does not answer' };
    noteSeen(guard, this.#cutover, seen);
    const action = await this.#patiently(() => decide(guard, this.#cutover, seen));
    if (action === undefined) return { do: 'wait', why: 'AWS does not answer' };
    if (action.do === 'stop')
      throw new GuardError(
        problem(action.code, action.why, {
          ...(action.name === undefined ? {} : { name: action.name, promotion: this.#cutover.pair.run }),
          instance: this.#cutover.pair.production,
        }),
      );
    if (action.do === 'wait') return this.#checkPatience(action, isMoving(seen));
    if (action.do === 'done' || action.which !== which) return action;
    return this.#rename(action);
  }

  async #rename(action: Extract<PromotionAction, { do: 'rename' }>): Promise<PromotionAction> {
    const guard = this.#guard;
    const { pair, goal } = this.#cutover;
    const { clock } = guard.ports;
    const known = this.#asked;
    const accepted = { do: 'wait', why: `AWS renames to ${action.to}` } as const;
    if (known?.which === action.which && known.to === action.to && clock.now() - known.at < UNSEEN_MS)
      return accepted;
    const seen = await look(guard, pair);
    const instance = action.which === 'old' ? seen.old : seen.new;
    if (instance === undefined) return { do: 'wait', why: 'it was there a moment ago' };
    const leaving = action.to !== pair.production;
    if (leaving)
      notePhase(guard, this.#cutover, goal === 'new-serves' ? 'parking' : 'outage', {
        outageFrom: clock.now(),
      });
    else if (goal === 'new-serves') notePhase(guard, this.#cutover, 'taking-over');
    const took = await this.#patiently(async () => {
      await (await guard.ports.fleet()).rename(instance, action.to);
      return true;
    });
    if (took !== true)
      return this.#checkPatience({ do: 'wait', why: `AWS does not take the rename to ${action.to} yet` });
    this.#idleSince = undefined;
    this.#asked = { which: action.which, to: action.to, at: clock.now() };
    return { ...accepted, asked: true };
  }

  /** What passes by itself is waited for; in the outage window giving up costs more than a minute. */
  async #patiently<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (isProblem(error, 'aws-unreachable', 'aws-throttled', 'instance-state')) return undefined;
      throw error;
    }
  }

  /** Nobody serves, nothing is being renamed, and AWS keeps the new one busy: that must not last. */
  #checkPatience(action: PromotionAction, moves = false): PromotionAction {
    const { clock } = this.#guard.ports;
    const phase = this.#guard.run.promotion?.phase;
    const isTakingOver = this.#asked?.to === this.#cutover.pair.production;
    if ((phase !== 'outage' && phase !== 'taking-over') || isTakingOver || moves) {
      this.#idleSince = undefined;
      return action;
    }
    this.#idleSince ??= clock.now();
    if (clock.now() - this.#idleSince <= PATIENCE_MS) return action;
    const why = action.do === 'wait' ? action.why : 'AWS does not take the rename';
    throw new GuardError(problem('promotion-failed', why, { instance: this.#cutover.pair.production }));
  }
}

const isMoving = (seen: PromotionLook): boolean =>
  [seen.old, seen.new].some((each) => each !== undefined && isRenaming(each));
