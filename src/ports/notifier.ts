import type { Message } from '../domain/message.ts';

export type { Message };

export interface Notifier {
  /** Throws `notification-failed`; the caller makes a warning of it. */
  send(message: Message): Promise<void>;
}
