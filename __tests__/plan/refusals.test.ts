import { describe, expect, test } from '@jest/globals';
import type { DatabaseFacts, TargetFacts } from '../../src/domain/facts.ts';
import type { ProblemCode } from '../../src/domain/problem.ts';
import { databaseRefusals, historyRefusals, limitRefusals, targetRefusals } from '../../src/plan/refusals.ts';
import { request } from '../fakes/world.ts';
import { comparison, database, NOW, openRow, project, quiet, target } from './facts.ts';

describe('the history', () => {
  test('a clean one refuses nothing, whatever a reviewer may want to know of it', () => {
    const odd = comparison({ edited: ['a'], gone: ['b'], outOfOrder: ['c'] });
    expect(historyRefusals(project(), odd, quiet)).toEqual([]);
  });

  test('a failed row is told with its log and its time; every one of them', () => {
    const open = [openRow({ logs: `ERROR: ${'x'.repeat(5000)}` }), openRow({ id: '2', name: 'b', logs: '' })];
    const [first, second, ...rest] = historyRefusals(project(), comparison({ open }), quiet);
    expect(rest).toEqual([]);
    expect(first?.fields).toMatchObject({ migration: 'a', startedAt: '2026-11-21T02:00:00.000Z' });
    expect(first?.fields.logs).toHaveLength(2000);
    expect(second?.fields).not.toHaveProperty('logs');
  });

  test('while another deploy is at work its open row is no failure yet', () => {
    const holder = {
      pid: 9,
      applicationName: 'x',
      user: null,
      state: null,
      query: null,
      waiting: null,
      ageMs: null,
      blockedBy: [],
    };
    const found = historyRefusals(project(), comparison({ open: [openRow()] }), {
      ...quiet,
      advisoryLockHolders: [holder],
    });
    expect(found.map((each) => each.code)).toEqual(['migration-running']);
    expect(found[0]?.fields).toMatchObject({ pid: '9', application: 'x' });
  });

  test('a folder without a file', () => {
    const found = historyRefusals(project(['a'], { unreadable: ['b', 'c'] }), comparison(), quiet);
    expect(found.map((each) => [each.code, each.fields.migration])).toEqual([
      ['migration-unreadable', 'b'],
      ['migration-unreadable', 'c'],
    ]);
  });
});

describe('the database', () => {
  test.each<[string, Partial<DatabaseFacts>, readonly ProblemCode[]]>([
    ['with a history', {}, []],
    ['empty, without a history', { historyTable: null, tables: 0 }, []],
    ['a replica', { isReplica: true }, ['database-replica']],
    ['tables, and no history', { historyTable: null }, ['history-missing-baseline']],
    [
      'no right to create the history',
      { historyTable: null, tables: 0, canCreateInSchema: false },
      ['database-rights'],
    ],
    [
      'no such schema yet: Prisma makes it',
      { historyTable: null, tables: 0, canCreateInSchema: false, schema: null },
      [],
    ],
    ['with a history, the right is not asked for', { canCreateInSchema: false }, []],
  ])('%s', (_name, change, codes) => {
    expect(databaseRefusals(database(change)).map((each) => each.code)).toEqual(codes);
  });

  test('limits that did not arrive are named one by one, with the variable', () => {
    const wanted = {
      statementTimeoutMs: 30_000,
      lockTimeoutMs: 5000,
      applicationName: 'guarded-migrate/8123-1',
      connectionCheckIntervalMs: 2000,
    };
    expect(limitRefusals(database(), wanted, 'DIRECT_URL')).toEqual([]);
    const settings = { ...database().settings, lockTimeoutMs: 0, applicationName: 'pgbouncer' };
    const found = limitRefusals(database({ settings }), wanted, 'DIRECT_URL');
    expect(
      found.map((each) => [each.fields.setting, each.fields.wanted, each.fields.got, each.fields.variable]),
    ).toEqual([
      ['lock_timeout', '5000', '0', 'DIRECT_URL'],
      ['application_name', 'guarded-migrate/8123-1', 'pgbouncer', 'DIRECT_URL'],
    ]);
  });

  test('the check interval is a comfort: its absence refuses nothing', () => {
    const wanted = {
      statementTimeoutMs: 30_000,
      lockTimeoutMs: 5000,
      applicationName: 'guarded-migrate/8123-1',
      connectionCheckIntervalMs: 2000,
    };
    const settings = { ...database().settings, connectionCheckIntervalMs: null };
    expect(limitRefusals(database({ settings }), wanted, 'X')).toEqual([]);
  });
});

describe('the DB instance', () => {
  const MINUTE = 60_000;
  test.each<[string, Partial<TargetFacts['instance']>, readonly ProblemCode[]]>([
    ['a good one', {}, []],
    ['storage-optimization takes snapshots', { status: 'storage-optimization' }, []],
    ['ten minutes behind', { latestRestorableTime: NOW - 10 * MINUTE }, []],
    [
      'ten minutes and a bit behind',
      { latestRestorableTime: NOW - 10 * MINUTE - 1 },
      ['restore-window-stale'],
    ],
    ['nothing restorable', { latestRestorableTime: undefined }, ['restore-window-stale']],
    [
      'no backups: the window is not told as well',
      { backupRetentionDays: 0, latestRestorableTime: undefined },
      ['backups-disabled'],
    ],
    ['backing up', { status: 'backing-up' }, ['instance-state']],
    [
      'a replica of another engine, stopped',
      { engine: 'mysql', replicaOf: 'x', status: 'stopped' },
      ['instance-engine', 'instance-is-replica', 'instance-state'],
    ],
    [
      'a cluster member is told alone',
      { clusterIdentifier: 'c', engine: 'aurora-postgresql', status: 'stopped' },
      ['instance-in-cluster'],
    ],
  ])('%s', (_name, change, codes) => {
    expect(targetRefusals(request(), target(change), NOW).map((each) => each.code)).toEqual(codes);
  });

  test.each([
    ['wait', 100, ['snapshot-quota']],
    ['start', 101, ['snapshot-quota']],
    ['wait', 99, []],
    ['skip', 200, []],
  ] as const)('snapshot: %s with %i of 100 snapshots', (snapshot, count, codes) => {
    const one = {
      identifier: 's',
      arn: 'a',
      status: 'available',
      percent: 100,
      sourceIdentifier: 'x',
      sourceResourceId: 'y',
      createdAt: 1,
      tags: {},
    };
    const full = target({}, { manualSnapshots: Array.from({ length: count }, () => one) });
    expect(targetRefusals(request({ snapshot }), full, NOW).map((each) => each.code)).toEqual(codes);
    expect(targetRefusals(request({ snapshot }), { ...full, snapshotLimit: undefined }, NOW)).toEqual([]);
  });
});
