import type { Message } from '../domain/message.ts';

export interface Notifier {
  /** Throws `notification-failed`; the caller makes a warning of it. */
  send(message: Message): Promise<void>;
}
