import type { Status } from '../../domain/event.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { Kept } from '../../domain/going-back.ts';
import { takeInventory } from '../../domain/inventory.ts';
import { type PlannedStep, stepsOnly } from '../../domain/plan.ts';
import { firstProblem, GuardError, type Problem, problem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';
import { endBadly } from '../ending.ts';
import { attemptStep } from '../step.ts';
import { tell } from '../steps/alert.ts';

/**
 * Lists what of ours is there and costs money; with `confirm` it deletes the snapshots that may go, never a database.
 * `up-to-date` when nothing may go, `planned` without `confirm`, `applied` when all of them are deleted, `failed` when
 * one is not, `refused` when it could not look. Never throws.
 */
export async function cleanup(guard: Guard): Promise<Status> {
  try {
    return await story(guard);
  } catch (error) {
    return endBadly(guard, error);
  }
}

async function story(guard: Guard): Promise<Status> {
  const { source, kept } = await look(guard);
  const going = kept.filter((each) => each.verdict === 'delete');
  announce(guard, source, going);
  if (going.length === 0) return 'up-to-date';
  if (!isConfirmed(guard)) {
    guard.emit({ type: 'step-skipped', step: 'clean', note: 'dry run: "confirm" was not given' });
    return 'planned';
  }
  const failed = await attemptStep(guard, 'clean', () => deleteAll(guard, going));
  if (failed === undefined) return 'applied';
  await tell(guard, 'failure');
  return failed.code === 'cancelled' ? 'cancelled' : 'failed';
}

/** What was typed twice must be the very same; the inputs were checked for it already. */
const isConfirmed = ({ request }: Guard): boolean =>
  request.confirm !== undefined && request.confirm === request.instance;

async function look(
  guard: Guard,
): Promise<{ readonly source: InstanceFacts; readonly kept: readonly Kept[] }> {
  const { ports, request } = guard;
  const recovery = await ports.recovery();
  const fleet = await ports.fleet();
  // Only then is it known whether the identifiers are those of clusters.
  const source = await recovery.instance(request.instance);
  const [{ snapshots, limit }, instances] = await Promise.all([recovery.snapshots(), fleet.all()]);
  if (source === undefined) {
    const { instance, region } = request;
    throw new GuardError(problem('instance-not-found', `no DB instance ${instance}`, { instance, region }));
  }
  guard.emit({
    type: 'observed-target',
    target: { instance: source, manualSnapshots: snapshots, snapshotLimit: limit },
  });
  const kept = takeInventory({ source, snapshots, instances }, request.snapshotKeep, ports.clock.now());
  guard.emit({ type: 'inventory', kept });
  return { source, kept };
}

function announce(guard: Guard, source: InstanceFacts, going: readonly Kept[]): void {
  const many = going.length === 1 ? 'the snapshot' : `${going.length} snapshots:`;
  const step: PlannedStep = {
    kind: 'clean',
    when: 'always',
    title: `Delete ${many} ${going.map((each) => each.identifier).join(', ')}`,
  };
  guard.emit({
    type: 'planned',
    plan: stepsOnly(going.length === 0 ? [] : [step], { sourceTags: source.tags }),
  });
}

/** One by one; what AWS refuses does not stop the rest and is told for each. */
async function deleteAll(guard: Guard, going: readonly Kept[]): Promise<string> {
  const recovery = await guard.ports.recovery();
  const problems: Problem[] = [];
  for (const { identifier } of going) {
    if (guard.options.cancelled.aborted) {
      problems.unshift(problem('cancelled', `cancelled before ${identifier} was deleted`));
      break;
    }
    try {
      await recovery.deleteSnapshot(identifier);
      guard.emit({ type: 'deleted', identifier });
    } catch (error) {
      const said = firstProblem(error);
      problems.push(problem(said.code, said.detail, { ...said.fields, snapshot: identifier }));
      if (ENDS_ALL.has(said.code)) break;
    }
  }
  if (problems.length > 0) throw new GuardError(problems);
  return going.length === 1 ? '1 snapshot deleted' : `${going.length} snapshots deleted`;
}

/** The next call would fail for the same reason. */
const ENDS_ALL: ReadonlySet<string> = new Set(['credentials-expired', 'credentials-missing']);
