import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Event, Status } from '../../src/domain/event.ts';
import type { InstanceFacts, SnapshotFacts } from '../../src/domain/facts.ts';
import { isGood } from '../../src/domain/outcome.ts';
import { GuardError, problem } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import type { Run } from '../../src/domain/run.ts';
import { TAG } from '../../src/domain/tags.ts';
import { cleanup } from '../../src/guard/back/cleanup.ts';
import { Guard } from '../../src/guard/context.ts';
import { explain } from '../../src/report/explain.ts';
import { summary } from '../../src/report/summary.ts';
import { title } from '../../src/report/title.ts';
import { nowhereBack } from '../fakes/absent.ts';
import { FakeClock, T0 } from '../fakes/clock.ts';
import { FakeCloud, SOURCE } from '../fakes/cloud.ts';
import { FakeDatabase } from '../fakes/database.ts';
import { FakeEngine } from '../fakes/engine.ts';
import { FakeNotifier } from '../fakes/notifier.ts';
import { identity, request } from '../fakes/world.ts';

const DAY = 86_400_000;
const ours = (phase: string, run: string, more: Readonly<Record<string, string>> = {}) => ({
  'managed-by': 'guarded-migrate',
  [TAG.sourceResourceId]: 'db-SOURCE',
  [TAG.phase]: phase,
  [TAG.run]: run,
  ...more,
});

const snapshot = (days: number, phase: string, change: Partial<SnapshotFacts> = {}): SnapshotFacts => ({
  identifier: `gm-shop-prod-${days}-1`,
  arn: `arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-${days}-1`,
  status: 'available',
  percent: 100,
  sourceIdentifier: 'shop-prod',
  sourceResourceId: 'db-SOURCE',
  sizeGiB: 100,
  createdAt: T0 - days * DAY,
  tags: ours(phase, `${days}-1`),
  ...change,
});

const restored = (run: string, phase: string, change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  ...SOURCE,
  identifier: `shop-prod-gm-r-${run}`,
  resourceId: `db-R${run}`,
  multiAz: false,
  settings: { StorageType: 'gp3' },
  createdAt: T0 - 3 * DAY,
  tags: ours(phase, run),
  ...change,
});

interface Played {
  readonly status: Status;
  readonly run: Run;
  readonly deleted: readonly string[];
  readonly messages: number;
}

interface Scene {
  readonly snapshots: readonly SnapshotFacts[];
  readonly instances?: readonly InstanceFacts[];
  readonly ask?: Partial<DeployRequest>;
  readonly cloud?: (cloud: FakeCloud) => void;
  readonly onEvent?: (event: Event, stop: () => void) => void;
}

async function play(scene: Scene): Promise<Played> {
  const clock = new FakeClock();
  const cloud = new FakeCloud(clock, new FakeDatabase(clock, {}), new FakeEngine(clock));
  cloud.others.push(...scene.snapshots);
  scene.cloud?.(cloud);
  const absent = async (): Promise<never> => {
    throw new Error('a cleanup connects to no database and runs nothing');
  };
  const notifier = new FakeNotifier();
  const cancel = new AbortController();
  const guard = new Guard({
    request: request({ mode: 'cleanup', snapshotKeep: 1, ...scene.ask }),
    identity,
    ports: {
      ...nowhereBack,
      clock,
      recovery: async () => cloud,
      fleet: async () => ({
        all: async () => [...(cloud.source === undefined ? [] : [cloud.source]), ...(scene.instances ?? [])],
        byResource: absent,
        retained: async () => [],
        window: absent,
        restoreSnapshot: absent,
        rename: absent,
      }),
      migrator: absent,
      engine: absent,
      parser: absent,
      analyser: absent,
      workspace: absent,
      review: absent,
      secrets: absent,
      commands: absent,
      notifier: async () => notifier,
    },
    voice: { message: (_run, about) => ({ text: about, blocks: [] }) },
    environment: {},
    onEvent: (event) => scene.onEvent?.(event, () => cancel.abort()),
    onSecret: () => undefined,
    cancelled: cancel.signal,
  });
  guard.emit({ type: 'run-started', version: 1, pid: 1, identity, request: guard.request });
  const status = await cleanup(guard);
  guard.emit({ type: 'run-ended', status });
  const calls = cloud.mutations.map((call) => call.split(' '));
  expect(calls.map(([call]) => call).filter((call) => call !== 'deleteSnapshot')).toEqual([]);
  return {
    status,
    run: guard.run,
    deleted: calls.map(([, name]) => name ?? ''),
    messages: guard.run.notified.length,
  };
}

const confirmed = { confirm: 'shop-prod' } as const;

describe('what may go', () => {
  const named = async (scene: Scene): Promise<readonly string[]> =>
    (await play(scene)).run.inventory?.flatMap((each) =>
      each.verdict === 'delete' ? [each.identifier] : [],
    ) ?? [];

  test.each<[string, readonly SnapshotFacts[], readonly string[]]>([
    ['the older of two', [snapshot(3, 'applied'), snapshot(2, 'applied')], ['gm-shop-prod-3-1']],
    ['proven unchanged, too', [snapshot(2, 'applied'), snapshot(3, 'unchanged')], ['gm-shop-prod-3-1']],
    ['never of a failed run', [snapshot(2, 'applied'), snapshot(3, 'failed')], []],
    ['never of a run that migrates', [snapshot(2, 'applied'), snapshot(3, 'migrating')], []],
    ['never of a run that only made it', [snapshot(2, 'applied'), snapshot(3, 'snapshot')], []],
    ['never without a phase', [snapshot(2, 'applied'), snapshot(3, '')], []],
    [
      'a failed one is not counted among the newest',
      [snapshot(2, 'failed'), snapshot(3, 'applied'), snapshot(4, 'applied')],
      ['gm-shop-prod-4-1'],
    ],
    [
      'never one that is not available',
      [snapshot(2, 'applied'), snapshot(3, 'applied', { status: 'creating' })],
      [],
    ],
    [
      'never one younger than a day',
      [snapshot(0.2, 'applied'), snapshot(0.5, 'applied'), snapshot(2, 'applied')],
      ['gm-shop-prod-2-1'],
    ],
    [
      'never one of unknown age',
      [snapshot(2, 'applied'), snapshot(3, 'applied'), snapshot(4, 'applied', { createdAt: undefined })],
      ['gm-shop-prod-2-1', 'gm-shop-prod-3-1'],
    ],
    [
      'never one that is not ours',
      [snapshot(2, 'applied'), snapshot(3, 'applied', { tags: { [TAG.sourceResourceId]: 'db-SOURCE' } })],
      [],
    ],
    [
      'never of another database, by our tag or by what AWS says',
      [
        snapshot(2, 'applied'),
        snapshot(3, 'applied', { tags: ours('applied', '3-1', { [TAG.sourceResourceId]: 'db-OTHER' }) }),
        snapshot(4, 'applied', { sourceResourceId: 'db-OTHER' }),
        snapshot(5, 'applied', { sourceIdentifier: 'users-prod' }),
      ],
      [],
    ],
    [
      'never a hand-made one that inherited our tags',
      [snapshot(2, 'applied'), snapshot(3, 'applied', { identifier: 'before-the-sale' })],
      [],
    ],
  ])('%s', async (_, snapshots, expected) => {
    expect(await named({ snapshots })).toEqual(expected);
  });

  test.each(['restoring', 'unverified', 'mismatch', 'promoting'])(
    'never while a restored database of its run is %s',
    async (phase) => {
      const snapshots = [snapshot(2, 'applied'), snapshot(3, 'applied'), snapshot(4, 'applied')];
      expect(await named({ snapshots, instances: [restored('3-1', phase)] })).toEqual(['gm-shop-prod-4-1']);
    },
  );

  test('never while another run restored to the same second and is not done', async () => {
    const time = { [TAG.restoreTime]: '2026-11-18T02:00:00Z' };
    const snapshots = [
      snapshot(2, 'applied'),
      snapshot(3, 'applied', { tags: ours('applied', '3-1', time) }),
    ];
    const instances = [restored('99-1', 'restoring', { tags: ours('restoring', '99-1', time) })];
    expect(await named({ snapshots, instances })).toEqual([]);
    expect(await named({ snapshots, instances: [restored('99-1', 'restored')] })).toEqual([
      'gm-shop-prod-3-1',
    ]);
  });

  test.each([
    [0, 0],
    [1, 4],
    [3, 2],
    [9, 0],
  ])('snapshot-keep: %i lets %i of five go', async (keep, expected) => {
    const snapshots = [2, 3, 4, 5, 6].map((days) => snapshot(days, 'applied'));
    const { run, status } = await play({ snapshots, ask: { snapshotKeep: keep } });
    expect(run.inventory?.filter((each) => each.verdict === 'delete')).toHaveLength(expected);
    expect(status).toBe(expected === 0 ? 'up-to-date' : 'planned');
  });
});

const five = [2, 3, 4, 5, 6].map((days) => snapshot(days, 'applied'));

test('without confirm it is a dry run that says so', async () => {
  const { status, run, deleted, messages } = await play({ snapshots: five });
  expect({ status, deleted, messages, good: isGood(run, 'cleanup') }).toEqual({
    status: 'planned',
    deleted: [],
    messages: 0,
    good: true,
  });
  expect(run.steps).toMatchObject([{ kind: 'clean', state: 'skipped' }]);
  const told = explain(run);
  expect(title(run)).toBe('Dry run, 4 snapshots may go');
  expect(told.headline).toContain('nothing was deleted');
  expect(told.next[0]?.run).toBe('confirm: shop-prod');
  expect(summary(run)).toContain('may go');
});

test('a confirm that names something else deletes nothing', async () => {
  const { status, deleted } = await play({ snapshots: five, ask: { confirm: 'shop-staging' } });
  expect([status, deleted]).toEqual(['planned', []]);
});

test('with confirm it deletes what may go, one by one', async () => {
  const { status, run, deleted, messages } = await play({ snapshots: five, ask: confirmed });
  const names = [3, 4, 5, 6].map((days) => `gm-shop-prod-${days}-1`);
  expect({ status, deleted, told: run.deleted, messages }).toEqual({
    status: 'applied',
    deleted: names,
    told: names,
    messages: 0,
  });
  expect(explain(run).data).toContain('1 snapshot of ours is there now');
  expect(summary(run)).toContain('**deleted**');
});

test('nothing may go: up to date, and what is kept is still listed', async () => {
  const { status, run } = await play({
    snapshots: [snapshot(2, 'failed')],
    instances: [restored('2-1', 'restored')],
    ask: confirmed,
  });
  expect([status, isGood(run, 'cleanup'), title(run)]).toEqual(['up-to-date', true, 'Nothing to clean up']);
  expect(run.inventory).toHaveLength(2);
  expect(
    explain(run)
      .next.map((each) => each.say)
      .join(' '),
  ).toContain('gm-shop-prod-2-1');
});

test('a denied deletion does not stop the rest, is told, and fails the run', async () => {
  const { status, run, deleted, messages } = await play({
    snapshots: five,
    ask: confirmed,
    cloud: (cloud) => {
      cloud.faults.deleteSnapshot = (name) =>
        name === 'gm-shop-prod-4-1'
          ? new GuardError(problem('aws-denied', 'denied', { action: 'rds:DeleteDBSnapshot' }))
          : undefined;
    },
  });
  expect(deleted).toHaveLength(4);
  expect([status, run.deleted.length, messages, isGood(run, 'cleanup')]).toEqual(['failed', 3, 1, false]);
  expect(run.problems).toMatchObject([{ code: 'aws-denied', fields: { snapshot: 'gm-shop-prod-4-1' } }]);
  const told = explain(run);
  expect(told.headline).toContain('1 of 4 snapshots');
  expect(told.next[0]?.run).toContain('rds:DeleteDBSnapshot');
  expect(summary(run)).toContain('**not deleted**');
});

test('expired credentials end it at once', async () => {
  const { status, deleted } = await play({
    snapshots: five,
    ask: confirmed,
    cloud: (cloud) => {
      cloud.faults.deleteSnapshot = () => new GuardError(problem('credentials-expired', 'expired'));
    },
  });
  expect([status, deleted.length]).toEqual(['failed', 1]);
});

test('cancelled in between: what is deleted is told, the rest stays', async () => {
  const { status, run } = await play({
    snapshots: five,
    ask: confirmed,
    onEvent: (event, stop) => {
      if (event.type === 'deleted') stop();
    },
  });
  expect([status, run.deleted]).toEqual(['cancelled', ['gm-shop-prod-3-1']]);
  expect(explain(run).headline).toContain('cancelled after 1 snapshot of 4');
});

test.each<[string, (cloud: FakeCloud) => void, string]>([
  [
    'the database does not exist',
    (cloud) => Object.assign(cloud, { source: undefined }),
    'instance-not-found',
  ],
  [
    'AWS will not list',
    (cloud) =>
      Object.assign(cloud.faults, { snapshots: () => new GuardError(problem('aws-denied', 'no', {})) }),
    'aws-denied',
  ],
])('%s: refused, told, nothing deleted', async (_, cloud, code) => {
  const { status, run, deleted, messages } = await play({ snapshots: five, ask: confirmed, cloud });
  expect([status, deleted, messages]).toEqual(['refused', [], 1]);
  expect(run.problems.map((each) => each.code)).toEqual([code]);
});

test('restored and replaced databases are listed with age and price, and never deleted', async () => {
  const promoted = { ...SOURCE, tags: { ...ours('promoted', '7-1'), [TAG.sourceResourceId]: 'db-OLD' } };
  const { run, status } = await play({
    snapshots: [
      snapshot(40, 'applied', { tags: ours('applied', '1-1', { [TAG.sourceResourceId]: 'db-OLD' }) }),
    ],
    instances: [
      restored('8-1', 'restored'),
      restored('9-1', 'restored', { tags: ours('restored', '9-1', { [TAG.sourceResourceId]: 'db-ELSE' }) }),
      restored('7-1', 'replaced', {
        identifier: 'shop-prod-replaced-7-1',
        resourceId: 'db-OLD',
        tags: { [TAG.promotion]: '7-1', [TAG.phase]: 'replaced', [TAG.newResourceId]: 'db-SOURCE' },
      }),
    ],
    ask: confirmed,
    cloud: (cloud) => {
      cloud.source = promoted;
    },
  });
  expect(status).toBe('up-to-date');
  expect(run.inventory?.map(({ kind, identifier, verdict }) => [kind, identifier, verdict])).toEqual([
    ['snapshot', 'gm-shop-prod-40-1', 'keep'],
    ['restored', 'shop-prod-gm-r-8-1', 'keep'],
    ['replaced', 'shop-prod-replaced-7-1', 'keep'],
  ]);
  // db.m7g.large: 0.168 an hour, 730 hours, and 100 GiB of gp3 at 0.115.
  expect(run.inventory?.[1]?.monthlyCost).toBeCloseTo(0.168 * 730 + 11.5, 5);
  expect(explain(run).why.join(' ')).toMatch(/2 restored or replaced databases are kept.*Together.*rough/);
  const one = { ...run, inventory: (run.inventory ?? []).filter(({ kind }) => kind !== 'replaced') };
  expect(explain(one).why.join(' ')).toMatch(
    /1 restored or replaced database is kept.*3 days.*It costs.*rough/,
  );
  expect(summary(run)).toContain('shop-prod-replaced-7-1');
});

test('what two promotions left is listed: the first replaced one, what was restored of it, its snapshot', async () => {
  const pair = (run: string, old: string, fresh: string) => ({
    [TAG.promotion]: run,
    [TAG.production]: 'shop-prod',
    [TAG.oldResourceId]: old,
    [TAG.newResourceId]: fresh,
  });
  const from = (source: string) => ({ [TAG.sourceResourceId]: source });
  const second = pair('9-1', 'db-MIDDLE', 'db-SOURCE');
  const { run } = await play({
    snapshots: [snapshot(40, 'failed', { tags: ours('failed', '1-1', from('db-FIRST')) })],
    instances: [
      restored('2-1', 'replaced', {
        resourceId: 'db-FIRST',
        tags: { ...pair('2-1', 'db-FIRST', 'db-MIDDLE'), [TAG.phase]: 'replaced' },
      }),
      restored('9-1', 'replaced', {
        resourceId: 'db-MIDDLE',
        tags: { ...ours('replaced', '1-1', from('db-FIRST')), ...second },
      }),
      restored('3-1', 'restored', { tags: ours('restored', '3-1', from('db-FIRST')) }),
      restored('4-1', 'restored', { tags: ours('restored', '4-1', from('db-ELSE')) }),
    ],
    cloud: (cloud) => {
      cloud.source = { ...SOURCE, tags: { ...ours('promoted', '8-1', from('db-MIDDLE')), ...second } };
    },
  });
  expect(run.inventory?.map(({ identifier }) => identifier)).toEqual([
    'gm-shop-prod-40-1',
    ...['2-1', '9-1', '3-1'].map((each) => `shop-prod-gm-r-${each}`),
  ]);
  const advised = explain(run).next.map(({ say }) => say);
  expect(advised.join('\n')).toContain('docs/runbook/k-clean-up.md');
  expect(existsSync(new URL('../../docs/runbook/k-clean-up.md', import.meta.url))).toBe(true);
});

test('Aurora: what is billed by use has no price, and the sum says what it leaves out', async () => {
  const aurora = {
    kind: 'cluster',
    engine: 'aurora-postgresql',
    allocatedStorageGiB: 1,
    settings: {},
  } as const;
  const { run } = await play({
    snapshots: [snapshot(9, 'applied', { sizeGiB: undefined })],
    instances: [restored('7-1', 'restored', aurora), restored('6-1', 'restored')],
  });
  const prices = run.inventory?.map(({ identifier, sizeGiB, monthlyCost }) => [
    identifier,
    sizeGiB,
    monthlyCost === undefined ? undefined : 'known',
  ]);
  expect(prices).toEqual([
    ['gm-shop-prod-9-1', undefined, undefined],
    ['shop-prod-gm-r-7-1', undefined, undefined],
    ['shop-prod-gm-r-6-1', 100, 'known'],
  ]);
  const the = { ...run, request: request({ mode: 'cleanup' }) };
  expect(explain(the).why.join(' ')).toContain('without 1 database whose price is not known');
  expect(summary(the)).toContain('billed by use');
});
