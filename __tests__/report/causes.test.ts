import { expect, test } from '@jest/globals';
import type { EventBody, Notice } from '../../src/domain/event.ts';
import { problem } from '../../src/domain/problem.ts';
import { explain } from '../../src/report/explain.ts';
import { title } from '../../src/report/title.ts';
import { identity } from './facts.ts';
import {
  changedVerdict,
  FAILED,
  failed,
  RESTORED,
  run,
  runOf,
  SCENARIOS,
  type Scenario,
  started,
  unchangedVerdict,
} from './runs.ts';

const withNotice = (
  notice: Notice,
  ...verdict: Parameters<typeof unchangedVerdict>
): readonly EventBody[] => [
  ...started(),
  { type: 'notice', notice },
  { type: 'verdict', verdict: unchangedVerdict(...verdict) },
  { type: 'run-ended', status: 'failed' },
];
const notice = (code: Notice['code'], fields: Notice['fields'] = {}): Notice => ({
  code,
  level: 'warning',
  fields: { migration: FAILED, ...fields },
});

const notBegun = (error: { readonly code: string | undefined; readonly message: string }) =>
  unchangedVerdict({ failedMigration: undefined, statement: undefined, error });

test.each<[string, readonly EventBody[], RegExp]>([
  [
    'a BOM',
    withNotice(notice('file-oddity', { oddity: 'byte-order-mark' }), {
      error: { code: '42601', message: 'syntax error at or near "CREATE"' },
    }),
    /byte order mark[\s\S]*UTF-8 without a BOM/,
  ],
  [
    'BEGIN without COMMIT',
    withNotice(notice('file-unbalanced-transaction'), { error: undefined }),
    /with BEGIN and does not commit it(?! or)[\s\S]*Add COMMIT;/,
  ],
  [
    'autocommit left off',
    withNotice(notice('file-unbalanced-transaction', { by: 'autocommit' }), { error: undefined }),
    /switches autocommit off(?![\s\S]*BEGIN)[\s\S]*Add COMMIT;/,
  ],
  [
    'BEGIN without COMMIT, told by the verdict',
    withNotice(notice('file-unbalanced-transaction'), {
      error: { code: undefined, message: 'the file opens a transaction with BEGIN and never commits it' },
    }),
    /never commits it[\s\S]*Add COMMIT;/,
  ],
  [
    'the hidden error',
    failed(unchangedVerdict({ error: { code: '25P02', message: 'current transaction is aborted' } })),
    /real error came earlier/,
  ],
  [
    'a replayed error',
    failed(
      unchangedVerdict({
        statement: { migration: FAILED, path: 'p', line: 2, text: 'x', foundBy: 'replayed' },
      }),
    ),
    /trying the file again in a transaction that was rolled back/,
  ],
  [
    'no time limit in the file',
    [
      ...started(),
      { type: 'notice', notice: notice('file-resets-limits', { setting: 'statement_timeout', line: '1' }) },
      { type: 'stopping', reason: 'migration-timeout' },
      {
        type: 'verdict',
        verdict: unchangedVerdict({ error: { code: '57014', message: 'migration-timeout passed' } }),
      },
    ],
    /sets statement_timeout itself \(line 1\)[\s\S]*because migration-timeout passed \(30m\)/,
  ],
  [
    'a removed leftover',
    [
      ...started(),
      { type: 'leftover-removed', index: 'public.idx_a' },
      { type: 'verdict', verdict: unchangedVerdict() },
    ],
    /removed 1 INVALID index .*public.idx_a/,
  ],
  [
    'a statement that took too long',
    failed(
      unchangedVerdict({ error: { code: '57014', message: 'canceling statement due to statement timeout' } }),
    ),
    /longer than statement-timeout \(30s\)/,
  ],
  [
    'a schema that Prisma does not accept',
    failed(notBegun({ code: 'P1012', message: 'This line is invalid.' })),
    /The migration of shop-prod failed: This line is invalid \(P1012\)[\s\S]*prisma validate/,
  ],
  [
    'an unknown reason not to begin',
    failed(notBegun({ code: undefined, message: 'Cannot find module' })),
    /no file is to blame/,
  ],
  ['the blocker', SCENARIOS['lock-timeout'], /held by pid 4711, user reporter, application "nightly-export"/],
])('%s is explained', (_, events, expected) => {
  const told = explain(runOf(events));
  expect([told.headline, ...told.why, told.did, ...told.next.map((each) => each.say)].join('\n')).toMatch(
    expected,
  );
});

test('a notice about another file does not explain this failure', () => {
  const told = explain(
    runOf(
      withNotice(notice('file-oddity', { migration: 'another', oddity: 'byte-order-mark' }), {
        error: { code: '42601', message: 'syntax error' },
      }),
    ),
  );
  expect(told.why.join()).not.toMatch(/byte order mark/);
});

test.each([
  ['P1014', 'The underlying table does not exist', /to another database with USE/],
  ['1419', 'You do not have the SUPER privilege', /log_bin_trust_function_creators to 1/],
  [undefined, 'Error querying the database: Connection to the server is closed.', /RDS events/],
])('MySQL: %s, %s', (code, message, says) => {
  const the = runOf(failed(unchangedVerdict({ error: { code, message } })));
  const told = explain(
    the.database === undefined ? the : { ...the, database: { ...the.database, dialect: 'mysql' } },
  );
  const words = [...told.why, ...told.next.map((each) => each.say)].join('\n');
  expect(words).toMatch(says);
  expect(words).not.toMatch(/search_path/);
});

test('a lock that a stranger took is no mistake in the file', () => {
  const the = runOf(failed(unchangedVerdict()));
  const told = explain({ ...the, stopReason: 'lock-taken' });
  expect(told.next[0]?.say).toMatch(/no session holds the lock/);
  // It may be the migration itself, seen under another address.
  expect(told.did).toMatch(/not known as ours/);
});

test('both failures are told, whichever came first', () => {
  const told = explain(run('restore-failed'));
  expect(told.headline).toMatch(/phone.*The restore failed too/);
  expect(told.did).toMatch(/could not be requested/);
});

test('a request for a restore without an answer is not called a failure of AWS', () => {
  const told = explain(
    runOf([
      ...failed(changedVerdict()),
      { type: 'step-intended', step: 'restore' },
      { type: 'run-ended', status: 'cancelled' },
    ]),
  );
  expect(told.did).toMatch(/whether AWS received it is not known/);
  expect(told.next[0]?.run).toContain(
    `describe-db-instances --region eu-west-1 --db-instance-identifier ${RESTORED}`,
  );
});

test('an expired session in the middle of a restore says how to go on', () => {
  const told = explain(
    runOf([
      ...SCENARIOS['failed-changed-restoring'].slice(0, -1),
      {
        type: 'step-failed',
        step: 'wait-restore',
        problem: problem('credentials-expired', 'ExpiredToken', { action: 'rds:DescribeDBInstances' }),
      },
      { type: 'run-ended', status: 'restoring' },
    ]),
  );
  expect(told.did).toMatch(/credentials expired/);
  expect(told.next.map((each) => each.say).join('\n')).toMatch(
    /goes on in AWS by itself[\s\S]*role-duration-seconds/,
  );
});

test('nothing of the identity is lost when inputs could not be read', () => {
  expect(run('bad-inputs').identity).toEqual(identity);
  expect(explain(run('bad-inputs')).headline).toMatch(/^The deploy to the database was refused/);
});

test('a rollback with bad inputs is not told as a deploy', () => {
  const told = explain({ ...run('bad-inputs'), asked: 'rollback' });
  expect(told.headline).toMatch(/^The rollback of the database was refused/);
  expect(told.data).not.toMatch(/migration/);
});

test('an error in the middle of the migration is never called a stop before it', () => {
  const broken: readonly EventBody[] = [
    ...started(),
    { type: 'refused', problems: [problem('database-lost', 'terminating connection', { host: 'db' })] },
  ];
  for (const events of [broken, [...broken, { type: 'run-ended', status: 'failed' } as const]]) {
    const told = explain(runOf(events));
    expect(told.headline).toMatch(
      /^The migration of shop-prod failed\. The connection to the database at db was lost/,
    );
    expect(told.data).toMatch(/not known.*Treat it as changed/);
    expect(told.did).toMatch(/No restore was requested/);
  }
});

test.each<[Scenario, string, string]>([
  ['failed-in-flight', 'Failed', 'Failed'],
  ['failed-changed-restored', 'Failed, restored beside production', 'Failed, restored beside production'],
  ['restore-failed', 'Failed, and the restore failed too', 'Failed, and the restore failed too'],
  ['restore-unverified', 'Failed, restored but not checked', 'Failed, restored but not checked'],
  ['mismatch', 'Failed, and the restored database differs', 'Failed, and the restored database differs'],
  ['failed-changed-restoring', 'Failed, restore running', 'Failed, restore running'],
  ['refused', 'Refused', 'Refused'],
  ['snapshot-failed', 'Stopped before the migration', 'Stopped before the migration'],
  ['applied', 'Running', 'Applied'],
])('%s has the same heading before and after the run has its status', (name, before, after) => {
  expect(title(runOf(SCENARIOS[name].filter((event) => event.type !== 'run-ended')))).toBe(before);
  expect(title(run(name))).toBe(after);
});
