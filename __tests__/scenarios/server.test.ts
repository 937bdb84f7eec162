import { describe, expect, test } from '@jest/globals';
import { changed } from '../fakes/database.ts';
import { World, type WorldOptions } from '../fakes/world.ts';
import { ADD_STATUS, BACKFILL, HALF, one, SPIKE } from './scripts.ts';

/** Skips the snapshot: the migration starts two to three seconds after the first look. */
const quick = (options: WorldOptions): World =>
  new World({ ...options, request: { snapshot: 'skip', waitForRestore: false, ...options.request } });

const locked = (world: World, ms: number): void => {
  const until = world.clock.now() + ms;
  world.migrator.scripts = world.migrator.scripts.map((script) => ({
    ...script,
    acts: script.acts.map((act, index) => (index === 0 ? { ...act, lockedUntil: until } : act)),
  }));
};

describe('locks', () => {
  test.each([false, true])(
    'a lock that is let go: tried again with growing pauses, then applied (split %p)',
    async (splits) => {
      const world = quick({ scripts: [ADD_STATUS], splits });
      locked(world, 16_000);
      const { status, run, events } = await world.play();
      expect(status).toBe('applied');
      const pauses = events.flatMap((each) => (each.type === 'lock-retry' ? [each.pauseMs] : []));
      expect(pauses).toHaveLength(2);
      for (const [index, pause] of pauses.entries()) {
        expect(pause).toBeGreaterThanOrEqual(1000 * 2 ** index);
        expect(pause).toBeLessThanOrEqual(3000 * 2 ** index);
      }
      expect(run.rounds).toBe(3);
      expect(run.markedRolledBack).toEqual([ADD_STATUS.name, ADD_STATUS.name]);
      expect(run.blocked[0]?.blockers.map((each) => each.applicationName)).toEqual(['nightly-export']);
      expect(run.problems).toEqual([]);
    },
  );

  test('a lock that stays: given up after lock-retries, unchanged, not restored', async () => {
    const world = quick({ scripts: [ADD_STATUS], request: { lockRetries: 2 } });
    locked(world, 3_600_000);
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.rounds).toBe(3);
    expect(run.verdict).toMatchObject({ state: 'unchanged', retryable: true, error: { code: '55P03' } });
    expect(run.markedRolledBack).toHaveLength(3);
    expect(world.cloud.restores).toEqual([]);
  });

  test('lock-retries: 0 tries once', async () => {
    const world = quick({ scripts: [ADD_STATUS], request: { lockRetries: 0 } });
    locked(world, 3_600_000);
    expect((await world.play()).run.rounds).toBe(1);
  });

  test('a resolve that fails ends the retries: the next deploy would meet P3009', async () => {
    const world = quick({ scripts: [ADD_STATUS] });
    locked(world, 3_600_000);
    world.migrator.resolveFails = true;
    const { status, run } = await world.play();
    expect([status, run.rounds]).toEqual(['failed', 1]);
  });

  test('a deadlock is tried again, too', async () => {
    const deadlock = { code: '40P01', message: 'deadlock detected' };
    const world = quick({
      scripts: [one({ sql: 'ALTER TABLE orders ADD COLUMN x int', ms: 1200, error: deadlock })],
    });
    world.onEvent = (event) => {
      if (event.type === 'lock-retry')
        world.migrator.scripts = world.migrator.scripts.map((script) => ({
          ...script,
          acts: ADD_STATUS.acts,
        }));
    };
    const { status, run } = await world.play();
    expect([status, run.rounds]).toEqual(['applied', 2]);
  });

  test('split: rows written before the statement that met the lock are never called unchanged', async () => {
    // A lock-timeout shorter than the watcher's pace: it saw the first statement last, not the one that failed.
    const until = 3_600_000;
    const world = quick({ scripts: [], splits: true, request: { lockTimeoutMs: 500 } });
    world.migrator.scripts = [
      {
        name: '20260104000000_two',
        acts: [
          SPIKE(2500),
          { sql: 'ALTER TABLE orders ADD COLUMN y int', lockedUntil: world.clock.now() + until },
        ],
      },
    ];
    const { run } = await world.play();
    expect(run.verdict?.state).not.toBe('unchanged');
    expect(run.rounds).toBe(1);
  });
});

describe('stopping', () => {
  test('migration-timeout: the backend is cancelled, then the group ends, and nothing is left', async () => {
    const world = quick({
      scripts: [one({ sql: 'SELECT pg_sleep(86400)', ms: Number.POSITIVE_INFINITY })],
      request: { migrationTimeoutMs: 60_000, statementTimeoutMs: 0 },
    });
    const { status, run, events } = await world.play();
    expect(status).toBe('failed');
    expect(run.stopReason).toBe('migration-timeout');
    expect(run.problems.map((each) => each.code)).toEqual(['migration-timeout']);
    expect(run.verdict?.state).toBe('unchanged');
    expect(run.verdict?.error?.message).toContain('migration-timeout passed');
    expect(world.engine.calls).toContain('stop cancel');
    expect(world.engine.calls).not.toContain('stop terminate');
    expect(world.database.backends).toEqual([]);
    const stopping = events.find((each) => each.type === 'stopping')?.at ?? 0;
    const began = events.find((each) => each.type === 'migrator-started')?.at ?? 0;
    expect(stopping - began).toBeGreaterThanOrEqual(60_000);
    expect(stopping - began).toBeLessThan(62_000);
  });

  test('a backend deaf to cancel is terminated', async () => {
    const world = quick({
      scripts: [one({ sql: 'SELECT pg_sleep(86400)', ms: Number.POSITIVE_INFINITY })],
      request: { migrationTimeoutMs: 10_000, statementTimeoutMs: 0 },
    });
    world.database.deafToCancel = true;
    const { run } = await world.play();
    expect(world.engine.calls).toContain('stop terminate');
    expect(world.database.backends).toEqual([]);
    expect(run.verdict?.ok).toBe(false);
  });

  test('a CLI that hangs after its work is ended, and the run is good', async () => {
    const world = quick({ scripts: [ADD_STATUS] });
    world.migrator.hangs = true;
    const { status, run } = await world.play();
    expect([status, run.stopReason, world.migrator.killed]).toEqual(['applied', 'cli-hung', 1]);
    expect(run.migrationMs).toBeLessThan(15_000);
  });

  test('BEGIN without COMMIT exits 0 with nothing done: failed, unchanged', async () => {
    const world = quick({
      // Whoever does not let the hazard refuse it still gets the verdict.
      request: { failOn: 'never' },
      scripts: [{ name: '20260105000000_open', acts: [{ sql: 'BEGIN' }, ...ADD_STATUS.acts] }, BACKFILL],
    });
    const { status, run } = await world.play();
    expect(run.migrator?.exitCode).toBe(0);
    expect(status).toBe('failed');
    expect(run.verdict).toMatchObject({ ok: false, applied: [], openRow: true });
    expect(run.verdict?.error?.message).toContain('never commits');
    expect(world.database.image.objects['column public.orders.status']).toBeUndefined();
  });

  test('a file that ends in ROLLBACK is recorded as applied and did nothing: failed, and not called unchanged', async () => {
    const world = quick({
      request: { failOn: 'never' },
      scripts: [
        { name: '20260105000000_undone', acts: [{ sql: 'BEGIN' }, ...ADD_STATUS.acts, { sql: 'ROLLBACK' }] },
      ],
    });
    const { status, run } = await world.play();
    expect(run.migrator?.exitCode).toBe(0);
    expect(status).toBe('restoring');
    expect(run.verdict).toMatchObject({ ok: false, state: 'changed' });
  });

  test('the remains of a failed CREATE INDEX CONCURRENTLY are removed, and it is judged again', async () => {
    const sql = 'CREATE UNIQUE INDEX CONCURRENTLY users_mail_key ON users (mail)';
    const leaves = {
      invalid: 'public.users_mail_key',
      objects: { 'index public.users_mail_key': 'invalid' },
    };
    const error = { code: '23505', message: 'could not create unique index "users_mail_key"' };
    const world = quick({ scripts: [one({ sql, ms: 3000, error, leaves })] });
    const { status, run } = await world.play();
    expect(run.leftovers).toEqual(['public.users_mail_key']);
    expect([status, run.verdict?.state]).toEqual(['failed', 'unchanged']);
    expect(world.database.image.invalid).toEqual([]);
    expect(world.cloud.restores).toEqual([]);
  });
});

describe('the database goes away', () => {
  test('for good, while the migration runs: unknown, told, and a restore is asked for', async () => {
    const world = quick({ scripts: [one(SPIKE(20_000))] });
    world.outage(world.clock.now() + 8000, Number.POSITIVE_INFINITY);
    const { status, run } = await world.play();
    expect(run.verdict).toMatchObject({ ok: false, state: 'unknown' });
    expect(status).toBe('restoring');
    expect(world.notifier.messages[0]).toBe('failure unknown');
  });

  test('right after the last statement: unknown, although Prisma said success', async () => {
    const world = quick({ scripts: [ADD_STATUS] });
    world.onEvent = (event) => {
      if (event.type === 'migrator-ended') world.outage(world.clock.now(), Number.POSITIVE_INFINITY);
    };
    const { status, run } = await world.play();
    expect(run.migrator?.exitCode).toBe(0);
    expect([status, run.verdict?.state]).toEqual(['restoring', 'unknown']);
  });

  test('for ten seconds, after the work: asked again until it answers', async () => {
    const world = quick({ scripts: [ADD_STATUS] });
    world.onEvent = (event) => {
      if (event.type === 'migrator-ended') world.outage(world.clock.now(), world.clock.now() + 10_000);
    };
    expect((await world.play()).status).toBe('applied');
  });

  test('a crash in the middle of a split file sets the counters to zero: rows that stay are not called unchanged', async () => {
    const world = quick({
      scripts: [
        {
          name: '20260106000000_rows',
          acts: [SPIKE(500), { sql: 'UPDATE orders SET x = 1', ms: 20_000, change: { rows: ['orders'] } }],
        },
      ],
      splits: true,
    });
    // Every counter was zero before, as after a restore or an upgrade.
    for (const table of Object.keys(world.database.counters))
      world.database.counters[table] = { inserted: 0, updated: 0, deleted: 0, file: '1' };
    world.outage(world.clock.now() + 8000, world.clock.now() + 15_000, true);
    const { run } = await world.play();
    expect(world.database.image.rows.users).toBe(11);
    expect(run.verdict?.state).toBe('unknown');
  });

  test('DROP and CREATE of the same table, then a failure: the schema is the same, the rows are gone', async () => {
    const table = (definition: string | null, sql: string) => ({
      sql,
      change: { objects: { 'table public.orders': definition }, rows: ['orders'] },
    });
    const world = quick({
      scripts: [
        {
          name: '20260107000000_again',
          acts: [
            table(null, 'DROP TABLE orders'),
            table('id int', 'CREATE TABLE orders (id int)'),
            ...HALF.acts.slice(1),
          ],
        },
      ],
      splits: true,
    });
    const { run } = await world.play();
    expect(run.verdict?.state).not.toBe('unchanged');
  });

  test('a migration that empties the history is not called unchanged', async () => {
    const world = quick({ scripts: [HALF] });
    world.database.history(
      () => [
        { id: 'a', name: 'old', checksum: '', startedAt: 1, finishedAt: 2, rolledBackAt: null, logs: null },
      ],
      'application',
    );
    world.onEvent = (event) => {
      if (event.type === 'migrator-ended')
        world.database.commit('application', { ...changed(world.database.image, {}), history: null });
    };
    const { run } = await world.play();
    expect(run.verdict?.state).toBe('changed');
  });
});
