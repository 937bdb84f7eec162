import { describe, expect, test } from '@jest/globals';
import type { ProblemCode } from '../../src/domain/problem.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { fault } from '../fakes/engine.ts';
import { World, type WorldOptions } from '../fakes/world.ts';
import { ADD_STATUS, applied, HALF } from './scripts.ts';

interface Refusal {
  readonly name: string;
  readonly change: (world: World) => void;
  readonly codes: readonly ProblemCode[];
  readonly options?: WorldOptions;
}

const source = (change: Partial<typeof SOURCE>) => (world: World) => {
  world.cloud.source = { ...SOURCE, ...change };
};

const table: readonly Refusal[] = [
  { name: 'no URL', change: (world) => Object.assign(world, { environment: {} }), codes: ['url-missing'] },
  {
    name: 'a URL of another protocol',
    change: (world) => Object.assign(world, { environment: { DATABASE_URL: 'mariadb://a:b@c/d' } }),
    codes: ['url-invalid'],
  },
  {
    name: 'a project that cannot be read, and a database that does not answer: both',
    change: (world) => {
      world.migrator.projectFails = fault('prisma-not-installed');
      world.outage(0, Number.POSITIVE_INFINITY);
    },
    codes: ['prisma-not-installed', 'database-unreachable'],
  },
  {
    name: 'a failed row',
    change: (world) => applied(world, HALF, { finishedAt: null }),
    codes: ['history-failed'],
    options: { scripts: [HALF, ADD_STATUS] },
  },
  {
    name: 'a folder without migration.sql',
    change: (world) => Object.assign(world.migrator, { unreadable: ['20260105000000_empty'] }),
    codes: ['migration-unreadable'],
  },
  {
    name: 'another deploy at work',
    change: (world) => {
      world.database.open('other').query = 'SELECT pg_advisory_lock(72707369)';
    },
    codes: ['migration-running'],
  },
  {
    name: 'a replica',
    change: (world) => Object.assign(world.database, { isReplica: true }),
    codes: ['database-replica'],
  },
  {
    name: 'tables without a history',
    change: () => undefined,
    options: { image: { objects: {}, rows: {}, invalid: [], history: null } },
    codes: ['history-missing-baseline'],
  },
  {
    name: 'a role that may not create the history',
    change: (world) => Object.assign(world.database, { canCreate: false, tables: 0 }),
    options: { image: { objects: {}, rows: {}, invalid: [], history: null } },
    codes: ['database-rights'],
  },
  {
    name: 'a pooler that swallows the limits',
    change: (world) => Object.assign(world.database, { dropsOptions: true }),
    codes: ['limits-not-in-force', 'limits-not-in-force'],
  },
  {
    name: 'a URL that Prisma finds elsewhere',
    change: (world) => Object.assign(world.migrator, { elsewhere: 'postgresql://app:x@other/shop' }),
    codes: ['url-not-guarded'],
  },
  {
    name: 'no such instance',
    change: (world) => Object.assign(world.cloud, { source: undefined }),
    codes: ['instance-not-found'],
  },
  { name: 'a cluster member', change: source({ clusterIdentifier: 'shop' }), codes: ['instance-in-cluster'] },
  { name: 'another engine', change: source({ engine: 'mariadb' }), codes: ['instance-engine'] },
  {
    name: 'an instance that is a replica',
    change: source({ replicaOf: 'shop' }),
    codes: ['instance-is-replica'],
  },
  { name: 'an instance in a state', change: source({ status: 'rebooting' }), codes: ['instance-state'] },
  { name: 'no backups', change: source({ backupRetentionDays: 0 }), codes: ['backups-disabled'] },
  {
    name: 'a log that is shipped no more',
    change: (world) => Object.assign(world.cloud, { lagMs: 660_000 }),
    codes: ['restore-window-stale'],
  },
  {
    name: 'a log that was never shipped',
    change: (world) => Object.assign(world.cloud, { lagMs: Number.POSITIVE_INFINITY }),
    codes: ['restore-window-stale'],
  },
  {
    name: 'no room for a snapshot',
    change: (world) => Object.assign(world.cloud, { limit: 0 }),
    codes: ['snapshot-quota'],
  },
  {
    name: 'AWS denies the look',
    change: (world) => {
      world.cloud.faults.instance = () => fault('aws-denied');
    },
    codes: ['aws-denied'],
  },
  {
    name: 'the name for the restored instance is taken',
    change: (world) => {
      world.cloud.restored.set('spare', {
        facts: { ...SOURCE, identifier: 'spare' },
        requestedAt: 0,
        tags: {},
      });
    },
    options: { request: { restoredIdentifier: 'spare' } },
    codes: ['instance-name-taken'],
  },
  {
    name: 'everything AWS and the database have to say at once',
    change: (world) => {
      world.database.dropsOptions = true;
      world.cloud.source = { ...SOURCE, status: 'stopped', engine: 'mysql', backupRetentionDays: 0 };
      world.cloud.limit = 0;
    },
    codes: [
      'limits-not-in-force',
      'limits-not-in-force',
      'instance-engine',
      'instance-state',
      'backups-disabled',
      'snapshot-quota',
    ],
  },
];

describe('refused before anything is touched', () => {
  test.each(table)('$name', async ({ change, codes, options }) => {
    const world = new World({ scripts: [ADD_STATUS], ...options });
    change(world);
    const commits = world.database.commits.length;
    const { status, run } = await world.play();
    expect(run.problems.map((each) => each.code)).toEqual(codes);
    expect(status).toBe('refused');
    expect(run.refused).toBe(true);
    expect(world.cloud.mutations).toEqual([]);
    expect(world.migrator.rounds).toEqual([]);
    expect(world.database.commits).toHaveLength(commits);
    expect(world.notifier.messages).toEqual(['failure none']);
    expect(world.engine.opened).toBe(world.engine.closed);
    expect(run.plan).toBeUndefined();
  });

  test('snapshot: skip does not mind a full quota', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { snapshot: 'skip' } });
    world.cloud.limit = 0;
    expect((await world.play()).status).toBe('applied');
  });

  test('slack-on: never keeps Slack out of it', async () => {
    const world = new World({ scripts: [ADD_STATUS], request: { slackOn: 'never' } });
    world.cloud.source = undefined;
    expect((await world.play()).status).toBe('refused');
    expect(world.notifier.messages).toEqual([]);
  });
});
