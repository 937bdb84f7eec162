import { describe, expect, test } from '@jest/globals';
import { isOpen } from '../../src/domain/history.ts';
import { TAG } from '../../src/domain/tags.ts';
import { fault } from '../fakes/engine.ts';
import { World } from '../fakes/world.ts';
import { ADD_STATUS, BACKFILL, HALF, one, SPIKE } from './scripts.ts';

const SNAPSHOT = 'arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-8123-1';
const RESTORED = 'shop-prod-gm-r-8123-1';

describe('a failure that left nothing behind', () => {
  test('is unchanged, marked rolled back, told once, not restored; after-command runs once', async () => {
    const world = new World({ scripts: [HALF], request: { afterCommand: 'off' } });
    world.commands.ends.set('off', { exitCode: 0, tail: '' });
    const before = world.database.snapshot();
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.verdict).toMatchObject({
      ok: false,
      state: 'unchanged',
      failedMigration: HALF.name,
      error: { code: '23505', message: 'could not create unique index "users_mail_key"' },
      statement: { line: 2, foundBy: 'named', path: `prisma/migrations/${HALF.name}/migration.sql` },
      openRow: true,
      retryable: false,
    });
    expect(world.migrator.resolved).toEqual([HALF.name]);
    expect(world.database.image.history?.filter(isOpen)).toEqual([]);
    expect(world.database.snapshot().fingerprint).toEqual(before.fingerprint);
    expect(world.cloud.restores).toEqual([]);
    expect(world.cloud.tagsOf.get(SNAPSHOT)?.[TAG.phase]).toBe('unchanged');
    expect(world.commands.ran.map(({ environment }) => environment.GUARDED_MIGRATE_DATABASE_STATE)).toEqual([
      'unchanged',
    ]);
    expect(world.notifier.messages).toEqual(['failure unchanged']);
    expect(run.steps.filter((each) => each.state === 'skipped').map((each) => each.kind)).toEqual([
      'restore',
      'wait-restore',
      'verify-restore',
    ]);
    expect(run.problems.map((each) => each.code)).toEqual(['migration-failed']);
  });

  test('restore-always restores all the same', async () => {
    const world = new World({ scripts: [HALF], request: { onFailure: 'restore-always' } });
    const { status } = await world.play();
    expect(status).toBe('restored');
    expect(world.cloud.restores).toHaveLength(1);
  });

  test('a resolve that fails is a warning and changes no verdict', async () => {
    const world = new World({ scripts: [HALF] });
    world.migrator.resolveFails = true;
    const { status, run } = await world.play();
    expect([status, run.verdict?.state, run.notices.map((each) => each.code)]).toEqual([
      'failed',
      'unchanged',
      ['resolve-failed'],
    ]);
  });

  test('a file with its own BEGIN and COMMIT: the hidden error is found again', async () => {
    const script = {
      name: '20260103000000_wrapped',
      acts: [{ sql: 'BEGIN' }, ...HALF.acts, { sql: 'COMMIT' }],
    };
    const world = new World({ scripts: [script], splits: true });
    world.engine.replayed = {
      index: 1,
      code: '23505',
      message: 'could not create unique index "users_mail_key"',
    };
    const { status, run } = await world.play();
    expect([status, run.verdict?.state]).toEqual(['failed', 'unchanged']);
    expect(run.verdict?.error?.code).toBe('23505');
    expect(run.verdict?.statement).toMatchObject({ line: 3, foundBy: 'replayed' });
  });

  test('a statement that runs into statement_timeout', async () => {
    const world = new World({ scripts: [one(SPIKE(90_000))] });
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.verdict).toMatchObject({ state: 'unchanged', error: { code: '57014' }, retryable: false });
    expect(run.rounds).toBe(1);
  });
});

describe('a failure that left something behind', () => {
  test('is told before it is restored; the log is waited for; the restore is exact and verified', async () => {
    const world = new World({ scripts: [ADD_STATUS, HALF] });
    const { status, run, events } = await world.play();
    expect(status).toBe('restored');
    expect(run.verdict).toMatchObject({
      state: 'changed',
      applied: [ADD_STATUS.name],
      failedMigration: HALF.name,
    });
    expect(run.restore?.differences).toEqual([]);
    const [spec] = world.cloud.restores;
    expect(spec?.identifier).toBe(RESTORED);
    expect(spec?.time).toBe(run.restorePoint?.time);
    expect(spec?.tags).toEqual({
      team: 'shop',
      'managed-by': 'guarded-migrate',
      [TAG.run]: '8123-1',
      [TAG.repository]: 'acme/shop',
      [TAG.sha]: 'c0ffee12',
      [TAG.sourceResourceId]: 'db-SOURCE',
      [TAG.restoreTime]: run.restorePoint?.time,
      [TAG.phase]: 'restoring',
    });
    expect(world.notifier.messages).toEqual(['failure changed', 'end changed']);
    const at = (type: string): number => events.findIndex((each) => each.type === type);
    expect(at('notified')).toBeGreaterThan(at('verdict'));
    expect(at('notified')).toBeLessThan(at('restore-requested'));
    // LatestRestorableTime is 150 s behind; the restore cannot have been asked for earlier.
    const asked = events[at('restore-requested')]?.at ?? 0;
    expect(asked - Date.parse(spec?.time ?? '')).toBeGreaterThan(150_000);
    expect(world.cloud.tagsOf.get(`arn:aws:rds:eu-west-1:123456789012:db:${RESTORED}`)?.[TAG.phase]).toBe(
      'restored',
    );
    expect(world.cloud.tagsOf.get(SNAPSHOT)?.[TAG.phase]).toBe('failed');
    expect(world.migrator.resolved).toEqual([]);
    expect(world.engine.opened).toBe(world.engine.closed);
    expect(world.database.image.objects['column public.orders.status']).toBe('text');
  });

  test('Prisma 7.4: half a file stays, and that is seen in the schema', async () => {
    const world = new World({ scripts: [HALF], splits: true });
    const { status, run } = await world.play();
    expect(status).toBe('restored');
    expect(run.verdict?.state).toBe('changed');
    expect(run.verdict?.evidence.join()).toContain('table public.coupons');
  });

  test('Prisma 7.4: rows of an earlier statement stay, and no schema shows it', async () => {
    const script = { name: '20260103000000_rows', acts: [SPIKE(200), ...HALF.acts.slice(1)] };
    const world = new World({ scripts: [script], splits: true });
    const { status, run } = await world.play();
    expect(run.verdict?.state).not.toBe('unchanged');
    expect(status).toBe('restored');
  });

  test('on-failure: alert touches nothing', async () => {
    const world = new World({ scripts: [HALF], splits: true, request: { onFailure: 'alert' } });
    const { status } = await world.play();
    expect(status).toBe('failed');
    expect(world.cloud.restores).toEqual([]);
    expect(world.notifier.messages).toEqual(['failure changed']);
  });

  test('a Slack that does not answer stops nothing', async () => {
    const world = new World({ scripts: [HALF], splits: true });
    world.notifier.down = true;
    const { status, run } = await world.play();
    expect(status).toBe('restored');
    expect(
      run.notices.map((each) => each.code).filter((code) => code === 'notification-failed'),
    ).toHaveLength(2);
  });
});

describe('commands and snapshots that fail', () => {
  test('verify-command says no: the run failed, the database is changed, a restore follows', async () => {
    const world = new World({
      scripts: [ADD_STATUS],
      request: { verifyCommand: 'smoke', afterCommand: 'off' },
    });
    world.commands.ends.set('smoke', { exitCode: 7, tail: 'GET / gave 500' });
    world.commands.ends.set('off', { exitCode: 0, tail: '' });
    const { status, run } = await world.play();
    expect(status).toBe('restored');
    expect(run.verdict).toMatchObject({ ok: false, state: 'changed', applied: [ADD_STATUS.name] });
    expect(run.problems.map((each) => each.code)).toEqual(['command-failed']);
    expect(world.commands.ran.map(({ script }) => script)).toEqual(['smoke', 'off']);
  });

  test('before-command fails: no migration, after-command all the same', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { beforeCommand: 'on', afterCommand: 'off' } });
    world.commands.ends.set('on', { exitCode: 1, tail: 'cannot reach the load balancer' });
    world.commands.ends.set('off', { exitCode: 0, tail: '' });
    const { status, run } = await world.play();
    expect(status).toBe('failed');
    expect(run.problems.map((each) => each.code)).toEqual(['command-failed']);
    expect(world.migrator.rounds).toEqual([]);
    expect(world.commands.ran.map(({ script }) => script)).toEqual(['on', 'off']);
    expect(world.notifier.messages).toEqual(['failure none']);
    expect(run.refused).toBe(false);
  });

  type Break = (cloud: World['cloud']) => void;
  const breaks: readonly (readonly [string, Break, string])[] = [
    [
      'is denied',
      (cloud) => Object.assign(cloud.faults, { createSnapshot: () => fault('aws-denied') }),
      'aws-denied',
    ],
    ['ends failed', (cloud) => Object.assign(cloud, { snapshotEnds: 'failed' }), 'snapshot-failed'],
    ['takes too long', (cloud) => Object.assign(cloud, { snapshotMs: 9_000_000 }), 'snapshot-timeout'],
    [
      'cannot be looked at',
      (cloud) =>
        Object.assign(cloud.faults, {
          snapshots: (call: string) => (call === 'all' ? undefined : fault('aws-throttled')),
        }),
      'aws-throttled',
    ],
    [
      'meets an error nobody foresaw',
      (cloud) => Object.assign(cloud.faults, { createSnapshot: () => new TypeError('x is not a function') }),
      'unexpected',
    ],
  ];
  test.each(breaks)(
    'a snapshot that %s: nothing is migrated, and it is told once',
    async (_name, change, code) => {
      const world = new World({ scripts: [ADD_STATUS] });
      change(world.cloud);
      const { status, run } = await world.play();
      expect(status).toBe('failed');
      expect(run.problems.map((each) => each.code)).toEqual([code]);
      expect(run.refused).toBe(false);
      expect(world.migrator.rounds).toEqual([]);
      expect(world.notifier.messages).toEqual(['failure none']);
    },
  );

  test('an error of another bundle, which is no instance of our class, is told once, too', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    const foreign = Object.assign(new Error('denied'), {
      name: 'GuardError',
      problems: [{ code: 'aws-denied', detail: 'denied', fields: { action: 'rds:CreateDBSnapshot' } }],
    });
    world.cloud.faults.createSnapshot = () => foreign;
    const { run } = await world.play();
    expect(run.problems).toHaveLength(1);
    expect(run.refused).toBe(false);
  });

  test('two problems of one step both survive', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    const both = fault('aws-denied');
    Object.assign(both, { problems: [...both.problems, ...fault('snapshot-quota').problems] });
    world.cloud.faults.createSnapshot = () => both;
    const { run } = await world.play();
    expect(run.problems.map((each) => each.code)).toEqual(['aws-denied', 'snapshot-quota']);
  });

  test('BACKFILL is not started when an earlier file fails', async () => {
    const world = new World({ scripts: [HALF, BACKFILL] });
    const { run } = await world.play();
    expect(run.verdict).toMatchObject({ applied: [], failedMigration: HALF.name, state: 'unchanged' });
    expect(run.verdict?.evidence).toContain(`migration ${BACKFILL.name} is not finished in the history`);
  });
});
