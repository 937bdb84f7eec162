/** Looks into the journal of a running step from outside. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Event } from '../src/domain/event.ts';
import type { Moment } from './scenario.ts';

const PACE_MS = 2;

export const journalFiles = (temp: string): readonly string[] =>
  !existsSync(temp)
    ? []
    : readdirSync(temp)
        .filter((name) => name.startsWith('guarded-migrate-'))
        .map((name) => join(temp, name, 'journal.ndjson'))
        .filter((file) => existsSync(file));

export const eventsIn = (file: string): readonly Event[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Event];
      } catch {
        return [];
      }
    });

interface Watch {
  readonly temp: string;
  readonly pid: number;
  readonly moment: Exclude<Moment, { readonly ms: number }>;
  readonly over: AbortSignal;
}

/** Calls `act` once, as soon as the journal of process `pid` is there; gives up when `over` fires. */
export async function afterEvent({ temp, pid, moment, over }: Watch, act: () => void): Promise<void> {
  let text = '';
  let offset = 0;
  while (!over.aborted) {
    const file = journalFiles(temp).find((each) => each.includes(`-${pid}/`));
    if (file !== undefined) {
      const fresh = tail(file, offset);
      offset += fresh.length;
      text += Buffer.from(fresh).toString('latin1');
      const lines = text.split('\n').slice(0, -1);
      const reached =
        'event' in moment
          ? lines.length >= moment.event
          : lines.some(
              (line) => line.includes(`"type":"${moment.type}"`) && line.includes(moment.text ?? ''),
            );
      if (reached) {
        if ('plusMs' in moment) await pause(moment.plusMs);
        return act();
      }
    }
    await pause(PACE_MS);
  }
}

function tail(file: string, offset: number): Uint8Array {
  const size = statSync(file).size - offset;
  if (size <= 0) return new Uint8Array();
  const bytes = Buffer.alloc(size);
  const open = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(open, bytes, 0, size, offset));
  } finally {
    closeSync(open);
  }
}
