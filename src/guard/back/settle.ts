import { isHarmless } from '../../domain/breaking-settings.ts';
import { firstProblem } from '../../domain/problem.ts';
import type { Phase } from '../../domain/tags.ts';
import type { Guard } from '../context.ts';
import { tagPhase } from '../steps/snapshot.ts';
import { type Cutover, look } from './cutover.ts';
import { compareSettings, mendSettings, tellDifferences } from './parity.ts';

/**
 * After the cut-over: what neither a restore nor a rename carries is turned on, and both instances say what they are
 * now. Nothing is deleted. What fails here is told; production serves all the same.
 */
export async function settle(guard: Guard, cutover: Cutover): Promise<string> {
  const { pair, goal } = cutover;
  const seen = await look(guard, pair);
  const phases: readonly [Phase, Phase] =
    goal === 'new-serves' ? ['replaced', 'promoted'] : ['undone', 'undone'];
  await tagPhase(guard, seen.old?.arn, phases[0]);
  await tagPhase(guard, seen.new?.arn, phases[1]);
  if (goal === 'old-serves' || seen.new === undefined) return 'both instances are marked';
  try {
    const differences = await compareSettings(guard, cutover.source, seen.new);
    const left =
      differences.length === 0 ? [] : await mendSettings(guard, cutover.source, seen.new, isHarmless);
    tellDifferences(guard, left);
    return left.length === 0
      ? 'every setting is that of the old database'
      : `${left.length} settings still differ`;
  } catch (error) {
    const { detail } = firstProblem(error);
    guard.warn('setting-differs', {
      name: 'settings that could not be compared or mended',
      wanted: '-',
      got: detail,
    });
    return 'the settings could not be compared';
  }
}
