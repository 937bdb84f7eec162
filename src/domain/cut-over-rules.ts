import type { InstanceFacts } from './facts.ts';
import { whyUnfit } from './instance-state.ts';
import { type Problem, problem } from './problem.ts';
import { isOurs, TAG } from './tags.ts';

/** What the descriptions of the two say against a cut-over; every reason at once. */
export function cutOverRefusals(old: InstanceFacts, restored: InstanceFacts): readonly Problem[] {
  const found: Problem[] = [];
  const refuse = (why: string): void =>
    void found.push(
      problem('promotion-refused', why, { instance: old.identifier, restored: restored.identifier }),
    );
  const { tags } = restored;
  if (!isOurs(tags))
    refuse(`${restored.identifier} was not restored by this action: it has no tag managed-by`);
  else if (!standsFor(restored, old))
    refuse(`${restored.identifier} was restored from another database than ${old.identifier}`);
  if (tags[TAG.phase] === 'mismatch')
    refuse(`${restored.identifier} was compared with the restore point and differs from it`);
  for (const each of [old, restored]) {
    const unfit = whyUnfit(each);
    if (unfit !== undefined) refuse(unfit);
    if (each.replicaOf !== undefined) refuse(`${each.identifier} is a read replica of ${each.replicaOf}`);
    if (each.clusterIdentifier !== undefined && each.kind !== 'cluster')
      refuse(`${each.identifier} is a member of the cluster ${each.clusterIdentifier}: cut over the cluster`);
    if (each.pending !== undefined)
      refuse(`changes of ${each.identifier} wait for its maintenance window: ${each.pending.join(', ')}`);
  }
  if (kindOf(old) !== kindOf(restored))
    refuse(`${old.identifier} and ${restored.identifier} are of two kinds`);
  const same = sameDatabase(old, restored);
  if (same !== undefined) found.push(same);
  return found;
}

/** Restored from it, or from the one whose name it had taken by then. */
export const standsFor = ({ tags }: Pick<InstanceFacts, 'tags'>, { resourceId }: InstanceFacts): boolean =>
  tags[TAG.sourceResourceId] === resourceId || tags[TAG.forResourceId] === resourceId;

/** Nothing could tell afterwards which of the two a rename is meant for. AWS never gives two databases one resource id. */
export const sameDatabase = (old: InstanceFacts, restored: InstanceFacts): Problem | undefined => {
  if (old.resourceId !== restored.resourceId) return undefined;
  const instances = `${old.identifier}, ${restored.identifier}`;
  return old.identifier === restored.identifier
    ? problem('promotion-refused', `${restored.identifier} is production itself, and no restored database`, {
        instance: old.identifier,
        restored: restored.identifier,
      })
    : problem('resource-ambiguous', `${instances} have the same resource id ${old.resourceId}`, {
        instances,
        resourceId: old.resourceId,
      });
};

const kindOf = ({ kind = 'instance' }: InstanceFacts): string => kind;

/** Phases in which somebody has compared the restored database with the restore point. */
export const isVerified = (phase: string | undefined): boolean =>
  phase === 'restored' || phase === 'promoting' || phase === 'promoted' || phase === 'undone';
