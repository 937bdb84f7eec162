import { describe, expect, test } from '@jest/globals';
import type { EventBody } from '../../src/domain/event.ts';
import { fold } from '../../src/domain/fold.ts';
import { problem } from '../../src/domain/problem.ts';
import { emptyRun } from '../../src/domain/run.ts';
import { annotations } from '../../src/report/annotations.ts';
import { logLine } from '../../src/report/log.ts';
import { backend, identity, T0 } from './facts.ts';
import { FAILED, NAMES, run, runOf, SCENARIOS, started, timed } from './runs.ts';

describe('annotations', () => {
  test('point at the failing line', () => {
    const [first] = annotations(run('failed-changed-restored'));
    expect(first).toMatchObject({
      level: 'error',
      title: `Migration ${FAILED} failed`,
      file: `prisma/migrations/${FAILED}/migration.sql`,
      line: 4,
    });
    expect(first?.message).toContain('Production was changed');
  });

  test('of good runs there is no error', () => {
    expect(annotations(run('applied'))).toEqual([]);
    expect(annotations(run('up-to-date'))).toEqual([]);
  });

  test('every problem of a refusal is one, ten at most of each level, errors first', () => {
    const many = runOf([
      ...SCENARIOS.refused.slice(0, -1),
      ...Array.from(
        { length: 30 },
        (_, index): EventBody => ({
          type: 'notice',
          notice: {
            code: 'migration-edited',
            level: index % 2 === 0 ? 'notice' : 'warning',
            fields: { migration: NAMES[0] },
          },
        }),
      ),
      {
        type: 'refused',
        problems: Array.from({ length: 30 }, () =>
          problem('migration-unreadable', 'x', { migration: NAMES[0] }),
        ),
      },
      { type: 'run-ended', status: 'refused' },
    ]);
    const levels = annotations(many).map((each) => each.level);
    expect(levels).toEqual([
      ...Array(10).fill('error'),
      ...Array(10).fill('warning'),
      ...Array(10).fill('notice'),
    ]);
    expect(annotations(many)[1]).toMatchObject({
      file: `prisma/migrations/${NAMES[0]}/migration.sql`,
      line: 1,
    });
    expect(annotations(many)[0]?.message).toContain('Nothing was changed: the migration was not started.');
  });
});

describe('log lines', () => {
  const lines = (events: readonly EventBody[]): readonly (string | undefined)[] => {
    let state = emptyRun(identity, T0);
    return timed(events).map((event) => {
      state = fold(state, event);
      return logLine(event, state);
    });
  };

  test('carry the time since the start and one line each', () => {
    const all = lines(SCENARIOS['failed-changed-restored']).filter((each) => each !== undefined);
    expect(all[0]).toBe('   +0.0s  Guarded Migrate: deploy on shop-prod, run 8123, attempt 1');
    expect(all).toContain('   +7.0s  snapshot gm-shop-prod-8123-1: creating, 10 %');
    expect(all.join('\n')).toMatch(
      /restore to shop-prod-gm-r-8123-1 requested; this takes 25 to 45 minutes at best/,
    );
    for (const each of all) expect(each).toMatch(/^ *\+\d+\.\ds {2}\S[^\n]*$/);
  });

  test('name the blocker once in ten seconds', () => {
    const sight: EventBody = {
      type: 'blocked',
      waiting: backend({ pid: 12 }),
      blockers: [backend(), backend({ pid: 5 })],
    };
    const told = lines([...started(), ...Array.from({ length: 20 }, () => sight)])
      .slice(started().length)
      .filter((each) => each !== undefined);
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told.length).toBeLessThanOrEqual(3);
    expect(told[0]).toContain(
      'waiting for a lock (pid 12); blocked by pid 4711, user reporter, application "nightly-export", idle in transaction for 3 min 5 s: SELECT * FROM users (and 1 more)',
    );
  });

  test('every kind of event is said or silent on purpose, and never starts a workflow command', () => {
    const hostile: EventBody = { type: 'migrator-line', line: '::error::boo ##[error]boo\u001b[31m red' };
    expect(lines([...started(), hostile]).at(-1)).toMatch(
      /^ +\+15\.0s {2}prisma \| ::error::boo ## \[error\]boo red$/,
    );
    expect(lines([{ type: 'migrator-line', line: '  ' }])).toEqual([undefined]);
  });
});
