import type { Check } from '../domain/checkup.ts';
import type { Annotation } from '../domain/message.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { Fields, Words } from './advice.ts';
import { fence, md, prose, table } from './markdown.ts';
import { problemWords } from './text.ts';
import { checkTexts, skipTexts } from './texts/doctor.ts';
import { iamResources } from './texts/iam.ts';
import { count, oneLine } from './words.ts';

export type Mark = '✓' | '✗' | '–';

/** One row of the table. `next` and `run` are the remedy. */
export interface CheckRow {
  readonly mark: Mark;
  readonly title: string;
  readonly what: string;
  readonly next?: string;
  readonly run?: string;
}

const clean = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, oneLine(value, 300)]));

/** A failed check has one row for each of its problems. */
export function checkRows(checks: readonly Check[]): readonly CheckRow[] {
  return checks.flatMap((check): readonly CheckRow[] => {
    const text = checkTexts[check.name];
    const facts = clean(check.facts);
    const { title } = text;
    if (check.state === 'ok') return [{ mark: '✓', title, what: text.good(facts) }];
    if (check.state === 'failed') {
      const words =
        check.problems.length > 0
          ? check.problems.map((each) => inInstance(each, facts))
          : [text.bad?.(facts) ?? UNKNOWN];
      return words.map(({ what, next, run }) => ({
        mark: '✗',
        title,
        what,
        next,
        ...(run === undefined ? {} : { run }),
      }));
    }
    const what = text.unchecked?.[check.why]?.(facts) ?? skipTexts[check.why];
    return [{ mark: '–', title, what, ...(check.name === 'aws-changes' ? { run: policy(facts) } : {}) }];
  });
}

const UNKNOWN: Words = { what: 'The check failed without a reason.', next: 'Run the job again.' };

/** AWS does not always name the DB instance in a refusal. */
const inInstance = (each: Problem, facts: Fields): Words =>
  problemWords(
    each.code === 'aws-denied' && facts.instance !== undefined
      ? { ...each, fields: { instance: facts.instance, ...each.fields } }
      : each,
  );

/** The calls that only look, per kind of database. */
export const LOOKING = {
  instance: ['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots', 'rds:DescribeAccountAttributes'],
  cluster: [
    ...['rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'rds:DescribeDBClusterSnapshots'],
    // Asked where a member is given, before it is known to be one.
    'rds:DescribeDBSnapshots',
  ],
} as const;

/** The whole policy of the deploy role: what was tried and what cannot be. A deploy changes no production database. */
function policy(facts: Fields): string {
  const changing = (facts.actions ?? '').split(' ').filter((each) => each !== '');
  const kind = facts.kind === 'cluster' ? 'cluster' : 'instance';
  const { instance = '' } = facts;
  const production = facts.arn ?? `arn:aws:rds:*:*:${kind === 'cluster' ? 'cluster' : 'db'}:${instance}`;
  const about = problem('aws-denied', '', { instance, resource: `${production}-gm-*` });
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: LOOKING[kind], Resource: '*' },
        ...changing.map((action) => ({
          Effect: 'Allow',
          Action: action,
          Resource: iamResources(about, action),
        })),
      ],
    },
    null,
    2,
  );
}

export function doctorHeadline(checks: readonly Check[]): string {
  const number = (state: Check['state']): number => checks.filter((each) => each.state === state).length;
  const rest = number('skipped') === 0 ? '' : ` (${number('skipped')} not checked)`;
  return number('failed') > 0
    ? `${number('failed')} of ${count(checks.length, 'check')} failed${rest}.`
    : `Nothing found that stands against the first deploy${rest}.`;
}

/** Lines of the step's log. */
export function doctorLog(checks: readonly Check[]): readonly string[] {
  const rows = checkRows(checks);
  const width = Math.max(...rows.map(({ title }) => title.length), 0);
  const indent = ' '.repeat(width + 6);
  return [
    ...rows.flatMap(({ mark, title, what, next, run }) => [
      `  ${mark} ${title.padEnd(width)}  ${oneLine(what, 600)}`,
      ...(next === undefined ? [] : [`${indent}→ ${oneLine(next, 600)}`]),
      ...(run === undefined ? [] : run.split('\n').map((line) => `${indent}  ${line}`)),
    ]),
    '',
    doctorHeadline(checks),
  ];
}

/** For the job summary. Commands and the policy follow the table, because a cell cannot hold a block. */
export function doctorSummary(checks: readonly Check[]): string {
  const rows = checkRows(checks);
  const cells = rows.map(({ mark, title, what, next }) => [
    mark,
    md(title, 80),
    `${prose(what, 700)}${next === undefined ? '' : `<br>**Do:** ${prose(next, 700)}`}`,
  ]);
  const blocks = rows.flatMap(({ title, run }) =>
    run === undefined ? [] : [`${md(title, 80)}:`, fence(run, run.startsWith('{') ? 'json' : 'sh', 6_000)],
  );
  return [
    `## Doctor: ${md(doctorHeadline(checks), 200)}`,
    'Nothing was changed, neither in the database nor in AWS.',
    table(['', 'check', 'what was found'], cells),
    ...blocks,
  ].join('\n\n');
}

/** One annotation per failed row. */
export const doctorAnnotations = (checks: readonly Check[]): readonly Annotation[] =>
  checkRows(checks)
    .filter(({ mark }) => mark === '✗')
    .map(({ title, what, next }) => ({
      level: 'error',
      title: `Doctor: ${title}`,
      message: [what, next ?? ''].join(' ').trim(),
    }));
