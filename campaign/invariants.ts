/** What must hold after every fault. Each line names what was broken; an empty list is a good run. */

import type { RdsLab } from '../lab/rds/types.ts';
import { STATUSES } from '../src/domain/event.ts';
import type { Attempt, Played } from './play.ts';
import type { Truth } from './stores/store.ts';
import { isApplied, isOpen, sameContent, sameHistory } from './truth.ts';
import { NEXT, type World } from './world.ts';

export const INVARIANTS = {
  data: 'a restore shows every row committed before its second, and nothing after it',
  promised: 'damage that the policy wants restored has its restore after the second attempt',
  state: 'the state of the database is told rightly, or unknown; never a false unchanged',
  told: 'Slack heard of it when the database was changed and the deploy was not applied',
  left: 'no session, no advisory lock, no process is left',
  once: 'the same damage is restored at most once',
  tags: 'nothing was made in AWS without our tags',
  secret: 'no secret is in anything that left the process',
  end: 'post and second attempt come to a clear end, in time',
} as const;
export type Invariant = keyof typeof INVARIANTS;

type Check = (world: World, played: Played) => Promise<readonly string[]> | readonly string[];

const restoredOf = (rds: RdsLab, id: string): ReturnType<RdsLab['instances']> =>
  rds.instances().filter((each) => each.id.startsWith(`${id}-gm-`));

const isDamaged = (truth: Truth, original: Truth): boolean =>
  !sameContent(truth, original) && !isApplied(truth, NEXT);

const checks: Readonly<Record<Invariant, Check>> = {
  async data({ rds, store }, { ground, first, acknowledged }) {
    const found: string[] = [];
    for (const { id, tags } of restoredOf(rds, ground.id)) {
      const second = Date.parse(tags.find(({ key }) => key === 'guarded-migrate:restore-time')?.value ?? '');
      if (Number.isNaN(second)) found.push(`${id} has no restore time`);
      const cluster = rds.clusterOf(id);
      const restored = await store.truth(cluster, ground.database);
      if (!sameContent(restored, first.before)) found.push(`${id} differs from the state before`);
      if (!sameHistory(restored, first.before)) found.push(`${id} has another history`);
      const ledger = await store.ledger(cluster, ground.database);
      const there = new Set(ledger.map((entry) => entry.id));
      const lost = [...acknowledged].filter(([row, at]) => at < second && !there.has(row));
      if (lost.length > 0) found.push(`${id} lacks ${lost.length} acknowledged rows of the application`);
      // AWS does not say which commits of the asked second belong to it; none of a later one does.
      const later = ledger.filter(({ at }) => at >= second + 1000);
      if (later.length > 0) found.push(`${id} has ${later.length} rows of a later second`);
    }
    return found;
  },
  promised({ rds }, { ground, first, second, scenario }) {
    if (scenario.inputs?.['on-failure'] === 'alert' || !isOpen(second.after, NEXT)) return [];
    if (!isDamaged(second.after, first.before) || restoredOf(rds, ground.id).length > 0) return [];
    // Without tags there is no second to go back to; the documentation says so.
    const untagged =
      scenario.inputs?.snapshot === 'skip' ||
      (scenario.aws ?? []).some(({ action, kind }) => action === 'AddTagsToResource' && kind === 'denied');
    return untagged ? [] : ['the database is damaged and there is no restore'];
  },
  state(_, { first, second }) {
    return [...lies('first', first, first.before), ...lies('second', second, second.before)];
  },
  told(_, { told, first, second }) {
    const damaged = [first.after, second.after].some((each) => isDamaged(each, first.before));
    return damaged && told.length === 0 ? ['nobody was told'] : [];
  },
  left: (_, { first, second }) => [...first.left, ...second.left.map((each) => `second: ${each}`)],
  once({ rds }, { ground, calls }) {
    const asked = calls.filter(
      ({ action, result, params }) =>
        action === 'RestoreDBInstanceToPointInTime' &&
        result === 'ok' &&
        params.SourceDBInstanceIdentifier === ground.id,
    );
    const there = restoredOf(rds, ground.id);
    return asked.length > 1 || there.length > 1
      ? [`${asked.length} restores were accepted, ${there.length} exist`]
      : [];
  },
  tags({ rds }, { ground }) {
    const made = [
      ...restoredOf(rds, ground.id),
      ...rds.snapshots().filter((each) => each.instanceId === ground.id && each.type === 'manual'),
    ];
    return made
      .filter(
        ({ tags }) =>
          !['managed-by', 'guarded-migrate:run'].every((key) => tags.some((tag) => tag.key === key)),
      )
      .map(({ id }) => `${id} has no tags of ours`);
  },
  secret(_, { ground, first, second, told, calls, files }) {
    const seen = [
      ...files,
      JSON.stringify(told.map(({ body }) => body)),
      JSON.stringify(calls.map(({ params }) => params)),
      ...[first, second]
        .flatMap(({ result }) => [result, result.post])
        .flatMap((each) =>
          each === undefined ? [] : [each.stdout, each.stderr, each.summary, JSON.stringify(each.outputs)],
        ),
    ];
    return ground.secrets
      .filter((secret) => seen.some((text) => text.includes(secret)))
      .map((_secret, index) => `secret ${index} was seen`);
  },
  end(world, { scenario, first, second, cancelMs }) {
    const { beforeTerm: longest } = world.cancelPauses;
    return [
      ...(scenario.isLost === true ? [] : unclearPost(first)),
      ...unclear(second, first),
      ...(cancelMs !== undefined && cancelMs > longest ? [`main took ${cancelMs} ms after the cancel`] : []),
    ];
  },
};

/** What was told by whoever told last, held against what is so. */
function lies(who: string, { result, after, left: _ }: Attempt, before: Truth): readonly string[] {
  const outputs = { ...result.outputs, ...result.post?.outputs };
  const state = outputs['database-state'];
  const changed = !sameContent(after, before);
  const found: string[] = [];
  if (state === 'unchanged' && changed) found.push(`${who}: a false "unchanged"`);
  if (state === 'unchanged' && isOpen(after, NEXT) && outputs.status !== 'refused')
    found.push(`${who}: "unchanged" over an open row`);
  if (state === 'changed' && !changed && !isApplied(after, NEXT)) found.push(`${who}: a false "changed"`);
  if (outputs.status === 'applied' && !isApplied(after, NEXT)) found.push(`${who}: "applied", and it is not`);
  return found;
}

function unclearPost({ result, ms }: Attempt): readonly string[] {
  const { post } = result;
  if (post === undefined) return ['there was no post step'];
  return [
    ...(post.exitCode === 0
      ? []
      : [`post ended with ${post.exitCode ?? post.signal}: ${post.stdout.slice(-300)}`]),
    ...(post.stderr === '' ? [] : [`post wrote to stderr: ${post.stderr.slice(0, 300)}`]),
    ...(post.durationMs > 60_000 ? [`post took ${post.durationMs} ms`] : []),
    ...(/stopped unexpectedly/.test(post.stdout + result.stdout) ? ['the last resort spoke'] : []),
    ...(ms > 150_000 ? [`main and post took ${ms} ms`] : []),
  ];
}

/** Applied or up to date when nothing stands in the way, else refused, restored or restoring with a reason. */
function unclear({ result, after, ms }: Attempt, first: Attempt): readonly string[] {
  const { status } = result.outputs;
  const wanted = isOpen(first.after, NEXT)
    ? ['refused', 'restored', 'restoring', 'failed']
    : ['applied', 'up-to-date'];
  const found: string[] = [];
  if (!STATUSES.some((each) => each === status))
    found.push(`second: status ${status}, exit ${result.exitCode}`);
  if (!wanted.includes(status ?? '')) found.push(`second: ${status} instead of ${wanted.join(' or ')}`);
  if (!isOpen(first.after, NEXT) && !isApplied(after, NEXT)) found.push('second: not applied in the end');
  if (ms > 90_000) found.push(`second took ${ms} ms`);
  if (wanted.includes('failed') && !/What you do next/.test(result.stdout))
    found.push('second: no word of what to do next');
  return found;
}

export async function brokenInvariants(world: World, played: Played): Promise<readonly string[]> {
  const all: string[] = [];
  for (const name of Object.keys(INVARIANTS) as readonly Invariant[])
    for (const line of await checks[name](world, played)) all.push(`${name}: ${line}`);
  return all;
}
