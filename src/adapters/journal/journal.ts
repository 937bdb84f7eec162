import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Event } from '../../domain/event.ts';
import { GuardError, type Problem, problem } from '../../domain/problem.ts';
import type { Journal } from '../../ports/journal.ts';

export interface JournalOptions {
  readonly path: string;
  /**
   * Called once with `report-unwritable` when a write fails (a full disk); later events are then not written, because
   * a missing record must not stop a recovery. Without it, `append` throws that problem.
   */
  readonly onFailure?: (problem: Problem) => void;
}

/** Lets go of the file; the journal of a finished run. */
export type OpenJournal = Journal & { close(): void };

/**
 * NDJSON, one event per line, flushed to the disk before `append` returns. A file that exists is continued, also when
 * its last line was cut by a kill. Readable by its owner only.
 */
export function openJournal({ path, onFailure }: JournalOptions): OpenJournal {
  let file: number | undefined;
  let broken = false;
  const fail = (error: unknown): void => {
    const detail = error instanceof Error ? error.message : String(error);
    const unwritable = problem('report-unwritable', detail, { path, what: 'journal' });
    if (onFailure === undefined) throw new GuardError(unwritable, { cause: error });
    broken = true;
    onFailure(unwritable);
  };
  return {
    path,
    append(event: Event) {
      if (broken) return;
      try {
        file ??= openEnd(path);
        writeAll(file, Buffer.from(`${JSON.stringify(event)}\n`, 'utf8'));
        fsyncSync(file);
      } catch (error) {
        fail(error);
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
      broken = true;
    },
  };
}

function openEnd(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a+', 0o600);
  const size = fstatSync(file).size;
  if (size > 0) {
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, size - 1);
    if (last.toString() !== '\n') writeAll(file, Buffer.from('\n'));
  }
  return file;
}

/** A write may take only part of the bytes. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
