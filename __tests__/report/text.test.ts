import { describe, expect, test } from '@jest/globals';
import type { Notice, NoticeCode } from '../../src/domain/event.ts';
import { PROBLEM_CODES, type ProblemCode, problem } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import { slack } from '../../src/report/slack.ts';
import { NOTICE_TEXTS, noticeWords, PROBLEM_TEXTS, problemWords, wordsIn } from '../../src/report/text.ts';
import { read } from '../rules/source.ts';
import { ENDS } from './rollback-ends.ts';
import { begun, RESTORED, runOf, SCENARIOS } from './runs.ts';

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

test('a denied rename of the copy: the statement is about production and its names', () => {
  const about = problem('aws-denied', 'x', {
    action: 'rds:ModifyDBInstance',
    instance: RESTORED,
    resource: `arn:aws:rds:eu-west-1:42:db:${RESTORED}`,
  });
  const named = (change: Partial<DeployRequest>): unknown => {
    const words = wordsIn(runOf(begun(change, [])), about);
    return JSON.parse(words.run ?? '').Resource;
  };
  const of = (...names: readonly string[]) => names.map((each) => `arn:aws:rds:eu-west-1:42:${each}`);
  expect(named({ mode: 'promote', promote: 'rename' })).toEqual(
    of('db:shop-prod', 'db:shop-prod-gm-*', 'db:shop-prod-replaced-*', 'og:*', 'pg:*'),
  );
  // Whoever only mends the copy need not be allowed to change production.
  expect(named({ mode: 'deploy' })).toEqual(of('db:shop-prod-gm-*', 'og:*', 'pg:*'));
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

test('an IPv6 server is in brackets, and a pooler is named by the variable that leads to it', () => {
  const at = problemWords(problem('database-unreachable', '', { host: '::1', port: 5432 }));
  expect(at.what).toContain('at [::1]:5432 ');
  const pooled = (variable: string) => problemWords(problem('limits-not-in-force', '', { variable })).next;
  expect(pooled('DATABASE_URL')).toMatch(
    /Set DATABASE_URL to the endpoint.*or let Prisma migrate by DIRECT_URL/,
  );
  expect(pooled('DIRECT_URL')).not.toMatch(/or let Prisma/);
});

test('an unknown code of a newer version still says its detail', () => {
  const foreign = { ...problem('unexpected', 'a newer thing'), code: 'from-the-future' as ProblemCode };
  expect(problemWords(foreign).what).toContain('a newer thing');
});

/** The first table of the runbook: what the message says, and the page to open. */
const PAGES = [...read('docs/runbook.md').matchAll(/^\| (.*) \| .*\]\(runbook\/(.*)\) \|$/gm)].map(
  ([, says = '', page]) => ({
    page,
    phrases: [...says.matchAll(/"([^"]+)"/g)].map(([, phrase = '']) =>
      phrase.replace(/ …$/, '').toLowerCase(),
    ),
  }),
);
const pageFor = (text: string): string | undefined =>
  PAGES.find(({ phrases }) => phrases.some((phrase) => text.toLowerCase().includes(phrase)))?.page;

const STARTED_NOTHING = 'a-unchanged.md#nothing-was-started';
test.each([
  [STARTED_NOTHING, ['bad-inputs', 'refused', 'snapshot-failed']],
  ['a-unchanged.md', ['failed-unchanged', 'lock-timeout']],
  ['b-restored.md', ['failed-changed-restored', 'check-failed', 'END verified']],
  [
    'c-restoring.md',
    ['failed-in-flight', 'failed-changed-restoring', 'alert-only', 'restore-failed', 'restore-late'],
  ],
  ['c-restoring.md', ['restore-broken', 'END restoring', 'END broken']],
  ['d-unknown.md', ['nobody-knows']],
  ['e-killed.md', ['cancelled-early', 'cancelled-in-migration', 'END cancelled']],
  ['f-copy-differs.md', ['restore-unverified', 'mismatch', 'END mismatch', 'END unverified']],
  ['g-cut-over.md#after', ['END promoted']],
])('the runbook leads to %s whoever reads first the heading, then the rest of %j', (page, names) => {
  const all: Readonly<Record<string, Parameters<typeof runOf>[0]>> = {
    ...SCENARIOS,
    ...Object.fromEntries(Object.entries(ENDS).map(([name, events]) => [`END ${name}`, events])),
  };
  for (const name of names) {
    const { blocks } = slack(runOf(all[name] ?? []), name === 'failed-in-flight' ? 'failure' : 'end');
    expect([name, pageFor(JSON.stringify(blocks[0])) ?? pageFor(JSON.stringify(blocks))]).toEqual([
      name,
      page,
    ]);
  }
});

test.each([
  ['Failed, nobody serves', 'h-stuck-promotion.md'],
  ['Failed, cut-over half done', 'h-stuck-promotion.md'],
  ['Failed, cut over, not proven', 'h-stuck-promotion.md'],
  ['Failed, not cut over, old database back', 'h-stuck-promotion.md'],
  ['Refused, not cut over', STARTED_NOTHING],
  ['Failed, restored and promoted', 'g-cut-over.md#after'],
  ['Undone', 'i-put-back.md'],
])('a promotion that says "%s" has the page %s', (title, page) => {
  expect(pageFor(title)).toBe(page);
});
