import { describe, expect, test } from '@jest/globals';
import { TAG } from '../../src/domain/tags.ts';
import { hostOf } from '../fakes/cloud.ts';
import { changed } from '../fakes/database.ts';
import { fault } from '../fakes/engine.ts';
import { World, type WorldOptions } from '../fakes/world.ts';
import { HALF } from './scripts.ts';

const RESTORED = 'shop-prod-gm-r-8123-1';
const ARN = `arn:aws:rds:eu-west-1:123456789012:db:${RESTORED}`;

/** A run whose migration left half of a file behind, so that the policy asks for a restore. */
const broken = (options: WorldOptions = {}): World =>
  new World({ scripts: [HALF], splits: true, ...options });
const phaseOf = (world: World): string | undefined => world.cloud.tagsOf.get(ARN)?.[TAG.phase];

describe('the restore beside production', () => {
  test('wait-for-restore: false returns once RDS accepted it', async () => {
    const world = broken({ request: { waitForRestore: false } });
    const { status, run } = await world.play();
    expect(status).toBe('restoring');
    expect(run.restore).toMatchObject({
      identifier: RESTORED,
      status: 'creating',
      resourceId: 'db-RESTORED',
    });
    expect(phaseOf(world)).toBe('restoring');
    expect(world.notifier.messages).toEqual(['failure changed', 'end changed']);
  });

  test('refused by RDS: the failure of the migration and that of the restore are both told', async () => {
    const world = broken();
    world.cloud.faults.restoreToTime = () => fault('aws-rejected', 'InstanceQuotaExceeded');
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.problems.map((each) => each.code)).toEqual(['migration-failed', 'aws-rejected']);
    expect(run.verdict?.state).toBe('changed');
    expect(world.notifier.messages).toEqual(['failure changed', 'end changed']);
    expect(run.refused).toBe(false);
  });

  test('the log never reaches the second: restore-timeout, nothing was asked for', async () => {
    const world = broken({ request: { restoreTimeoutMs: 600_000 } });
    const start = world.clock.now();
    world.onEvent = (event) => {
      if (event.type === 'restore-point') world.cloud.lagMs = Number.POSITIVE_INFINITY;
    };
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.problems.map((each) => each.code)).toEqual(['migration-failed', 'restore-timeout']);
    expect(world.cloud.restores).toEqual([]);
    expect(world.clock.now() - start).toBeLessThan(300_000 + 600_000 + 60_000);
  });

  test('another state than that of the restore point: failed, and loud', async () => {
    const world = broken();
    world.cloud.corrupt = (image) => changed(image, { objects: { 'table public.users': null } });
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.problems.map((each) => each.code)).toEqual(['migration-failed', 'restore-mismatch']);
    expect(run.restore?.differences).toEqual(['table public.users']);
    expect(phaseOf(world)).toBe('mismatch');
  });

  test('another history than that of the restore point is a mismatch, too', async () => {
    const world = broken();
    world.cloud.corrupt = (image) => ({
      ...image,
      history: [
        { id: 'x', name: 'late', checksum: '', startedAt: 1, finishedAt: 2, rolledBackAt: null, logs: null },
      ],
    });
    const { status, run } = await world.play();
    expect([status, run.restore?.differences]).toEqual(['failed', ['history row of late']]);
  });

  test.each(['database-unreachable', 'database-authentication', 'database-tls'] as const)(
    'restored, but %s: restored and not verified',
    async (code) => {
      const world = broken();
      world.engine.refusals.set(hostOf(RESTORED), code);
      const { status, run } = await world.play();
      expect(status).toBe('restored');
      expect(run.problems.map((each) => each.code)).toEqual(['migration-failed', 'restore-unverified']);
      expect(run.restore?.differences).toBeUndefined();
      expect(run.restore?.endpoint?.address).toBe(hostOf(RESTORED));
      expect(phaseOf(world)).toBe('unverified');
    },
  );

  test('the connection is lost while it is compared: restored and not verified, never a mismatch', async () => {
    const world = broken();
    world.onEvent = (event) => {
      const restored = world.engine.databases.get(hostOf(RESTORED));
      if (event.type === 'step-intended' && event.step === 'verify-restore')
        restored?.outages.push({ from: world.clock.now(), to: Number.POSITIVE_INFINITY });
    };
    const { status, run } = await world.play();
    expect(status).toBe('restored');
    expect(run.restore?.differences).toBeUndefined();
    expect(phaseOf(world)).toBe('unverified');
  });

  test('SQL comes up after RDS calls it reachable', async () => {
    const world = broken();
    world.engine.refusals.set(hostOf(RESTORED), 'database-unreachable');
    world.onEvent = (event) => {
      if (event.type === 'restore-seen' && event.endpoint !== undefined)
        world.clock.at(world.clock.now() + 60_000, () => world.engine.refusals.clear());
    };
    const { status, run } = await world.play();
    expect([status, run.restore?.differences]).toEqual(['restored', []]);
  });

  test.each(['restore-error', 'incompatible-restore', 'storage-full'])(
    'a terminal state %s ends the wait',
    async (end) => {
      const world = broken();
      world.cloud.restoreEnds = [end, end];
      const start = world.clock.now();
      const { status, run } = await world.play();
      expect([status, run.problems.at(-1)?.code]).toEqual(['failed', 'restore-failed']);
      expect(world.clock.now() - start).toBeLessThan(1_800_000);
    },
  );

  test('restore-timeout while it is created: restoring, and said so', async () => {
    const world = broken({ request: { restoreTimeoutMs: 900_000 } });
    const { status, run } = await world.play();
    expect([status, run.problems.at(-1)?.code]).toEqual(['restoring', 'restore-timeout']);
    expect(phaseOf(world)).toBe('restoring');
  });

  test('AWS stops answering while it is created: restoring, and said so', async () => {
    const world = broken();
    world.cloud.faults.instance = (name) => (name === RESTORED ? fault('credentials-expired') : undefined);
    const { status, run } = await world.play();
    expect([status, run.problems.at(-1)?.code]).toEqual(['restoring', 'credentials-expired']);
  });

  test('a state nobody knows is waited through', async () => {
    const world = broken();
    world.cloud.restoreEnds = ['polishing', 'available'];
    expect((await world.play()).status).toBe('restored');
  });

  test('a name of the user’s own', async () => {
    const world = broken({ request: { restoredIdentifier: 'spare' } });
    const { status } = await world.play();
    expect([status, world.cloud.restores[0]?.identifier]).toEqual(['restored', 'spare']);
  });
});
