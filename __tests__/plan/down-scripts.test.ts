import { expect, test } from '@jest/globals';
import { downProblems } from '../../src/plan/down-scripts.ts';

const pending = ['1_users', '2_orders'].map((name) => ({
  name,
  path: `db/migrations/${name}/migration.sql`,
}));

test('every pending migration without a down.sql is named with the path it should have', () => {
  expect(
    downProblems(true, pending, new Set(['1_users', '0_old'])).map(({ code, fields }) => ({
      code,
      ...fields,
    })),
  ).toEqual([{ code: 'down-missing', migration: '2_orders', path: 'db/migrations/2_orders/down.sql' }]);
});

test.each([
  ['not asked for', false, new Set<string>()],
  ['all there', true, new Set(['1_users', '2_orders'])],
])('no problem when %s', (_, required, written) => {
  expect(downProblems(required, pending, written)).toEqual([]);
});
