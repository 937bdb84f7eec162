import { describe, expect, test } from '@jest/globals';
import type { Notice, NoticeCode } from '../../src/domain/event.ts';
import { PROBLEM_CODES, type ProblemCode, problem } from '../../src/domain/problem.ts';
import { NOTICE_TEXTS, noticeWords, PROBLEM_TEXTS, problemWords } from '../../src/report/text.ts';

const CODES = Object.keys(PROBLEM_CODES) as readonly ProblemCode[];
const NOTICES = Object.keys(NOTICE_TEXTS) as readonly NoticeCode[];

/** Every field that any adapter fills. */
const FIELDS = {
  host: 'db.example',
  port: 5433,
  database: 'shop',
  user: 'deployer',
  action: 'rds:CreateDBSnapshot',
  resource: 'arn:aws:rds:eu-west-1:1:snapshot:gm-x',
  reason: 'no identity-based policy allows it',
  code: '42501',
  message: 'the server said so',
  instance: 'shop-prod',
  snapshot: 'gm-shop',
  status: 'storage-full',
  latest: '2026-11-20T00:00:00Z',
  count: 100,
  limit: 100,
  timeout: 3_600_000,
  name: 'shop-old',
  got: 'nonsense',
  expected: 'sense',
  wanted: 'sense',
  version: '8.0.0',
  path: 'prisma/schema.prisma',
  migration: '20261102_drop_email',
  logs: 'ERROR: relation "x" does not exist',
  variable: 'DATABASE_URL',
  variables: 'DATABASE_URL, DIRECT_URL',
  pid: 4711,
  command: 'verify-command',
  exitCode: 3,
  differences: 'table public.users',
  setting: 'lock_timeout',
  engine: 'mysql',
  cluster: 'shop-cluster',
  tables: 12,
};

const good = (text: string): void => {
  expect(text).not.toMatch(/undefined|null|NaN|\[object|\bat .*:\d+:\d+|Error: |!|—|\.\.$| {2}|\(\)|""/);
  expect(text.trim()).toBe(text);
};

test('every code of the catalogue has words and no other has', () => {
  expect(Object.keys(PROBLEM_TEXTS).sort()).toEqual([...CODES].sort());
});

describe.each(CODES)('%s', (code) => {
  test.each([
    ['without facts', problem(code, '')],
    ['with a detail', problem(code, 'one technical line')],
    ['with every fact', problem(code, 'one technical line', FIELDS)],
  ])('%s', (_, each) => {
    const words = problemWords(each);
    good(words.what);
    good(words.next);
    expect(words.what).toMatch(/^["\w].*\.$/s);
    expect(words.next).toMatch(/^[A-Z].*[.:"]$/s);
    expect(words.run ?? 'x').not.toMatch(/undefined|NaN/);
  });
});

describe.each(NOTICES)('notice %s', (code) => {
  test.each([
    ['without facts', {}],
    ['with every fact', { ...FIELDS, line: '3', oddity: 'byte-order-mark', port: '5433' }],
  ])('%s', (_, fields) => {
    const strings = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
    const words = noticeWords({ code, level: 'warning', fields: strings } satisfies Notice);
    good(words.what);
    expect(words.what.endsWith('.')).toBe(true);
    if (words.next !== undefined) good(words.next);
  });
});

test.each<[ProblemCode, Record<string, string | number>, RegExp]>([
  [
    'backups-disabled',
    { instance: 'shop-prod' },
    /modify-db-instance --db-instance-identifier shop-prod --backup-retention-period 7/,
  ],
  ['history-failed', { migration: 'm1' }, /npx prisma migrate resolve --rolled-back "m1"/],
  ['instance-not-found', { region: 'eu-west-1' }, /describe-db-instances .* --region eu-west-1/],
  [
    'instance-state',
    { instance: 'shop-prod', status: 'stopped' },
    /aws rds wait db-instance-available --db-instance-identifier shop-prod/,
  ],
  ['migration-running', { pid: 12 }, /pg_terminate_backend\(12\)/],
])('%s brings a command with real names', (code, fields, expected) => {
  expect(problemWords(problem(code, '', fields)).run).toMatch(expected);
});

test('a denied restore names the action and every resource that AWS checks', () => {
  const words = problemWords(
    problem('aws-denied', 'x', {
      action: 'rds:RestoreDBInstanceToPointInTime',
      instance: 'shop',
      resource: 'arn:aws-cn:rds:cn-north-1:42:db:shop',
    }),
  );
  expect(words.what).toContain('rds:RestoreDBInstanceToPointInTime');
  expect(JSON.parse(words.run ?? '')).toEqual({
    Effect: 'Allow',
    Action: 'rds:RestoreDBInstanceToPointInTime',
    Resource: [
      'db:shop',
      'db:shop-gm-*',
      'db:shop-replaced-*',
      'auto-backup:*',
      'og:*',
      'pg:*',
      'subgrp:*',
    ].map((each) => `arn:aws-cn:rds:cn-north-1:42:${each}`),
  });
});

test.each([
  ["x'; rm -rf ~; '", `npx prisma migrate resolve --rolled-back 'x'\\''; rm -rf ~; '\\'''`],
  ['$(reboot)', `npx prisma migrate resolve --rolled-back '$(reboot)'`],
  ['a`b', "npx prisma migrate resolve --rolled-back 'a`b'"],
])('a hostile migration name %s cannot run anything when pasted', (migration, expected) => {
  expect(problemWords(problem('history-failed', '', { migration })).run).toBe(expected);
});

test('hostile facts never reach a SQL or AWS command unquoted', () => {
  const evil = {
    pid: '1); DROP TABLE x',
    database: '"; DROP DATABASE x',
    user: 'a"b',
    schema: 'c"d',
    instance: 'a b;c',
    days: '7; x',
  };
  for (const code of CODES) {
    const { run = '' } = problemWords(problem(code, '', evil));
    expect(run).not.toMatch(/DROP (TABLE|DATABASE)/);
    expect(run.replaceAll("'a b;c'", '')).not.toMatch(/a b;c|7; x/);
  }
});

test('an unknown code of a newer version still says its detail', () => {
  const foreign = { ...problem('unexpected', 'a newer thing'), code: 'from-the-future' as ProblemCode };
  expect(problemWords(foreign).what).toContain('a newer thing');
});
