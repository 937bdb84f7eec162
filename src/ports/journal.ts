import type { Event } from '../domain/event.ts';

export interface Journal {
  readonly path: string;
  /** Written and flushed before it returns. */
  append(event: Event): void;
}
