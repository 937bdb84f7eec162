import { describe, expect, test } from '@jest/globals';
import { TAG } from '../../src/domain/tags.ts';
import { hostOf } from '../fakes/cloud.ts';
import { changed } from '../fakes/database.ts';
import { World } from '../fakes/world.ts';
import { ADD_STATUS, applied, BACKFILL } from './scripts.ts';

describe('nothing pending', () => {
  test('is up to date without one call to the cloud, without one write, and without a Slack message', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    applied(world, ADD_STATUS);
    const commits = world.database.commits.length;
    const { status, run } = await world.play();
    expect(status).toBe('up-to-date');
    expect(run.pending).toEqual([]);
    expect(world.cloud.calls).toEqual([]);
    expect(world.asked).not.toContain('recovery');
    expect(world.asked).not.toContain('parser');
    expect(world.migrator.rounds).toEqual([]);
    expect(world.database.commits).toHaveLength(commits);
    expect(world.notifier.messages).toEqual([]);
    expect(world.story.toSorted()).toEqual(['observed-database', 'observed-project', 'pending', 'run-ended']);
  });

  test('does not mind another deploy at work, but tells of a failed row', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    applied(world, ADD_STATUS);
    world.database.open('other').query = 'SELECT pg_advisory_lock(72707369)';
    expect((await world.play()).status).toBe('up-to-date');
    const failed = new World({ scripts: [ADD_STATUS] });
    applied(failed, ADD_STATUS, { finishedAt: null, logs: 'ERROR: boom' });
    const { status, run } = await failed.play();
    expect([status, run.problems.map((each) => each.code)]).toEqual(['refused', ['history-failed']]);
  });
});

describe('a good deploy', () => {
  test('snapshots, marks the second, migrates, judges, tags', async () => {
    const world = new World({ scripts: [ADD_STATUS, BACKFILL] });
    const { status, run } = await world.play();
    expect(status).toBe('applied');
    expect(run.verdict).toMatchObject({
      ok: true,
      state: 'changed',
      applied: [ADD_STATUS.name, BACKFILL.name],
    });
    expect(world.story.filter((each) => !each.startsWith('observed'))).toEqual([
      'pending',
      'planned',
      'step-intended snapshot',
      'snapshot-seen',
      'step-done snapshot',
      'step-intended restore-point',
      'restore-point',
      'step-done restore-point',
      'step-intended migrate',
      'migrator-started',
      'migrator-ended',
      'step-intended verdict',
      'verdict',
      'step-done verdict',
      'step-done migrate',
      'run-ended',
    ]);
    expect(world.cloud.mutations).toEqual([
      'createSnapshot gm-shop-prod-8123-1',
      'tag gm-shop-prod-8123-1 migrating',
      'tag gm-shop-prod-8123-1 applied',
    ]);
    const tags = world.cloud.tagsOf.get('arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-8123-1');
    expect(tags).toEqual({
      team: 'shop',
      'managed-by': 'guarded-migrate',
      [TAG.run]: '8123-1',
      [TAG.repository]: 'acme/shop',
      [TAG.sha]: 'c0ffee12',
      [TAG.sourceResourceId]: 'db-SOURCE',
      [TAG.phase]: 'applied',
      [TAG.restoreTime]: run.restorePoint?.time,
      [TAG.fingerprint]: run.restorePoint?.state.fingerprint.digest,
      [TAG.marks(0)]: expect.stringMatching(/^1\+1\+0\/1\+1\+0\+/),
    });
    expect(world.notifier.messages).toEqual([]);
    expect(world.database.image.objects['column public.orders.status']).toBe('text');
    expect(world.engine.opened).toBe(world.engine.closed);
  });

  test.each([
    [
      'wait',
      300_000,
      [
        'createSnapshot gm-shop-prod-8123-1',
        'tag gm-shop-prod-8123-1 migrating',
        'tag gm-shop-prod-8123-1 applied',
      ],
    ],
    [
      'start',
      0,
      [
        'createSnapshot gm-shop-prod-8123-1',
        'tag gm-shop-prod-8123-1 migrating',
        'tag gm-shop-prod-8123-1 applied',
      ],
    ],
    ['skip', 0, []],
  ] as const)('snapshot: %s', async (snapshot, atLeast, mutations) => {
    const world = new World({ scripts: [ADD_STATUS], request: { snapshot } });
    const start = world.clock.now();
    const { status, events } = await world.play();
    expect(status).toBe('applied');
    expect(world.cloud.mutations).toEqual(mutations);
    const began = events.find((each) => each.type === 'migrator-started')?.at ?? 0;
    expect(began - start).toBeGreaterThan(atLeast);
    expect(began - start).toBeLessThan(atLeast + 15_000);
  });

  test('Prisma gets the limits and our name in every URL that is set, and the password is masked', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.environment = { ...world.environment, DIRECT_URL: world.environment.DATABASE_URL };
    await world.play();
    const [given = {}] = world.migrator.rounds;
    expect(Object.keys(given)).toEqual(['DIRECT_URL', 'DATABASE_URL']);
    for (const url of Object.values(given)) {
      expect(decodeURIComponent(url)).toContain('-c statement_timeout=30000 -c lock_timeout=5000');
      expect(url).toContain('application_name=guarded-migrate%2F8123-1');
    }
    expect([...world.secrets]).toContain('s3cret-word');
    expect(JSON.stringify(world.events)).not.toContain('s3cret-word');
  });

  test('commands run in their order and learn where the run stands', async () => {
    const world = new World({
      scripts: [ADD_STATUS],
      request: { beforeCommand: 'on', verifyCommand: 'smoke', afterCommand: 'off' },
    });
    for (const script of ['on', 'smoke', 'off']) world.commands.ends.set(script, { exitCode: 0, tail: '' });
    const { status, run } = await world.play();
    expect(status).toBe('applied');
    expect(
      world.commands.ran.map(({ script, environment }) => [script, environment.GUARDED_MIGRATE_RESULT]),
    ).toEqual([
      ['on', 'pending'],
      ['smoke', 'applied'],
      ['off', 'applied'],
    ]);
    expect(world.commands.ran[1]?.environment.GUARDED_MIGRATE_RESTORE_TIME).toBe(run.restorePoint?.time);
  });

  test('a failing after-command and a silent Slack are warnings', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { afterCommand: 'off' } });
    world.commands.ends.set('off', { exitCode: 3, tail: 'no such service' });
    const { status, run } = await world.play();
    expect(status).toBe('applied');
    expect(run.notices.map((each) => [each.code, each.level])).toContainEqual([
      'after-command-failed',
      'warning',
    ]);
  });

  test('a tag that AWS refuses is a warning', async () => {
    const world = new World({ scripts: [ADD_STATUS] });
    world.cloud.faults.tag = () => new Error('AccessDenied');
    const { status, run } = await world.play();
    expect(status).toBe('applied');
    expect(run.notices.map((each) => each.code)).toEqual(['tag-failed', 'tag-failed']);
    expect(run.problems).toEqual([]);
  });

  test('traffic of the application beside the migration changes nothing', async () => {
    const world = new World({
      scripts: [{ ...ADD_STATUS, acts: ADD_STATUS.acts.map((act) => ({ ...act, ms: 5000 })) }],
    });
    for (let second = 300; second < 330; second += 1) {
      world.clock.at(world.clock.now() + second * 1000, () => {
        world.database.count(['users']);
        world.database.commit('application', changed(world.database.image, { rows: ['users'] }));
      });
    }
    const { status } = await world.play();
    expect(status).toBe('applied');
    expect(world.engine.databases.has(hostOf('shop-prod-gm-r-8123-1'))).toBe(false);
  });

  test('an index that another session builds concurrently does not fail the deploy, and is not dropped', async () => {
    const world = new World({
      scripts: [{ ...ADD_STATUS, acts: ADD_STATUS.acts.map((act) => ({ ...act, ms: 5000 })) }],
    });
    world.clock.at(world.clock.now() + 302_500, () =>
      world.database.commit(
        'application',
        changed(world.database.image, { invalid: 'public.users_mail_idx' }),
      ),
    );
    const { status, run } = await world.play();
    expect(status).toBe('applied');
    expect(run.leftovers).toEqual([]);
    expect(world.database.image.invalid).toEqual(['public.users_mail_idx']);
  });
});
