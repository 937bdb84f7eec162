import type { InstanceFacts, SnapshotFacts } from './facts.ts';
import { isOurs, TAG } from './tags.ts';

/** Resource ids of everybody who had, or was meant to have, one name of production → the promotion that tells of it. */
export type Lineage = ReadonlyMap<string, string>;

interface Link {
  readonly ends: readonly [string, string];
  /** `<run id>-<attempt>` of the promotion. */
  readonly run: string;
}

/**
 * Follows the tags of promotions from the one that has the name now (or, when nobody has it, from all that were
 * promoted under it) to those that had it before, whatever they are called today.
 */
export function lineageOf(
  name: string,
  serving: Pick<InstanceFacts, 'resourceId'> | undefined,
  all: readonly InstanceFacts[],
): Lineage {
  const links = all.flatMap((each) => linksOf(each, name));
  const known = new Map<string, string>();
  const reach = (resourceId: string, run: string): void => {
    if (known.has(resourceId)) return;
    known.set(resourceId, run);
    for (const { ends, run: by } of links)
      if (ends.includes(resourceId)) for (const end of ends) reach(end, by);
  };
  if (serving === undefined) for (const { ends, run } of links) for (const end of ends) reach(end, run);
  else reach(serving.resourceId, '');
  return known;
}

/** The pair of a promotion, and what the new one of it was restored from: that stays when the pair is overwritten. */
function linksOf({ tags, resourceId }: InstanceFacts, name: string): readonly Link[] {
  if (tags[TAG.production] !== name) return [];
  const run = tags[TAG.promotion] ?? '';
  const [old, fresh] = [tags[TAG.oldResourceId] ?? '', tags[TAG.newResourceId] ?? ''];
  // A copy of a tagged instance has its tags as well.
  if (old === '' || fresh === '' || (resourceId !== old && resourceId !== fresh)) return [];
  const source = isOurs(tags) ? tags[TAG.sourceResourceId] : undefined;
  return [
    { ends: [old, fresh], run },
    ...(source === undefined ? [] : [{ ends: [resourceId, source] as const, run }]),
  ];
}

/** For a name that nobody has now: the databases that its snapshots were taken of. */
export function lineageOfGone(
  name: string,
  snapshots: readonly SnapshotFacts[],
  all: readonly InstanceFacts[],
): Lineage {
  const taken = snapshots.flatMap(({ sourceIdentifier, sourceResourceId, tags }) => {
    const id = sourceResourceId ?? tags[TAG.sourceResourceId];
    return sourceIdentifier === name && id !== undefined ? [[id, ''] as const] : [];
  });
  return new Map([...taken, ...lineageOf(name, undefined, all)]);
}
