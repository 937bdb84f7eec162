import { firstProblem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';

/** Sends one Slack message. A Slack that does not answer is a warning, never an outcome. */
export async function tell(guard: Guard, about: 'failure' | 'end'): Promise<void> {
  const { notifier } = guard.ports;
  const { slackOn } = guard.request;
  if (notifier === undefined || slackOn === 'never') return;
  try {
    await (await notifier()).send(guard.options.voice.message(guard.run, about));
    guard.emit({ type: 'notified', about, delivered: true });
  } catch (error) {
    guard.emit({ type: 'notified', about, delivered: false });
    guard.warn('notification-failed', { detail: firstProblem(error).detail });
  }
}
