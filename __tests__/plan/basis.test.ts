import { describe, expect, test } from '@jest/globals';
import type { MigrationOnDisk } from '../../src/domain/facts.ts';
import { basisOf, movedProblems, PLAN_VERSION } from '../../src/plan/basis.ts';
import { project } from './facts.ts';

const file = (name: string, checksum = `sum-${name}`): MigrationOnDisk => ({
  name,
  path: `prisma/migrations/${name}/migration.sql`,
  checksums: [checksum],
  bytes: 1,
});

const basis = (
  all: readonly MigrationOnDisk[],
  pending: readonly MigrationOnDisk[],
  prismaVersion = '7.10.1',
  place: { readonly resourceId?: string; readonly database?: string } = {
    resourceId: 'db-PROD',
    database: 'shop',
  },
) =>
  basisOf({
    project: project([], { migrations: all, prismaVersion }),
    pending,
    instance: place.resourceId === undefined ? undefined : { resourceId: place.resourceId },
    database: place.database,
  });

const [A, B, C] = [file('a'), file('b'), file('c')];
const NOW = basis([A, B, C], [B, C]);
const text = (plan: unknown, version: unknown = PLAN_VERSION): string =>
  JSON.stringify({ version, plan: { basis: plan } });
const moved = (then: unknown): readonly string[] =>
  movedProblems('plan.json', text(then), NOW).map(({ code, fields }) => `${code}: ${fields.moved}`);

describe('basisOf', () => {
  test('pending with checksums in order, and where the history ends', () => {
    expect(NOW).toEqual({
      pending: [
        { name: 'b', checksum: 'sum-b' },
        { name: 'c', checksum: 'sum-c' },
      ],
      applied: 1,
      lastApplied: 'a',
      prismaVersion: '7.10.1',
      resourceId: 'db-PROD',
      database: 'shop',
    });
  });

  test('nothing applied has no last one; a file without checksum is compared as empty', () => {
    const bare = { ...A, checksums: [] };
    expect(basis([bare], [bare])).toMatchObject({
      pending: [{ name: 'a', checksum: '' }],
      applied: 0,
      lastApplied: undefined,
    });
  });

  test('of the checksums of one file (as it is, and with other line ends) the first counts', () => {
    const both = { ...A, checksums: ['as-it-is', 'other'] };
    expect(basis([both], [both]).pending).toEqual([{ name: 'a', checksum: 'as-it-is' }]);
  });
});

describe('movedProblems', () => {
  test('nothing moved', () => {
    expect(moved(NOW)).toEqual([]);
    const empty = basis([A], []);
    expect(movedProblems('p', text(empty), empty)).toEqual([]);
  });

  test('nothing applied survives JSON, which has no undefined', () => {
    const first = basis([A], [A]);
    expect(movedProblems('p', text(first), first)).toEqual([]);
  });

  test.each([
    ['a file edited', basis([A, B, file('c', 'other')], [B, file('c', 'other')]), 'the pending migrations'],
    ['a file more', basis([A, B], [B]), 'the pending migrations'],
    ['a file less', basis([A, B, C, file('d')], [B, C, file('d')]), 'the pending migrations'],
    ['another order', basis([A, C, B], [C, B]), 'the pending migrations'],
    ['a file renamed', basis([A, B, C], [B, file('z', 'sum-c')]), 'the pending migrations'],
    ['one applied more', basis([A, file('a2'), B, C], [B, C]), 'the applied migrations'],
    ['another one applied', basis([file('x'), B, C], [B, C]), 'the applied migrations'],
    [
      'the plan of staging',
      basis([A, B, C], [B, C], '7.10.1', { resourceId: 'db-STAGING', database: 'shop' }),
      'the DB instance',
    ],
    [
      'another database of the server',
      basis([A, B, C], [B, C], '7.10.1', { resourceId: 'db-PROD', database: 'blog' }),
      'the database',
    ],
    [
      'a plan made without AWS',
      basis([A, B, C], [B, C], '7.10.1', { database: 'shop' }),
      'the DB instance (the plan was made without asking AWS)',
    ],
    [
      'a plan made without a database',
      basis([A, B, C], [B, C], '7.10.1', { resourceId: 'db-PROD' }),
      'the database (the plan was made without asking the database)',
    ],
    ['another Prisma', basis([A, B, C], [B, C], '7.3.0'), 'the version of Prisma'],
    [
      'everything',
      basis([file('x')], [], '6.19.3'),
      'the pending migrations, the applied migrations, the version of Prisma',
    ],
  ])('%s', (_, then, what) => {
    // One less pending is one more applied only when the project has it; the words name what differs.
    expect(moved(then).join()).toContain(`plan-moved: ${what}`);
  });

  test.each<readonly [string, string | undefined]>([
    ['no file', undefined],
    ['an empty file', ''],
    ['no JSON', '{"version": 1, "plan":'],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['another form', text(NOW, PLAN_VERSION + 1)],
    ['the version as text', text(NOW, String(PLAN_VERSION))],
    ['no plan', JSON.stringify({ version: PLAN_VERSION })],
    ['no basis', JSON.stringify({ version: PLAN_VERSION, plan: {} })],
    ['a basis of null', text(null)],
    ['no list of pending', text({ ...NOW, pending: {} })],
    ['nulls for pending', text({ ...NOW, pending: [null, null] })],
    ['text for pending', text({ ...NOW, pending: ['b', 'c'] })],
    ['no count', text({ ...NOW, applied: 'all' })],
  ])('unreadable: %s', (_, given) => {
    const problems = movedProblems('out/plan.json', given, NOW);
    expect(problems.map(({ code, fields }) => [code, fields.path])).toEqual([
      ['plan-unreadable', 'out/plan.json'],
    ]);
  });
});
