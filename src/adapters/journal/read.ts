import { readFileSync } from 'node:fs';
import type { Event } from '../../domain/event.ts';

export interface JournalContent {
  readonly events: readonly Event[];
  /** Lines that are no event: at most the last one of each process that was killed while it wrote. */
  readonly torn: number;
}

/** Undefined when there is no journal; throws when it cannot be read. */
export function readJournal(path: string): JournalContent | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const events = lines.flatMap(parsed);
  return { events, torn: lines.length - events.length };
}

function parsed(line: string): readonly Event[] {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'type' in value && 'at' in value;
    return isEvent ? [value as Event] : [];
  } catch {
    return [];
  }
}
