import type { InstanceFacts } from './facts.ts';
import type { PromotionNames } from './promotion.ts';
import { TAG, TAG_LIMITS, type Tags } from './tags.ts';

/** The two instances of one promotion, as the tags on either of them tell it. */
export interface PromotionPair extends PromotionNames {
  /** `<run id>-<attempt>` of the run that began it. */
  readonly run: string;
  readonly by: 'rename' | 'proxy';
  readonly oldResourceId: string;
  readonly newResourceId: string;
  /** RDS Proxies that it re-targets, as far as they are known: between two targets nothing else leads to them. */
  readonly proxies: readonly string[];
}

export interface FoundPair extends PromotionPair {
  readonly old: InstanceFacts | undefined;
  readonly new: InstanceFacts | undefined;
  /** Phases in the tags of the two. */
  readonly phases: readonly (string | undefined)[];
}

/** What both instances are tagged with before anything is renamed: it outlives every name and every job. */
export const pairTags = (pair: PromotionPair): Tags => ({
  [TAG.promotion]: pair.run,
  [TAG.production]: pair.production,
  [TAG.parked]: pair.by === 'proxy' ? '' : pair.parked,
  [TAG.restored]: pair.restored,
  [TAG.oldResourceId]: pair.oldResourceId,
  [TAG.newResourceId]: pair.newResourceId,
  ...(pair.proxies.length === 0 ? {} : { [TAG.proxies]: fitting(pair.proxies) }),
});

/** The rest of them are found by their targets as long as they have one. */
function fitting(names: readonly string[]): string {
  const text = names.join(' ');
  return text.length <= TAG_LIMITS.length ? text : fitting(names.slice(0, -1));
}

function pairOf({ tags, resourceId }: InstanceFacts): PromotionPair | undefined {
  const run = tags[TAG.promotion];
  const production = tags[TAG.production];
  const oldResourceId = tags[TAG.oldResourceId];
  const newResourceId = tags[TAG.newResourceId];
  const restored = tags[TAG.restored];
  if (!run || !production || !oldResourceId || !newResourceId || !restored) return undefined;
  // A copy of a tagged instance has its tags as well.
  if (resourceId !== oldResourceId && resourceId !== newResourceId) return undefined;
  const parked = tags[TAG.parked] ?? '';
  return {
    ...{ run, production, parked, restored, oldResourceId, newResourceId },
    by: parked === '' ? 'proxy' : 'rename',
    // A rename after a promotion by proxy leaves that tag where it is.
    proxies: parked === '' ? (tags[TAG.proxies] ?? '').split(' ').filter((name) => name !== '') : [],
  };
}

/**
 * The last promotion of that name, whoever has the name now: that of the instance which serves, or, when nobody
 * does, the one that was begun and has no end. Undefined when there is none.
 */
export function findPair(all: readonly InstanceFacts[], production: string): FoundPair | undefined {
  const pairs = all.flatMap((each) => {
    const pair = pairOf(each);
    return pair?.production === production ? [{ pair, on: each }] : [];
  });
  const serving = all.find((each) => each.identifier === production);
  const own = pairs.find(({ on }) => on.resourceId === serving?.resourceId);
  if (own !== undefined) return foundIn(all, own.pair);
  const half = pairs.filter(({ on }) => on.tags[TAG.phase] === 'promoting');
  const candidates = half
    .map(({ pair }) => foundIn(all, pair))
    .filter(
      (each) =>
        serving === undefined || [each.oldResourceId, each.newResourceId].includes(serving.resourceId),
    )
    .sort((a, b) => b.run.localeCompare(a.run, 'en', { numeric: true }));
  return candidates[0];
}

function foundIn(all: readonly InstanceFacts[], pair: PromotionPair): FoundPair {
  const by = (id: string): InstanceFacts | undefined => all.find((each) => each.resourceId === id);
  const [old, fresh] = [by(pair.oldResourceId), by(pair.newResourceId)];
  return { ...pair, old, new: fresh, phases: [old?.tags[TAG.phase], fresh?.tags[TAG.phase]] };
}

/** Begun and neither carried through nor undone. */
export const isHalfDone = ({ phases }: FoundPair): boolean => phases.includes('promoting');

export const isUndone = ({ phases }: FoundPair): boolean =>
  !isHalfDone({ phases } as FoundPair) && phases.includes('undone');
