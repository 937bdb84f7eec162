import { describe, expect, test } from '@jest/globals';
import { endsInRollback, isAtomic, isWrapped, leavesTransactionOpen } from '../../src/domain/atomicity.ts';
import { parseText } from '../fakes/parser.ts';

const statements = (sql: string) => parseText('m', sql).statements;

describe('a failure leaves nothing behind', () => {
  test.each([
    // sql, up to 7.3 (one batch), from 7.4 (statement by statement)
    ['ALTER TABLE a ADD COLUMN b int', true, true],
    ['CREATE TABLE a (i int); UPDATE a SET i = 1', true, false],
    ['BEGIN; CREATE TABLE a (i int); UPDATE a SET i = 1; COMMIT', true, true],
    ['BEGIN; CREATE TABLE a (i int); SAVEPOINT s; COMMIT', true, true],
    ['BEGIN; CREATE TABLE a (i int)', true, true],
    ['CREATE TABLE a (i int); COMMIT; UPDATE a SET i = 1', false, false],
    ['BEGIN; UPDATE a SET i = 1; COMMIT; UPDATE a SET i = 2', false, false],
    ['BEGIN; UPDATE a SET i = 1; ROLLBACK', false, false],
    ['CREATE INDEX CONCURRENTLY i ON a (b)', false, false],
    ['SET lock_timeout = 1; CREATE INDEX CONCURRENTLY i ON a (b)', false, false],
    ['DO $x$ something $x$', true, true],
    ['DO $x$ COMMIT $x$', false, false],
    ['CALL tidy()', false, false],
    ['', true, true],
    ['a syntax error', true, false],
  ])('%s', (sql, batch, split) => {
    expect([isAtomic(parseText('m', sql), false), isAtomic(parseText('m', sql), true)]).toEqual([
      batch,
      split,
    ]);
  });
});

test.each([
  ['BEGIN; SELECT 1; COMMIT', true, false, false],
  ['BEGIN; SELECT 1', false, true, false],
  ['BEGIN; COMMIT; BEGIN', false, true, false],
  ['BEGIN; SELECT 1; ROLLBACK', false, false, true],
  ['BEGIN; ROLLBACK; BEGIN; COMMIT', false, false, false],
  ['SELECT 1; SELECT 2', false, false, false],
  ['COMMIT', false, false, false],
])('%s', (sql, wrapped, open, undone) => {
  const all = statements(sql);
  expect([isWrapped(all), leavesTransactionOpen(all), endsInRollback(all)]).toEqual([wrapped, open, undone]);
});
