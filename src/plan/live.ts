import { HAZARD_LEVELS, type Hazard, type HazardLevel } from '../domain/hazard.ts';
import {
  type Ask,
  COUNTED_TO,
  type LiveAnswer,
  type LiveCheck,
  type LiveQuestion,
} from '../domain/live-check.ts';

export interface AnsweredCheck {
  readonly check: LiveCheck;
  readonly answer: LiveAnswer;
}

/** Each question once, one after the other: this is somebody's production. */
export async function askAll(checks: readonly LiveCheck[], ask: Ask): Promise<readonly AnsweredCheck[]> {
  const known = new Map<string, LiveAnswer>();
  const answered: AnsweredCheck[] = [];
  for (const check of checks) {
    const key = JSON.stringify(check.question);
    const answer = known.get(key) ?? (await ask(check.question));
    known.set(key, answer);
    answered.push({ check, answer });
  }
  return answered;
}

/** Rules that say nothing else than that it fails, so that an answer settles the whole finding. */
const ONLY_FAILS: ReadonlySet<string> = new Set(['add-required-column']);

/**
 * The findings after the rows were asked. Proven: an error, or a block where part of the file would stay. Proven clean:
 * a finding that only said "may fail" is gone, another says so. Not answered: as it was, and why. No value of a row is
 * told. `files`: names of the migrations, in order.
 */
export function withAnswers(
  hazards: readonly Hazard[],
  answered: readonly AnsweredCheck[],
  files: readonly string[],
): readonly Hazard[] {
  const kept = hazards.flatMap((hazard): readonly Hazard[] => {
    const own = answered.filter(({ check }) => isAbout(check, hazard));
    if (own.length === 0) return [hazard];
    const settled = ONLY_FAILS.has(hazard.rule);
    if (settled && own.every(({ answer }) => answer.state === 'none')) return [];
    const bad = own.filter(({ answer }) => answer.state === 'found');
    const told = settled ? own : own.filter(({ answer }) => answer.state !== 'found');
    const message = [hazard.message, ...told.map(sentence)].join(' ');
    const level = settled ? worst([hazard.level, ...bad.map(({ check }) => levelOf(check))]) : hazard.level;
    return [{ ...hazard, level, message }];
  });
  const inTheWay = answered.filter(
    ({ check, answer }) =>
      answer.state === 'found' &&
      !hazards.some((hazard) => ONLY_FAILS.has(hazard.rule) && isAbout(check, hazard)),
  );
  return inOrder([...kept, ...inTheWay.map(hazardOf)], files);
}

const isAbout = (check: LiveCheck, { migration, line, rule }: Hazard): boolean =>
  check.migration === migration && check.line === line && check.rules.includes(rule);

const levelOf = ({ leavesHalf }: LiveCheck): HazardLevel => (leavesHalf ? 'block' : 'error');
const worst = (levels: readonly HazardLevel[]): HazardLevel =>
  HAZARD_LEVELS.find((each) => levels.includes(each)) ?? 'notice';

/** Files in the order of the pending set, in a file by line, as the rules give them. */
const inOrder = (all: readonly Hazard[], files: readonly string[]): readonly Hazard[] =>
  all.toSorted(
    (a, b) =>
      files.indexOf(a.migration) - files.indexOf(b.migration) ||
      a.line - b.line ||
      HAZARD_LEVELS.indexOf(a.level) - HAZARD_LEVELS.indexOf(b.level),
  );

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const list = ({ columns }: LiveQuestion): string => columns.map(quoted).join(', ');
const counted = (count: number, one: string, many = `${one}s`): string =>
  count > COUNTED_TO
    ? `more than ${COUNTED_TO.toLocaleString('en-US')} ${many}`
    : `${count} ${count === 1 ? one : many}`;

function sentence({ check, answer }: AnsweredCheck): string {
  const { question, label } = check;
  const about = {
    duplicates: `duplicates in ${list(question)} of ${label}`,
    nulls: `NULL in ${list(question)} of ${label}`,
    rows: `rows in ${label}`,
  }[question.kind];
  if (answer.state === 'unknown') return `Not checked for ${about}: ${answer.why}.`;
  return answer.state === 'none'
    ? `Checked now: no ${about}.`
    : `Checked now: ${found(check, answer.count)}.`;
}

function found({ question, label }: LiveCheck, count: number): string {
  const rows = counted(count, 'row');
  const have = count === 1 ? 'has' : 'have';
  switch (question.kind) {
    case 'rows':
      return `${label} has ${rows}`;
    case 'nulls':
      return `${rows} of ${label} ${have} NULL in ${list(question)}`;
    case 'duplicates': {
      const what = question.columns.length === 1 ? counted(count, 'value') : counted(count, 'combination');
      return `${what} of ${list(question)} ${count === 1 ? 'stands' : 'stand'} in more than one row of ${label}`;
    }
  }
}

const CODES = { duplicates: '23505', nulls: '23502', rows: '23502' } as const;

/** How to see them; the values are for the eyes of who may read the table. */
function look(question: LiveQuestion): string {
  const table = `${quoted(question.schema)}.${quoted(question.table)}`;
  const columns = list(question);
  switch (question.kind) {
    case 'rows':
      return `SELECT count(*) FROM ${table};`;
    case 'nulls':
      return `SELECT * FROM ${table} WHERE ${question.columns.map((each) => `${quoted(each)} IS NULL`).join(' OR ')};`;
    case 'duplicates':
      return `SELECT ${columns}, count(*) FROM ${table} GROUP BY ${columns} HAVING count(*) > 1;`;
  }
}

function hazardOf({ check, answer }: AnsweredCheck): Hazard {
  const { migration, path, line, endLine, statement, label, question, leavesHalf } = check;
  const count = answer.state === 'found' ? answer.count : 0;
  const half = leavesHalf ? ' What stands before it in the file is committed by then and stays.' : '';
  return {
    rule: 'rows-in-the-way',
    level: levelOf(check),
    title: 'Rows that are there now make the statement fail',
    ...{ migration, path, line, endLine, statement },
    tables: [label],
    message: `Checked now: ${found(check, count)}, so the statement fails (${CODES[question.kind]}).${half} Mend the rows first, in an earlier migration.`,
    suggestion: `-- see them, and mend them in a migration before this one:\n${look(question)}`,
    docs: 'docs/hazards/rows-in-the-way.md',
    suppressible: false,
  };
}
