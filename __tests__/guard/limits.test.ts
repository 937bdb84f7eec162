import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EventBody } from '../../src/domain/event.ts';
import type { Activity, Backend } from '../../src/domain/facts.ts';
import type { Guard } from '../../src/guard/context.ts';
import { Limits } from '../../src/guard/limits.ts';
import type { Interventions } from '../../src/ports/engine.ts';

const backend = (change: Partial<Backend> = {}): Backend => ({
  pid: 12,
  applicationName: '',
  user: 'app',
  state: 'active',
  query: 'ALTER TABLE orders ADD COLUMN note text',
  waiting: null,
  ageMs: 0,
  blockedBy: [],
  ...change,
});

const activity = (ours: readonly Backend[], holders: readonly Backend[] = ours): Activity => ({
  ours,
  blockers: [],
  advisoryLockHolders: holders,
});

const WAITING = 'Waiting for table metadata lock';

describe('limits that the watcher keeps', () => {
  let told: EventBody[];
  let guard: Guard;

  beforeEach(() => {
    told = [];
    guard = {
      request: { statementTimeoutMs: 30_000, lockTimeoutMs: 5000 },
      options: { identity: { runId: '1', attempt: '1' } },
      emit: (event: EventBody) => told.push(event),
    } as unknown as Guard;
  });

  test('PostgreSQL keeps its own', () => {
    const limits = new Limits(guard, undefined);
    expect(limits.overdue(activity([backend({ ageMs: 99_000 })]), 0)).toBeUndefined();
    expect(limits.isLockTaken(activity([], [backend()]), 60_000)).toBe(false);
  });

  test('a statement is overdue when its age reaches the limit, not before', () => {
    const limits = new Limits(guard, 'mysql');
    expect(limits.overdue(activity([backend({ ageMs: 29_999 })]), 0)).toBeUndefined();
    expect(limits.overdue(activity([backend({ ageMs: 30_000 })]), 1)?.limit).toBe('statement-timeout');
  });

  test('an idle session is never overdue', () => {
    const limits = new Limits(guard, 'mysql');
    const idle = backend({ state: 'idle', query: null, ageMs: 900_000 });
    expect(limits.overdue(activity([idle]), 0)).toBeUndefined();
  });

  test('a wait for a lock counts from when it was seen, so that a long copy before it does not', () => {
    const limits = new Limits(guard, 'mysql');
    const copying = backend({ ageMs: 20_000 });
    expect(limits.overdue(activity([copying]), 0)).toBeUndefined();
    const waits = { ...copying, waiting: WAITING };
    expect(limits.overdue(activity([waits]), 1000)).toBeUndefined();
    expect(limits.overdue(activity([waits]), 5999)).toBeUndefined();
    expect(limits.overdue(activity([waits]), 6000)?.limit).toBe('lock-timeout');
  });

  test('a wait that ended and began again starts from zero', () => {
    const limits = new Limits(guard, 'mysql');
    const waits = backend({ waiting: WAITING });
    expect(limits.overdue(activity([waits]), 0)).toBeUndefined();
    expect(limits.overdue(activity([backend()]), 3000)).toBeUndefined();
    expect(limits.overdue(activity([waits]), 4000)).toBeUndefined();
    expect(limits.overdue(activity([waits]), 8999)).toBeUndefined();
    expect(limits.overdue(activity([waits]), 9000)?.limit).toBe('lock-timeout');
  });

  test('the statement is cancelled at every look, and told once', async () => {
    const limits = new Limits(guard, 'mysql');
    const stops: string[] = [];
    const intervene = { stop: async (_: string, how: string) => stops.push(how) } as unknown as Interventions;
    const late = { limit: 'statement-timeout', backend: backend({ ageMs: 31_000 }) } as const;
    await limits.enforce(intervene, late);
    await limits.enforce(intervene, late);
    expect(stops).toEqual(['cancel', 'cancel']);
    expect(told).toEqual([{ type: 'limit-enforced', limit: 'statement-timeout', backend: late.backend }]);
  });

  test('a stranger with Prisma’s lock is given four seconds, for Prisma goes on without it after ten', () => {
    const limits = new Limits(guard, 'mysql');
    const stranger = activity([], [backend({ pid: 77 })]);
    expect(limits.isLockTaken(stranger, 0)).toBe(false);
    expect(limits.isLockTaken(stranger, 3999)).toBe(false);
    expect(limits.isLockTaken(stranger, 4000)).toBe(true);
  });

  test('our own lock is no stranger, and one that left is forgotten', () => {
    const limits = new Limits(guard, 'mysql');
    expect(limits.isLockTaken(activity([], [backend({ pid: 77 })]), 0)).toBe(false);
    expect(limits.isLockTaken(activity([backend()]), 3000)).toBe(false);
    expect(limits.isLockTaken(activity([], [backend({ pid: 78 })]), 4000)).toBe(false);
  });
});
