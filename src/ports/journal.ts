import type { Event } from '../domain/event.ts';

/** What happened, for a process that comes later (docs/journal.md). */
export interface Journal {
  /** Of the NDJSON file; empty when there is none. */
  readonly path: string;
  /** Written and flushed before it returns. A disk that takes nothing is told once; nothing is thrown. */
  append(event: Event): void;
}
