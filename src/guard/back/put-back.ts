import { firstProblem, isProblem } from '../../domain/problem.ts';
import { isRenaming } from '../../domain/promotion.ts';
import type { Guard } from '../context.ts';
import { tell } from '../steps/alert.ts';
import { type Cutover, look, notePhase } from './cutover.ts';
import { Dance } from './dance.ts';
import { verifyServing } from './identity.ts';
import { settle } from './settle.ts';

const PUT_BACK_MS = 30 * 60_000;

/**
 * The new instance could not take the name, so nobody has it: the old one gets it back. People are told at once,
 * because until then nothing serves. A cancelled job leaves it to its post step. Never throws.
 */
export async function putBack(guard: Guard, cutover: Cutover, cause: unknown): Promise<void> {
  if (cutover.goal === 'old-serves' || isProblem(cause, 'cancelled')) return;
  const { phase, outageFrom } = guard.run.promotion ?? {};
  if (phase !== 'outage' && phase !== 'taking-over') return;
  try {
    const { new: fresh } = await look(guard, cutover.pair);
    if (fresh?.identifier === cutover.pair.production || (fresh !== undefined && isRenaming(fresh))) return;
    notePhase(guard, cutover, 'outage', { outageFrom });
    await tell(guard, 'failure');
    const back: Cutover = { ...cutover, goal: 'old-serves' };
    const end = await new Dance(guard, back).until('old', PUT_BACK_MS);
    if (end.do !== 'done') return;
    await verifyServing(guard, back);
    // Or every later deploy would take it for half done.
    await settle(guard, back);
  } catch (error) {
    guard.emit({ type: 'refused', problems: [firstProblem(error)] });
  }
}
