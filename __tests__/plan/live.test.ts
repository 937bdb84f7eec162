import { describe, expect, test } from '@jest/globals';
import type { Hazard } from '../../src/domain/hazard.ts';
import {
  COUNTED_TO,
  type LiveAnswer,
  type LiveCheck,
  type LiveQuestion,
} from '../../src/domain/live-check.ts';
import { askAll, withAnswers } from '../../src/plan/live.ts';
import { hazard } from '../report/hazard-facts.ts';

const AT = { schema: 'public', table: 'users' } as const;
const UNIQUE: LiveQuestion = { ...AT, kind: 'duplicates', columns: ['email'], nullsEqual: false };
const NULLS: LiveQuestion = { ...AT, kind: 'nulls', columns: ['email', 'Odd "x"'] };
const ROWS: LiveQuestion = { ...AT, kind: 'rows', columns: [] };
const found = (count: number): LiveAnswer => ({ state: 'found', count });
const NONE: LiveAnswer = { state: 'none' };
const UNKNOWN: LiveAnswer = { state: 'unknown', why: 'it took longer than 3 s' };

const check = (
  question: LiveQuestion,
  rules: readonly string[],
  change: Partial<LiveCheck> = {},
): LiveCheck => ({
  ...{ question, rules, migration: 'm1', path: 'prisma/migrations/m1/migration.sql', line: 3, endLine: 4 },
  ...{ statement: 'ALTER TABLE users', label: 'users', leavesHalf: false, ...change },
});
const at = (rule: string, level: Hazard['level'], change: Partial<Hazard> = {}): Hazard =>
  hazard({ rule, level, migration: 'm1', line: 3, message: 'It is so.', ...change });
const asked = (given: readonly Hazard[], the: LiveCheck, answer: LiveAnswer): readonly Hazard[] =>
  withAnswers(given, [{ check: the, answer }], ['m1', 'm2']);
const told = (hazards: readonly Hazard[]): readonly string[] =>
  hazards.map(({ rule, level, line }) => `${rule} ${level} ${line}`);

const REQUIRED = check(ROWS, ['add-required-column']);
describe('a finding that only says that it may fail', () => {
  test('the table is empty: it is gone', () => {
    expect(asked([at('add-required-column', 'block')], REQUIRED, NONE)).toEqual([]);
  });

  test('the table has rows: never milder, at least an error, with the number', () => {
    const [one, ...rest] = asked([at('add-required-column', 'error')], REQUIRED, found(7));
    expect(rest).toEqual([]);
    expect(one).toMatchObject({ level: 'error', message: 'It is so. Checked now: users has 7 rows.' });
    expect(told(asked([at('add-required-column', 'warning')], REQUIRED, found(7)))).toEqual([
      'add-required-column error 3',
    ]);
    expect(told(asked([at('add-required-column', 'block')], REQUIRED, found(7)))).toEqual([
      'add-required-column block 3',
    ]);
    const half = check(ROWS, ['add-required-column'], { leavesHalf: true });
    expect(told(asked([at('add-required-column', 'error')], half, found(1)))).toEqual([
      'add-required-column block 3',
    ]);
  });

  test('nobody knows: as it was, and why', () => {
    expect(asked([at('add-required-column', 'error')], REQUIRED, UNKNOWN)).toMatchObject([
      { level: 'error', message: 'It is so. Not checked for rows in users: it took longer than 3 s.' },
    ]);
  });

  test('two columns at one place: gone only when both are clean', () => {
    const both = [
      { check: REQUIRED, answer: NONE },
      { check: REQUIRED, answer: UNKNOWN },
    ];
    expect(withAnswers([at('add-required-column', 'error')], both, ['m1'])).toHaveLength(1);
  });
});

describe('a finding about a lock', () => {
  test('violated: it stays as it is, and a finding of its own says that the statement fails', () => {
    const given = [at('create-index', 'notice')];
    const hazards = asked(given, check(UNIQUE, ['create-index']), found(12));
    expect(told(hazards)).toEqual(['rows-in-the-way error 3', 'create-index notice 3']);
    expect(hazards[1]).toEqual(given[0]);
    expect(hazards[0]).toMatchObject({
      tables: ['users'],
      endLine: 4,
      suppressible: false,
      message:
        'Checked now: 12 values of "email" stand in more than one row of users, so the statement fails (23505). Mend the rows first, in an earlier migration.',
      suggestion: expect.stringContaining(
        'SELECT "email", count(*) FROM "public"."users" GROUP BY "email" HAVING count(*) > 1;',
      ),
    });
  });

  test('where statements commit by themselves and one stands before it: block', () => {
    const [first] = asked([], check(NULLS, ['set-not-null'], { leavesHalf: true }), found(1));
    expect(first).toMatchObject({ rule: 'rows-in-the-way', level: 'block' });
    expect(first?.message).toContain('1 row of users has NULL in "email", "Odd ""x"""');
    expect(first?.message).toContain('committed by then and stays');
  });

  test('clean: the level is of the lock and stays; the message says so', () => {
    expect(asked([at('set-not-null', 'warning')], check(NULLS, ['set-not-null']), NONE)).toMatchObject([
      { level: 'warning', message: 'It is so. Checked now: no NULL in "email", "Odd ""x""" of users.' },
    ]);
  });

  test('nobody knows: as it was, and why', () => {
    expect(asked([at('create-index', 'error')], check(UNIQUE, ['create-index']), UNKNOWN)).toMatchObject([
      {
        level: 'error',
        message: 'It is so. Not checked for duplicates in "email" of users: it took longer than 3 s.',
      },
    ]);
  });
});

test('nothing is said of what has no finding and no violation', () => {
  expect(asked([], check(UNIQUE, []), NONE)).toEqual([]);
  expect(asked([], check(UNIQUE, []), UNKNOWN)).toEqual([]);
});

test.each([
  ['another line', at('create-index', 'notice', { line: 9 })],
  ['another rule', at('drop-column', 'notice')],
  ['another file', at('create-index', 'notice', { migration: 'm2' })],
])('the answer is not told at %s', (_, other) => {
  expect(asked([other], check(UNIQUE, ['create-index']), NONE)).toEqual([other]);
});

test('findings stay in the order of the files, and of the lines', () => {
  const given = [
    at('create-index', 'notice', { line: 9 }),
    at('create-index', 'notice', { migration: 'm2', line: 1 }),
  ];
  const late = check(UNIQUE, [], { migration: 'm2', line: 2 });
  expect(
    told(
      withAnswers(
        given,
        [
          { check: late, answer: found(1) },
          { check: check(UNIQUE, []), answer: found(1) },
        ],
        ['m1', 'm2'],
      ),
    ),
  ).toEqual([
    'rows-in-the-way error 3',
    'create-index notice 9',
    'create-index notice 1',
    'rows-in-the-way error 2',
  ]);
});

test('more than anybody counts is told as more', () => {
  const [one] = asked([], check(ROWS, []), found(COUNTED_TO + 1));
  expect(one?.message).toContain('users has more than 1,000 rows');
});

test('each question is asked once, one after the other', async () => {
  const log: string[] = [];
  const answered = await askAll(
    [check(UNIQUE, ['a']), check(NULLS, ['b']), check({ ...UNIQUE }, ['c'])],
    async ({ kind }) => {
      log.push(`ask ${kind}`);
      await Promise.resolve();
      log.push(`told ${kind}`);
      return NONE;
    },
  );
  expect(log).toEqual(['ask duplicates', 'told duplicates', 'ask nulls', 'told nulls']);
  expect(answered.map(({ check: { rules }, answer }) => [rules, answer])).toEqual([
    [['a'], NONE],
    [['b'], NONE],
    [['c'], NONE],
  ]);
});
