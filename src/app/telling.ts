import type { Event } from '../domain/event.ts';
import type { Message } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import type { Scrubber } from '../domain/scrub.ts';
import { logLine } from '../report/log.ts';
import { slack } from '../report/slack.ts';
import { scrubber } from './scrubbing.ts';

/** How a guard speaks, and what it must not say. */
export interface Telling {
  /** The one of this process. */
  readonly scrubber: Scrubber;
  readonly logLine: (event: Event, run: Run) => string | undefined;
  readonly message: (run: Run, about: 'failure' | 'end') => Message;
}

export const telling: Telling = { scrubber, logLine, message: slack };
