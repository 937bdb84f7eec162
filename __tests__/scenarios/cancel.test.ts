import { describe, expect, test } from '@jest/globals';
import type { Event } from '../../src/domain/event.ts';
import { fault } from '../fakes/engine.ts';
import { World, type WorldOptions } from '../fakes/world.ts';
import { ADD_STATUS, HALF, one, SPIKE } from './scripts.ts';

interface Phase {
  readonly name: string;
  readonly when: (event: Event) => boolean;
  readonly delayMs?: number;
  readonly options?: WorldOptions;
  readonly migrated: boolean;
  readonly restores: number;
}

const long = one(SPIKE(25_000));

const phases: readonly Phase[] = [
  {
    name: 'during the first look',
    when: (event) => event.type === 'observed-project',
    migrated: false,
    restores: 0,
  },
  {
    name: 'during the second look',
    when: (event) => event.type === 'observed-target',
    migrated: false,
    restores: 0,
  },
  { name: 'when the plan is made', when: (event) => event.type === 'planned', migrated: false, restores: 0 },
  {
    name: 'while the snapshot is taken',
    when: (event) => event.type === 'snapshot-seen',
    delayMs: 90_000,
    migrated: false,
    restores: 0,
  },
  {
    name: 'in the quiet second',
    when: (event) => event.type === 'restore-point',
    migrated: false,
    restores: 0,
  },
  {
    name: 'while a statement runs',
    when: (event) => event.type === 'migrator-started',
    delayMs: 5000,
    options: { scripts: [long] },
    migrated: true,
    restores: 0,
  },
  {
    name: 'before Prisma has connected',
    when: (event) => event.type === 'migrator-started',
    migrated: true,
    restores: 0,
  },
  {
    name: 'while the log is waited for',
    when: (event) => event.type === 'step-intended' && event.step === 'restore',
    delayMs: 20_000,
    options: { scripts: [HALF], splits: true },
    migrated: true,
    restores: 0,
  },
  {
    name: 'while the restore is waited for',
    when: (event) => event.type === 'restore-requested',
    delayMs: 20_000,
    options: { scripts: [HALF], splits: true },
    migrated: true,
    restores: 1,
  },
];

describe('a cancelled job', () => {
  test.each(phases)('$name', async ({ when, delayMs = 0, options, migrated, restores }) => {
    const world = new World({ scripts: [ADD_STATUS], ...options });
    let cancelledAt = 0;
    world.onEvent = (event) => {
      if (!when(event) || cancelledAt > 0) return;
      cancelledAt = event.at + delayMs;
      if (delayMs === 0) world.cancel();
      else world.clock.at(cancelledAt, () => world.cancel());
    };
    const { status, run } = await world.play();
    expect(status).toBe('cancelled');
    expect(run.problems.map((each) => each.code)).toContain('cancelled');
    expect(world.migrator.rounds.length > 0).toBe(migrated);
    expect(world.cloud.restores).toHaveLength(restores);
    expect(world.database.backends).toEqual([]);
    expect(world.engine.opened).toBe(world.engine.closed);
    expect(world.notifier.messages.length).toBeGreaterThan(0);
    // GitHub kills a cancelled step after seven and a half seconds and two and a half more.
    expect(world.clock.now() - cancelledAt).toBeLessThan(10_000);
  });

  test('in the pause between two tries: no further try', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { snapshot: 'skip' } });
    const lockedUntil = world.clock.now() + 3_600_000;
    world.migrator.scripts = [
      one({ ...ADD_STATUS.acts[0], sql: 'ALTER TABLE orders ADD COLUMN z int', lockedUntil }),
    ];
    world.onEvent = (event) => {
      if (event.type === 'lock-retry') world.cancel();
    };
    const { status, run } = await world.play();
    expect([status, run.rounds, run.verdict?.state]).toEqual(['cancelled', 1, 'unchanged']);
  });

  test('after-command is left to the post step, which has minutes where main has seconds', async () => {
    const world = new World({ scripts: [long], request: { beforeCommand: 'on', afterCommand: 'off' } });
    for (const script of ['on', 'off']) world.commands.ends.set(script, { exitCode: 0, tail: '' });
    world.onEvent = (event) => {
      if (event.type === 'migrator-started') world.clock.at(event.at + 2000, () => world.cancel());
    };
    const { status, run } = await world.play();
    expect(status).toBe('cancelled');
    expect(world.commands.ran.map(({ script }) => script)).toEqual(['on']);
    expect(run.steps.find((each) => each.kind === 'after-command')?.state).toBe('not-reached');
  });
});

describe('an error nobody foresaw', () => {
  test('before the plan: refused', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.cloud.faults.instance = () => new TypeError('x is not a function');
    const { status, run } = await world.play();
    expect([status, run.problems.map((each) => each.code)]).toEqual(['refused', ['unexpected']]);
  });

  test('one look of the watcher that fails is no reason to stop', async () => {
    const world = new World({ scripts: [long] });
    let failed = 0;
    const activity = world.database.activity.bind(world.database);
    world.database.activity = (name) => {
      const running = world.database.backends.some((each) => each.state === 'active');
      if (running && failed < 3) {
        failed += 1;
        throw fault('database-lost');
      }
      return activity(name);
    };
    expect((await world.play()).status).toBe('applied');
    expect(failed).toBe(3);
  });

  test('in the parts that judge: unknown, told, restored; never a refusal', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { waitForRestore: false } });
    world.onEvent = (event) => {
      if (event.type === 'migrator-ended') throw new RangeError('disk full');
    };
    const { status, run } = await world.play();
    expect(status).toBe('restoring');
    expect(run.refused).toBe(false);
    expect(run.verdict).toMatchObject({ ok: false, state: 'unknown' });
    expect(world.notifier.messages[0]).toBe('failure unknown');
  });
});
