import type { Estimate, HazardRequest, Work } from '../domain/hazard.ts';
import type { Weight } from './level.ts';
import { type Match, type RuleText, sqlName } from './rule.ts';

const rounded = (value: number): string =>
  value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);

/** `400 ms`, `2.5 s`, `3 min`, `2 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${rounded(ms / 1000)} s`;
  return ms < 7_200_000 ? `${rounded(ms / 60_000)} min` : `${rounded(ms / 3_600_000)} h`;
}

const count = (value: number): string => String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

const WORK: Readonly<Record<Work, string>> = {
  rewrite: 'the table is written again',
  build: 'an index is built',
  scan: 'every row is read',
  rows: 'rows are changed',
  catalog: '',
};

const NOT_ASKED = 'No database was asked, so the size is not known.';

function sizeSentence({ size }: Weight, match: Match): string {
  if (match.tables.length === 0) return '';
  if (size.class === 'unmeasured') return NOT_ASKED;
  if (size.class === 'unknown' || size.rows === undefined)
    return 'The database does not know the size; it counts as huge.';
  return `About ${count(size.rows)} rows.`;
}

const range = ({ lowMs, highMs }: Estimate): string =>
  duration(lowMs) === duration(highMs) ? duration(lowMs) : `${duration(lowMs)} to ${duration(highMs)}`;

function timeSentence({ estimate }: Weight, { statementTimeoutMs }: HazardRequest): string {
  if (estimate === undefined || estimate.highMs < 1000) return '';
  const took = `Expected to take ${range(estimate)}`;
  return statementTimeoutMs > 0 && estimate.highMs > statementTimeoutMs
    ? `${took}, but statement-timeout ends it after ${duration(statementTimeoutMs)}.`
    : `${took}.`;
}

/** A lock is on a table, whatever the rule looks at: the column, the constraint or the index is named after it. */
function lockSentences({ lock, work }: Weight, { tables, subject }: Match): readonly string[] {
  const locked = [...new Set(tables.map(({ name }) => sqlName(name)))].join(', ');
  const about = subject === '' ? '' : `It is about ${subject}.`;
  if (lock === undefined || locked === '') return [about];
  const working = work === undefined || WORK[work] === '' ? '' : `; ${WORK[work]}`;
  return [`${lock} lock on ${locked}${working}.`, subject === locked ? '' : about];
}

/** Lock, work and size of a finding that is about a table. */
function whatHappens(weight: Weight, match: Match, request: HazardRequest): readonly string[] {
  const also = (match.also ?? []).map(({ label }) => label);
  const sized = weight.category === 'blocking' || weight.category === 'rows';
  return [
    ...lockSentences(weight, match),
    also.length === 0 ? '' : `Locked as well: ${also.join(', ')}.`,
    sized ? sizeSentence(weight, match) : '',
    timeSentence(weight, request),
  ];
}

/** What happens · why it hurts · what to do. */
export function messageOf(rule: RuleText, weight: Weight, match: Match, request: HazardRequest): string {
  return [`${rule.title}.`, ...whatHappens(weight, match, request), rule.why, match.detail ?? '', rule.remedy]
    .filter((each) => each !== '')
    .join(' ');
}
