import { expect, test } from '@jest/globals';
import { downProblems } from '../../src/plan/down-scripts.ts';
import { problemWords } from '../../src/report/text.ts';

const pending = ['1_users', '2_orders'].map((name) => ({
  name,
  path: `db/migrations/${name}/migration.sql`,
}));

const PROJECT = { prismaVersion: '6.19.3', directory: '/repo/api', schemaPath: '/repo/api/db/schema.prisma' };

test('every pending migration without a down.sql is named with the path it should have', () => {
  expect(
    downProblems(true, pending, new Set(['1_users', '0_old']), PROJECT).map(({ code, fields }) => ({
      code,
      ...fields,
    })),
  ).toEqual([
    {
      code: 'down-missing',
      migration: '2_orders',
      path: 'db/migrations/2_orders/down.sql',
      prismaVersion: '6.19.3',
      schema: 'db/schema.prisma',
    },
  ]);
});

test.each([
  ['not asked for', false, new Set<string>()],
  ['all there', true, new Set(['1_users', '2_orders'])],
])('no problem when %s', (_, required, written) => {
  expect(downProblems(required, pending, written, PROJECT)).toEqual([]);
});

test.each([
  ['5.22.0', '--from-schema-datamodel db/schema.prisma --to-schema-datamodel before.prisma --script'],
  ['6.19.3', '--from-schema-datamodel db/schema.prisma --to-schema-datamodel before.prisma --script'],
  ['7.10.1', '--from-schema db/schema.prisma --to-schema before.prisma --script'],
])('Prisma %s: the draft has the flags that this version knows', (prismaVersion, flags) => {
  const [found] = downProblems(true, pending, new Set(), { ...PROJECT, prismaVersion });
  if (found === undefined) throw new Error('no problem');
  expect(problemWords(found).run).toBe(
    `git show origin/main:./db/schema.prisma > before.prisma\nnpx prisma migrate diff ${flags}`,
  );
});

test.each([undefined, '/repo/api/db', '/elsewhere/schema.prisma'])(
  'a schema of which git has no one file: %s',
  (schemaPath) => {
    const [found] = downProblems(true, pending, new Set(), { ...PROJECT, schemaPath });
    expect(found?.fields.schema).toBeUndefined();
  },
);
