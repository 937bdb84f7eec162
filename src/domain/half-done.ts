import type { InstanceFacts } from './facts.ts';
import { type Problem, problem } from './problem.ts';
import { TAG, type Tags } from './tags.ts';

/**
 * A promotion that was begun and has no end, by the tags of the one that has the name of production: no other job may
 * take that database for granted. Undefined when there is none.
 */
export function halfDoneOn(production: InstanceFacts): Problem | undefined {
  const { tags, identifier, resourceId } = production;
  const ends = [tags[TAG.oldResourceId], tags[TAG.newResourceId]];
  // A copy of a tagged instance has its tags as well.
  const isPart = tags[TAG.production] === identifier && ends.includes(resourceId);
  return isPart && tags[TAG.phase] === 'promoting' ? halfDone(production, tags) : undefined;
}

/** `tags` are those of either of the two. */
export const halfDone = (production: Pick<InstanceFacts, 'identifier' | 'kind'>, tags: Tags): Problem => {
  const run = tags[TAG.promotion];
  return problem('promotion-half-done', `the promotion of run ${run ?? 'unknown'} has no end`, {
    instance: production.identifier,
    kind: production.kind === 'cluster' ? 'cluster' : undefined,
    run,
    restored: tags[TAG.restored],
    by: (tags[TAG.parked] ?? '') === '' ? 'proxy' : 'rename',
  });
};
