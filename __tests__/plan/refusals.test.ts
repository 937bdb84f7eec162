import { describe, expect, test } from '@jest/globals';
import type { DatabaseFacts, TargetFacts } from '../../src/domain/facts.ts';
import type { ProblemCode } from '../../src/domain/problem.ts';
import {
  databaseRefusals,
  historyRefusals,
  limitRefusals,
  targetRefusals,
  urlRefusals,
} from '../../src/plan/refusals.ts';
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
    ['a server that Prisma would meet without TLS', { refusesPlain: true }, ['database-tls']],
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

describe('the URLs', () => {
  const PG = 'postgresql://u:S3cret@h/d';
  const MYSQL = 'mysql://u:S3cret@h/d';
  const both = project([], { urlEnv: ['DIRECT_URL', 'DATABASE_URL'] });

  test.each<[string, Parameters<typeof urlRefusals>, readonly (readonly string[])[]]>([
    ['PostgreSQL on PostgreSQL', [project(), { DATABASE_URL: PG }], []],
    ['MySQL on MySQL', [project([], { dialect: 'mysql' }), { DATABASE_URL: MYSQL }], []],
    [
      'a variable the guard does not have',
      [both, { DATABASE_URL: PG }],
      [['url-not-guarded', 'DATABASE_URL']],
    ],
    ['the wrong dialect', [project(), { DATABASE_URL: MYSQL }], [['url-invalid', 'mysql:// and']]],
    [
      'one of two in the wrong dialect',
      [
        { ...both, dialect: 'mysql' },
        { DIRECT_URL: MYSQL, DATABASE_URL: PG },
      ],
      [['url-invalid', 'postgresql:// and the provider of the Prisma schema is mysql']],
    ],
    [
      'nobody knows where Prisma takes its URL from',
      [project([], { urlEnv: [] }), { X: MYSQL }],
      [['url-invalid', 'mysql://']],
    ],
  ])('%s', (_name, [facts, urls], expected) => {
    const found = urlRefusals(facts, urls);
    expect(found.map(({ code, detail }) => [code, detail])).toEqual(
      expected.map(([code, detail]) => [code, expect.stringContaining(detail ?? '')]),
    );
    expect(JSON.stringify(found)).not.toContain('S3cret');
  });
});

describe('MySQL', () => {
  const mysql = database({ dialect: 'mysql', schema: 'shop' });

  test('no limits are in force in its sessions, and none are missed', () => {
    const limits = { ...request(), applicationName: 'x', connectionCheckIntervalMs: 0 };
    expect(
      limitRefusals({ ...mysql, settings: { ...mysql.settings, lockTimeoutMs: 0 } }, limits, 'X'),
    ).toEqual([]);
  });

  test('it speaks of databases, and no GRANT ON SCHEMA is offered', () => {
    const [baseline] = databaseRefusals({ ...mysql, historyTable: null });
    expect(baseline?.detail).toBe('database shop holds 3 tables but no _prisma_migrations');
    const [rights] = databaseRefusals({ ...mysql, historyTable: null, tables: 0, canCreateInSchema: false });
    expect(rights?.detail).toBe('app may not create tables in database shop');
    expect(rights?.fields).not.toHaveProperty('schema');
  });

  test('its lock has a name and no number', () => {
    const holder = {
      pid: 9,
      applicationName: '',
      user: 'u',
      state: null,
      query: null,
      waiting: null,
      ageMs: null,
      blockedBy: [],
    };
    const [found] = historyRefusals(project([], { dialect: 'mysql' }), comparison(), {
      ...quiet,
      advisoryLockHolders: [holder],
    });
    expect(found?.detail).toContain('prisma_migrate');
    expect(found?.detail).not.toContain('72707369');
    expect(found?.fields).toMatchObject({ pid: '9', dialect: 'mysql' });
  });
});

describe('the DB instance', () => {
  const MINUTE = 60_000;
  const wish = (change: Partial<Parameters<typeof targetRefusals>[1]> = {}) => ({
    request: request(),
    project: project(),
    now: NOW,
    ...change,
  });

  test.each([
    ['postgresql', 'postgres', undefined],
    ['postgresql', 'aurora-postgresql', undefined],
    ['postgresql', 'mysql', 'speaks MySQL, and the provider of the Prisma schema is postgresql'],
    ['mysql', 'mysql', undefined],
    ['mysql', 'mariadb', undefined],
    ['mysql', 'aurora-mysql', undefined],
    ['mysql', 'postgres', 'speaks PostgreSQL, and the provider of the Prisma schema is mysql'],
    ['mysql', 'aurora', 'only PostgreSQL, MySQL 5.7 and later'],
    [undefined, 'mysql', undefined],
    [undefined, 'oracle-ee', 'only PostgreSQL'],
  ] as const)('a project of %s on %s: %s', (dialect, engine, reason) => {
    const [found] = targetRefusals(
      target({ engine }),
      wish({ project: dialect === undefined ? undefined : project([], { dialect }) }),
    );
    if (reason === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject({ code: 'instance-engine', detail: expect.stringContaining(reason) });
  });

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
    expect(targetRefusals(target(change), wish()).map((each) => each.code)).toEqual(codes);
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
    expect(targetRefusals(full, wish({ request: request({ snapshot }) })).map((each) => each.code)).toEqual(
      codes,
    );
    expect(
      targetRefusals({ ...full, snapshotLimit: undefined }, wish({ request: request({ snapshot }) })),
    ).toEqual([]);
  });
});
