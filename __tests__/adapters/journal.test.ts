import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openJournal } from '../../src/adapters/journal/journal.ts';
import { readJournal } from '../../src/adapters/journal/read.ts';
import type { Event } from '../../src/domain/event.ts';
import { type Problem, problemsOf } from '../../src/domain/problem.ts';

const event = (at: number, note = 'ü\n"x"'): Event => ({ at, type: 'step-done', step: 'snapshot', note });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gm-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the journal', () => {
  test('gives back what was appended, also by another process later', () => {
    const path = join(folder, 'deep', 'run.ndjson');
    const first = openJournal({ path });
    first.append(event(1));
    first.append(event(2));
    first.close();
    const second = openJournal({ path });
    second.append(event(3));
    second.close();
    expect(readJournal(path)).toEqual({ events: [event(1), event(2), event(3)], torn: 0 });
  });

  test('is on the disk when append returns, one line per event', () => {
    const journal = openJournal({ path: join(folder, 'run.ndjson') });
    journal.append(event(1));
    expect(readFileSync(journal.path, 'utf8')).toBe(`${JSON.stringify(event(1))}\n`);
    journal.close();
  });

  test('is readable by its owner only', () => {
    const journal = openJournal({ path: join(folder, 'run.ndjson') });
    journal.append(event(1));
    journal.close();
    expect(statSync(journal.path).mode & 0o077).toBe(0);
  });

  test('goes on after a line that a kill cut short', () => {
    const path = join(folder, 'run.ndjson');
    const first = openJournal({ path });
    first.append(event(1));
    first.close();
    appendFileSync(path, '{"at":2,"type":"step-do');
    const second = openJournal({ path });
    second.append(event(3));
    second.close();
    expect(readJournal(path)).toEqual({ events: [event(1), event(3)], torn: 1 });
  });

  test('that is not there is undefined', () => {
    expect(readJournal(join(folder, 'none'))).toBeUndefined();
  });

  test('that cannot be written throws report-unwritable', () => {
    const journal = openJournal({ path: folder });
    let problems: readonly Problem[] = [];
    try {
      journal.append(event(1));
    } catch (error) {
      problems = problemsOf(error);
    }
    expect(problems).toMatchObject([{ code: 'report-unwritable', fields: { path: folder } }]);
  });

  test('that cannot be written tells it once, and the run goes on', () => {
    const told: Problem[] = [];
    const journal = openJournal({ path: folder, onFailure: (problem) => told.push(problem) });
    journal.append(event(1));
    journal.append(event(2));
    expect(told).toHaveLength(1);
  });
});
