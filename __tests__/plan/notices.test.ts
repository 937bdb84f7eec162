import { describe, expect, test } from '@jest/globals';
import type { NoticeCode } from '../../src/domain/event.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { fileNotices, historyNotices, targetNotices } from '../../src/plan/notices.ts';
import { comparison, parsed, project, target } from './facts.ts';

describe('files', () => {
  test.each<[string, string, readonly NoticeCode[]]>([
    ['one statement', 'ALTER TABLE a ADD COLUMN b int', []],
    ['wrapped', 'BEGIN; CREATE TABLE a (i int); COMMIT', []],
    ['BEGIN without COMMIT', 'BEGIN; CREATE TABLE a (i int)', ['file-unbalanced-transaction']],
    ['limits of its own', 'SET statement_timeout = 0; CREATE TABLE a (i int)', ['file-resets-limits']],
    ['another setting', 'SET search_path = x', []],
    ['a syntax error', 'a syntax error', ['file-syntax']],
    ['a lone CONCURRENTLY', 'CREATE INDEX CONCURRENTLY i ON a (b)', []],
    ['empty', '', []],
  ])('%s', (_name, sql, codes) => {
    expect(fileNotices([parsed('a', sql)], project()).map((each) => each.code)).toEqual(codes);
  });

  test('what leaves a transaction open is named', () => {
    const file = parsed('a', 'SET x = 0');
    const off = file.statements.map((each) => ({ ...each, setting: 'autocommit' }));
    const found = [...fileNotices([{ ...file, statements: off }, parsed('b', 'BEGIN; SELECT 1')], project())];
    expect(found.map(({ code, fields }) => [code, fields.by])).toEqual([
      ['file-unbalanced-transaction', 'autocommit'],
      ['file-unbalanced-transaction', undefined],
    ]);
  });

  test('every notice says which file, and where', () => {
    const [found] = fileNotices([parsed('a', 'SELECT 1;\nSET lock_timeout = 0')], project());
    expect(found).toEqual({
      code: 'file-resets-limits',
      level: 'warning',
      fields: {
        migration: 'a',
        path: 'prisma/migrations/a/migration.sql',
        line: '2',
        setting: 'lock_timeout',
      },
    });
    const odd = { ...parsed('a', 'SELECT 1'), oddities: ['byte-order-mark', 'nul-byte'] as const };
    expect(fileNotices([odd], project()).map((each) => each.fields.oddity)).toEqual([
      'byte-order-mark',
      'nul-byte',
    ]);
  });
});

test('a history tells of edited, missing and late migrations', () => {
  const found = historyNotices(comparison({ edited: ['a'], gone: ['b'], outOfOrder: ['c', 'd'] }));
  expect(found.map((each) => [each.code, each.level, each.fields.migration])).toEqual([
    ['migration-edited', 'warning', 'a'],
    ['migration-gone', 'warning', 'b'],
    ['migration-out-of-order', 'warning', 'c'],
    ['migration-out-of-order', 'warning', 'd'],
  ]);
  expect(historyNotices(comparison())).toEqual([]);
});

test.each<[string, Partial<InstanceFacts>, string, readonly NoticeCode[]]>([
  ['the same host', {}, 'SHOP-prod.abc.eu-west-1.rds.amazonaws.com', []],
  ['another host', {}, 'db.internal', ['endpoint-differs']],
  ['no endpoint', { endpoint: undefined }, 'db.internal', []],
  [
    'IAM and a managed password',
    { iamAuthentication: true, managedPassword: true },
    'shop-prod.abc.eu-west-1.rds.amazonaws.com',
    ['iam-authentication', 'managed-password'],
  ],
])('the instance: %s', (_name, change, host, codes) => {
  expect(targetNotices(target(change).instance, host).map((each) => each.code)).toEqual(codes);
});
