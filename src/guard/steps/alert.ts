import { firstProblem, GuardError, problem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';

/** Sends one Slack message. A Slack that does not answer is a warning, never an outcome. */
export async function tell(guard: Guard, about: 'failure' | 'end'): Promise<void> {
  const { notifier } = guard.ports;
  const { slackOn } = guard.request;
  if (notifier === undefined || slackOn === 'never') return;
  try {
    await inTime(guard, (await notifier()).send(guard.options.voice.message(guard.run, about)));
    guard.emit({ type: 'notified', about, delivered: true });
  } catch (error) {
    guard.emit({ type: 'notified', about, delivered: false });
    guard.warn('notification-failed', { detail: firstProblem(error).detail });
  }
}

/** A cancelled main has seconds left; what Slack does not take in these, the post step sends again. */
const HURRIED_MS = 2000;

async function inTime(guard: Guard, sending: Promise<void>): Promise<void> {
  if (!guard.options.cancelled.aborted) return sending;
  const over = new AbortController();
  const late = guard.ports.clock.sleep(HURRIED_MS, over.signal).then(() => {
    throw new GuardError(problem('notification-failed', 'no answer in time for a cancelled job'));
  });
  try {
    await Promise.race([sending, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
    sending.catch(() => undefined);
  }
}
