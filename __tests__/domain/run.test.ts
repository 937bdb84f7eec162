import { describe, expect, test } from '@jest/globals';
import { fold } from '../../src/domain/fold.ts';
import { reportedState } from '../../src/domain/outcome.ts';
import { emptyRun, type Run } from '../../src/domain/run.ts';
import { identity, World } from '../fakes/world.ts';
import { HALF } from '../scenarios/scripts.ts';

const replay = (world: World): Run => world.events.reduce(fold, emptyRun(identity, world.events[0]?.at ?? 0));

describe('the fold', () => {
  test('events read back from their JSON rebuild the very same run', async () => {
    const world = new World({ scripts: [HALF], splits: true });
    const { run } = await world.play();
    const read = world.events.map((event) => JSON.parse(JSON.stringify(event)));
    const rebuilt = read.reduce(fold, emptyRun(identity, world.events[0]?.at ?? 0));
    expect(JSON.parse(JSON.stringify({ ...rebuilt, startedAt: 0 }))).toEqual(
      JSON.parse(JSON.stringify({ ...run, startedAt: 0 })),
    );
    expect(rebuilt.status).toBe('restored');
  });

  test('is pure: no event changes what was there before', async () => {
    const world = new World({ scripts: [HALF], splits: true });
    await world.play();
    let run = emptyRun(identity, 0);
    for (const event of world.events) {
      const frozen = JSON.stringify(run);
      const next = fold(run, event);
      expect(JSON.stringify(run)).toBe(frozen);
      run = next;
    }
    expect(run.problems).toEqual(replay(world).problems);
  });

  test('a later problem never hides an earlier one', () => {
    const problem = (detail: string) => ({ code: 'unexpected', detail, fields: {} }) as const;
    const run = [
      { at: 1, type: 'step-failed', step: 'migrate', problem: problem('first') } as const,
      { at: 2, type: 'refused', problems: [problem('second'), problem('third')] } as const,
    ].reduce(fold, emptyRun(identity, 0));
    expect(run.problems.map((each) => each.detail)).toEqual(['first', 'second', 'third']);
  });

  test('a restore that was never requested is not invented', () => {
    const seen = {
      at: 1,
      type: 'restore-seen',
      status: 'available',
      endpoint: undefined,
      resourceId: 'x',
    } as const;
    const verified = { at: 2, type: 'restore-verified', differences: [] } as const;
    expect([seen, verified].reduce(fold, emptyRun(identity, 0)).restore).toBeUndefined();
  });
});

describe('the state that is reported', () => {
  const verdict = {
    ok: false,
    state: 'changed',
    applied: [],
    failedMigration: undefined,
    error: undefined,
    statement: undefined,
    evidence: [],
    openRow: false,
    retryable: false,
  } as const;
  const restore = {
    identifier: 'r',
    arn: 'a',
    resourceId: 'i',
    status: 'available',
    endpoint: undefined,
  } as const;
  test.each<[string, Partial<Run>, string]>([
    ['nothing began', {}, 'unchanged'],
    ['began, and nobody judged', { rounds: 1 }, 'unknown'],
    ['judged', { rounds: 1, verdict }, 'changed'],
    [
      'restored, not compared',
      { rounds: 1, verdict, restore: { ...restore, differences: undefined } },
      'changed',
    ],
    [
      'restored, and it differs',
      { rounds: 1, verdict, restore: { ...restore, differences: ['x'] } },
      'changed',
    ],
    ['restored, and equal', { rounds: 1, verdict, restore: { ...restore, differences: [] } }, 'restored'],
  ])('%s', (_name, change, expected) => {
    expect(reportedState({ ...emptyRun(identity, 0), ...change })).toBe(expected);
  });
});
