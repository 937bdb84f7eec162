import { describe, expect, test } from '@jest/globals';
import { type Clues, locateStatement } from '../../src/guard/locate.ts';
import { parseText } from '../fakes/parser.ts';

const SQL = `CREATE TABLE coupons (id int);
UPDATE users SET mail = lower(mail);
ALTER TABLE orders ADD COLUMN coupon int;
UPDATE users SET mail = lower(mail) WHERE id = 1;
`;
const file = parseText('m', SQL);
const clues = (change: Partial<Clues>): Clues => ({
  position: undefined,
  message: '',
  watched: undefined,
  replayed: undefined,
  split: false,
  ...change,
});

type Line = readonly [string, Partial<Clues>, ReturnType<typeof locateStatement>];

describe('which statement failed', () => {
  test.each<Line>([
    ['nothing is known', {}, undefined],
    [
      'a replay wins over everything',
      { replayed: 2, position: 1, message: '"coupons"' },
      { index: 2, foundBy: 'replayed' },
    ],
    ['a position in a batch', { position: SQL.indexOf('orders') + 1 }, { index: 2, foundBy: 'position' }],
    [
      'a position at the first character of a statement',
      { position: SQL.indexOf('UPDATE') + 1 },
      { index: 1, foundBy: 'position' },
    ],
    ['the first character of all', { position: 1 }, { index: 0, foundBy: 'position' }],
    [
      'a position within a statement, at the name the message quotes',
      { split: true, position: 'ALTER TABLE '.length + 1, message: 'relation "orders" does not exist' },
      { index: 2, foundBy: 'position' },
    ],
    [
      'a position that two statements fit names none of them',
      { split: true, position: 'UPDATE '.length + 1, message: 'relation "users" does not exist' },
      undefined,
    ],
    [
      'a position within a statement without a quoted name',
      { split: true, position: 13, message: 'boom' },
      undefined,
    ],
    [
      'seen running',
      { split: true, watched: 'ALTER TABLE orders\n  ADD COLUMN coupon int;' },
      { index: 2, foundBy: 'watched' },
    ],
    [
      'seen running: the longer one, not the one it begins with',
      { split: true, watched: 'UPDATE users SET mail = lower(mail) WHERE id = 1' },
      { index: 3, foundBy: 'watched' },
    ],
    [
      'seen running: the shorter one, not the one that begins with it',
      { split: true, watched: 'UPDATE users SET mail = lower(mail)' },
      { index: 1, foundBy: 'watched' },
    ],
    [
      'seen running, cut by the server',
      { split: true, watched: 'ALTER TABLE orders ADD COL' },
      { index: 2, foundBy: 'watched' },
    ],
    [
      'seen running, cut where two begin alike',
      { split: true, watched: 'UPDATE users SET mail = low' },
      undefined,
    ],
    [
      'seen running, with a comment before it',
      { split: true, watched: '-- new column\nALTER TABLE orders ADD COLUMN coupon int' },
      { index: 2, foundBy: 'watched' },
    ],
    ['a batch is seen as a whole, which names no statement', { watched: SQL }, undefined],
    ['something else was seen', { split: true, watched: 'SELECT 1' }, undefined],
    [
      'a name in the message',
      { message: 'column "coupon" of relation "orders" already exists' },
      { index: 2, foundBy: 'named' },
    ],
    [
      'a qualified name in the message',
      { message: 'relation "public.coupons" already exists' },
      { index: 0, foundBy: 'named' },
    ],
    ['a name nobody uses', { message: 'role "deploy" does not exist' }, undefined],
  ])('%s', (_name, change, expected) => {
    expect(locateStatement(file, clues(change))).toEqual(expected);
  });

  test('the only statement needs no clue; the same statement twice gives none', () => {
    expect(locateStatement(parseText('m', 'SELECT 1'), clues({}))).toEqual({
      index: 0,
      foundBy: 'only-statement',
    });
    const twice = parseText('m', 'UPDATE users SET a = 1; UPDATE users SET a = 1');
    expect(locateStatement(twice, clues({ split: true, watched: 'UPDATE users SET a = 1' }))).toBeUndefined();
  });

  test('an empty file and one our grammar refuses have no statement', () => {
    expect(locateStatement(parseText('m', ''), clues({ position: 5, message: '"users"' }))).toBeUndefined();
    expect(locateStatement(parseText('m', 'a syntax error'), clues({ position: 5 }))).toBeUndefined();
  });
});

describe('the number that Prisma gives on MySQL', () => {
  const numbered = (sql: string, statementNumber: number) =>
    locateStatement(parseText('m', sql), clues({ split: true, statementNumber }));

  test.each([
    ['the first', SQL, 1, { index: 0, foundBy: 'position' }],
    ['the last', SQL, 4, { index: 3, foundBy: 'position' }],
    ['one more than there are', SQL, 5, undefined],
    [
      'a statement that answers once before it',
      'DO x; SELECT 1; SELECT 2',
      3,
      { index: 2, foundBy: 'position' },
    ],
    ['the CALL itself', 'SELECT 1; CALL p(); SELECT 2', 2, { index: 1, foundBy: 'position' }],
    ['a CALL before it, which answers as often as it selects', 'CALL p(); SELECT 1; SELECT 2', 2, undefined],
  ] as const)('%s', (_name, sql, number, expected) => {
    expect(numbered(sql, number)).toEqual(expected);
  });

  test('it wins over what a message names', () => {
    expect(
      locateStatement(file, clues({ split: true, statementNumber: 2, message: 'relation "coupons"' })),
    ).toEqual({ index: 1, foundBy: 'position' });
  });
});
