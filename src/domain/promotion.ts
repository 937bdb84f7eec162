import type { InstanceFacts } from './facts.ts';
import type { PromotionPhase } from './going-back.ts';
import { isReachable, isTerminal, isUsable, whyUnfit } from './instance-state.ts';
import type { ProblemCode } from './problem.ts';

/** The three names that change hands in a promotion by rename. */
export interface PromotionNames {
  /** The name that applications use. */
  readonly production: string;
  /** Where the old instance is kept. */
  readonly parked: string;
  /** Where the new instance was made, and where an undo puts it back. */
  readonly restored: string;
}

/** Who is to have the name of production in the end: `old` for an undo. */
export type PromotionGoal = 'new-serves' | 'old-serves';
export type Which = 'old' | 'new';

/** What one look at AWS told, by resource id. Undefined: that resource does not exist any more. */
export interface PromotionLook {
  readonly old: InstanceFacts | undefined;
  readonly new: InstanceFacts | undefined;
  /** Names in use by instances other than these two. */
  readonly others: ReadonlySet<string>;
}

export type PromotionAction =
  /** `asked`: a rename was requested in this very look. */
  | { readonly do: 'wait'; readonly why: string; readonly asked?: true }
  | { readonly do: 'rename'; readonly which: Which; readonly to: string }
  | { readonly do: 'done' }
  /** `name`: the one that somebody else has. */
  | { readonly do: 'stop'; readonly code: ProblemCode; readonly why: string; readonly name?: string };

interface Side {
  readonly which: Which;
  readonly seen: InstanceFacts | undefined;
  /** Where it rests when it does not serve. */
  readonly rest: string;
}

const wait = (why: string): PromotionAction => ({ do: 'wait', why });
const stop = (code: ProblemCode, why: string): PromotionAction => ({ do: 'stop', code, why });
const taken = (name: string, why: string): PromotionAction => ({
  ...{ do: 'stop', code: 'instance-name-taken', why, name },
});
const rename = ({ which }: Side, to: string): PromotionAction => ({ do: 'rename', which, to });

/**
 * The next step from whatever state a killed job, another job or a person left. It never deletes, and asks for no
 * rename while one is under way. Facts: two renames are strictly serial (USER_RenameInstance); until the second is
 * through nobody serves, so from there on the way out is always the shortest one.
 */
export function nextAction(look: PromotionLook, names: PromotionNames, goal: PromotionGoal): PromotionAction {
  const old: Side = { which: 'old', seen: look.old, rest: names.parked };
  const fresh: Side = { which: 'new', seen: look.new, rest: names.restored };
  const [winner, loser] = goal === 'new-serves' ? [fresh, old] : [old, fresh];
  for (const { seen } of [winner, loser]) {
    if (seen !== undefined && isRenaming(seen)) return wait(`${seen.identifier} is ${stateOf(seen)}`);
  }
  if (serves(winner, names)) return atTheEnd(winner, names);
  return serves(loser, names) ? leave(look, winner, loser) : takeOver(look, names, winner, loser);
}

const serves = ({ seen }: Side, names: PromotionNames): boolean => seen?.identifier === names.production;

/** A rename is under way or accepted: identifiers are about to change. */
export const isRenaming = ({ status, pending = [] }: InstanceFacts): boolean =>
  status === 'renaming' || status === 'rebooting' || pending.some((name) => RENAMES.has(name));

/** `PendingModifiedValues.DBInstanceIdentifier`; clusters have `DBClusterIdentifier`. */
const RENAMES: ReadonlySet<string> = new Set(['DBInstanceIdentifier', 'DBClusterIdentifier']);

const stateOf = (seen: InstanceFacts): string =>
  isUsable(seen.status) ? 'about to be renamed' : seen.status;

/** The winner has the name; it serves once its endpoint has it as well. */
function atTheEnd({ seen }: Side, names: PromotionNames): PromotionAction {
  if (seen === undefined) return stop('instance-gone', 'it was deleted');
  if (isTerminal(seen.status))
    return stop(
      'promotion-failed',
      `${seen.identifier} has the name of production, and its state is ${seen.status}`,
    );
  // A backup or a change of its settings hinders no client.
  if (!isReachable(seen.status)) return wait(`${seen.identifier} is ${seen.status}`);
  if (!isNamedEndpoint(seen.endpoint?.address, names.production))
    return wait(`the endpoint of ${seen.identifier} is not there yet`);
  return { do: 'done' };
}

/** The loser still serves: nothing is lost by waiting, and nothing begins that could not end. */
function leave(look: PromotionLook, winner: Side, loser: Side): PromotionAction {
  if (winner.seen === undefined) return stop('instance-gone', `the ${winner.which} instance was deleted`);
  if (loser.seen === undefined) return stop('instance-gone', `the ${loser.which} instance was deleted`);
  for (const seen of [winner.seen, loser.seen]) {
    const unfit = whyUnfit(seen);
    if (unfit !== undefined) return stop('promotion-refused', unfit);
  }
  if (look.others.has(loser.rest) || winner.seen.identifier === loser.rest)
    return taken(loser.rest, `${loser.rest} exists already`);
  for (const seen of [winner.seen, loser.seen]) {
    if (!isUsable(seen.status)) return wait(`${seen.identifier} is ${seen.status}`);
  }
  return rename(loser, loser.rest);
}

/** Nobody has the name: the outage goes on until somebody has. */
function takeOver(look: PromotionLook, names: PromotionNames, winner: Side, loser: Side): PromotionAction {
  if (look.others.has(names.production))
    return taken(names.production, `a third instance has the name ${names.production}`);
  for (const side of [winner, loser]) {
    if (side.seen === undefined || isTerminal(side.seen.status)) continue;
    return isUsable(side.seen.status)
      ? rename(side, names.production)
      : wait(`${side.seen.identifier} is ${side.seen.status}`);
  }
  return stop('instance-gone', 'neither of the two instances can serve');
}

/**
 * Whether an endpoint belongs to that name: AWS's begin with it. An address of numbers (a local endpoint) moves with
 * nothing and tells nothing.
 */
export const isNamedEndpoint = (address: string | undefined, name: string): boolean =>
  address !== undefined && (/^[\d.]+$|:|^localhost$/.test(address) || address.startsWith(`${name}.`));

/** How far a promotion is, as the names tell it. */
export function phaseOf(look: PromotionLook, names: PromotionNames, goal: PromotionGoal): PromotionPhase {
  const [old, fresh] = [look.old, look.new];
  if (fresh?.identifier === names.production) {
    if (goal === 'old-serves') return isRenaming(fresh) ? 'outage' : 'promoted';
    return isRenaming(fresh) ? 'taking-over' : 'promoted';
  }
  if (old?.identifier === names.production) {
    if (goal === 'old-serves') return isRenaming(old) ? 'outage' : 'undone';
    return isRenaming(old) ? 'parking' : 'not-started';
  }
  return fresh !== undefined && isRenaming(fresh) && goal === 'new-serves' ? 'taking-over' : 'outage';
}
