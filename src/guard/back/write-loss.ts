import type { WriteLoss, WriteMarks } from '../../domain/going-back.ts';
import { firstProblem } from '../../domain/problem.ts';
import type { Secret } from '../../domain/secret.ts';
import { unknownLoss, writeLoss } from '../../domain/write-loss.ts';
import type { Session } from '../../ports/engine.ts';
import type { Guard } from '../context.ts';
import { guardSession } from '../observe.ts';
import { attemptStep, isPlanned } from '../step.ts';

/** What to measure against. */
export interface LossOrder {
  /** URL of production. */
  readonly url: Secret;
  /** ISO-8601 whole second: the moment of the restored database. */
  readonly since: string;
  /** Undefined when no counters were recorded then. */
  readonly marks: WriteMarks | undefined;
  /** Why the counters do not cover everything since then; undefined when they do. */
  readonly gap?: string | undefined;
}

/**
 * Tells what a cut-over would lose, as late as can be. Never throws: a production that does not answer is told, and
 * the loss is then unknown.
 */
export async function measureLoss(guard: Guard, order: LossOrder): Promise<void> {
  const measure = async (): Promise<string> => {
    const loss = await lossNow(guard, order);
    guard.emit({ type: 'write-loss', loss });
    return loss.rows === undefined
      ? `not known: ${loss.unknown ?? 'no counters'}`
      : `at most ${loss.rows} rows`;
  };
  if (isPlanned(guard, 'write-loss')) await attemptStep(guard, 'write-loss', measure);
  else await measure();
}

async function lossNow(guard: Guard, { url, since, marks, gap }: LossOrder): Promise<WriteLoss> {
  let session: Session | undefined;
  try {
    session = await guardSession(guard, url);
    const loss = writeLoss(since, marks, await session.writes());
    if (marks === undefined && gap !== undefined) return { ...loss, unknown: gap };
    return gap === undefined || loss.rows === undefined ? loss : { ...loss, rows: undefined, unknown: gap };
  } catch (error) {
    const { detail } = firstProblem(error);
    if (!guard.run.notices.some((each) => each.code === 'production-unread'))
      guard.warn('production-unread', { detail });
    return unknownLoss(since, guard.ports.clock.now(), 'production did not answer SQL');
  } finally {
    await session?.close().catch(() => undefined);
  }
}
