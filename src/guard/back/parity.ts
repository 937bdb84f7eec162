import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { isTerminal, isUsable } from '../../domain/instance-state.ts';
import { firstProblem, isProblem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';
import { waitUntil } from '../wait.ts';

/** RDS may be busy with monitoring right after a restore and refuse changes for a while (terraform: instance.go). */
const MEND_MS = 10 * 60_000;
/** A changed class or storage type can take hours, and nobody waits for that here. */
const STABLE_MS = 30 * 60_000;

/**
 * Compares a restored instance with its source, mends what one call mends, and tells the rest. It touches only the
 * restored instance, and a failure of it is a warning. Returns what still differs.
 */
export async function settleRestored(
  guard: Guard,
  source: InstanceFacts,
  restored: InstanceFacts,
): Promise<readonly SettingDifference[]> {
  let left: readonly SettingDifference[] = [];
  try {
    left = await compareSettings(guard, source, restored);
    if (left.length === 0) return left;
    const now = await (await guard.ports.fleet()).byResource(restored.resourceId, restored.identifier);
    // In `backing-up`, for hours perhaps, a change would be refused or left pending: the cut-over mends it then.
    if (now !== undefined && isUsable(now.status)) left = await mendSettings(guard, source, now);
  } catch (error) {
    guard.warn('setting-differs', {
      name: 'settings that could not be compared or mended',
      wanted: 'those of production',
      got: firstProblem(error).detail,
    });
  }
  tellDifferences(guard, left);
  return left;
}

export function tellDifferences(guard: Guard, differences: readonly SettingDifference[]): void {
  for (const { name, wanted, got, call } of differences.slice(0, 30))
    guard.warn('setting-differs', { name, wanted, got, call });
}

export async function compareSettings(
  guard: Guard,
  source: InstanceFacts,
  restored: InstanceFacts,
): Promise<readonly SettingDifference[]> {
  const differences = (await guard.ports.settings()).compare(source, restored);
  guard.emit({ type: 'parity', differences });
  return differences;
}

/** Mends what calls mend, waits until it is in force, compares again. Throws what AWS refuses. */
export async function mendSettings(
  guard: Guard,
  source: InstanceFacts,
  restored: InstanceFacts,
  may: (difference: SettingDifference) => boolean = () => true,
): Promise<readonly SettingDifference[]> {
  const before = guard.run.parity ?? (await compareSettings(guard, source, restored));
  const mendable = before.filter((each) => each.mend !== 'none' && may(each));
  if (mendable.length === 0) return before;
  const names = await mendPatiently(guard, source, restored, mendable);
  guard.emit({ type: 'mended', names });
  const now = await awaitStable(guard, restored, guard.ports.clock.now() + STABLE_MS);
  return compareSettings(guard, source, now ?? restored);
}

async function mendPatiently(
  guard: Guard,
  source: InstanceFacts,
  restored: InstanceFacts,
  differences: readonly SettingDifference[],
): Promise<readonly string[]> {
  const { clock } = guard.ports;
  const settings = await guard.ports.settings();
  let refused: unknown;
  const waited = await waitUntil<readonly string[] | undefined>({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + MEND_MS,
    look: async () => {
      try {
        return await settings.mend(source, restored, differences);
      } catch (error) {
        if (!isProblem(error, 'instance-state')) throw error;
        refused = error;
        return undefined;
      }
    },
    until: (names) => names !== undefined,
  });
  if (waited.seen === undefined) throw refused;
  return waited.seen;
}

/** AWS's own handlers call it stable when it is available and nothing is pending or being applied. */
export const isStable = ({ status, pending = [], parameterStatus }: InstanceFacts): boolean =>
  isUsable(status) && pending.length === 0 && parameterStatus !== 'applying';

/** The last description, stable or not; undefined when it is gone. */
async function awaitStable(
  guard: Guard,
  instance: InstanceFacts,
  deadline: number,
): Promise<InstanceFacts | undefined> {
  const fleet = await guard.ports.fleet();
  let looks = 0;
  const waited = await waitUntil<InstanceFacts | undefined>({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: () => fleet.byResource(instance.resourceId, instance.identifier),
    until: (seen) => {
      looks += 1;
      // Once is not enough: the status stays `available` for seconds after a change was accepted.
      return seen === undefined || isTerminal(seen.status) || (looks > 3 && isStable(seen));
    },
  });
  return waited.seen;
}
