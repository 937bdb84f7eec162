/** What holds for every run, however it ended. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { Ajv } from 'ajv';
import { type Deployed, slackText } from './deployed.ts';
import { root } from './world.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat('date-time', { validate: (text: string) => !Number.isNaN(Date.parse(text)) });
const validate = ajv.compile(JSON.parse(readFileSync(`${root}docs/report.schema.json`, 'utf8')) as object);
const declared = new Set(
  [
    ...readFileSync(`${root}action.yml`, 'utf8')
      .split(/^outputs:/m)
      .slice(1)
      .join('')
      .matchAll(/^ {2}([a-z-]+):$/gm),
  ].map(([, name]) => name),
);

const GOOD = ['applied', 'up-to-date'];
/** A line of a JavaScript stack: in parentheses a place, or a place alone. */
const STACK = /^\s+at (?:.+ \(.+\)|(?:file:|node:|\/).+:\d+:\d+)$/m;
const UNFINISHED = /\bundefined\b|\bNaN\b|\[object |\bInvalid Date\b/;
const PARTS = ['What happened', 'Your data', 'What we did', 'What you do next'];

export interface Wanted {
  readonly status: string;
  readonly state?: string;
  /** Must be in the closing words, in this order. */
  readonly says?: readonly (string | RegExp)[];
  /** Actions that change something in AWS, in order. */
  readonly aws?: readonly string[];
}

/** Status, exit code, state, words and AWS calls of a run, and what holds for all. */
export function expectRun(run: Deployed, wanted: Wanted): void {
  const shown = { status: run.outputs.status, exitCode: run.exitCode, state: run.outputs['database-state'] };
  expect({ ...shown, told: run.told }).toMatchObject({
    status: wanted.status,
    exitCode: GOOD.includes(wanted.status) ? 0 : 1,
    state: wanted.state ?? 'unchanged',
  });
  expectInOrder(run.told, wanted.says ?? []);
  if (wanted.aws !== undefined) expect(run.changes.map(({ action }) => action)).toEqual(wanted.aws);
  expectHonest(run);
}

export function expectHonest(run: Deployed): void {
  const { result } = run;
  const slack = run.slack.map(({ body }) => slackText(body));
  const everything = [result.stdout, result.stderr, run.summary, ...slack, JSON.stringify(run.outputs)];
  for (const text of everything) expect(text).not.toMatch(STACK);
  for (const text of [run.told, run.summary, ...slack]) {
    expect(text).not.toMatch(UNFINISHED);
    expectInOrder(text, PARTS);
  }
  expect(result.stderr).toBe('');
  expect(Object.keys(run.outputs).filter((name) => !declared.has(name))).toEqual([]);
  expect(Object.values(run.outputs)).not.toContain('');
  if (run.report !== undefined) expect(validate(run.report) ? [] : validate.errors).toEqual([]);
  expect(result.orphans).toBe(0);
  expect(result.unexpectedInputs).toEqual([]);
  expect(result.post).toMatchObject({ exitCode: 0, stderr: '' });
}

export function expectInOrder(text: string, parts: readonly (string | RegExp)[]): void {
  let from = 0;
  for (const part of parts) {
    const rest = text.slice(from);
    if (typeof part === 'string') expect(rest).toContain(part);
    else expect(rest).toMatch(part);
    const found = typeof part === 'string' ? rest.indexOf(part) : rest.search(part);
    from += found + 1;
  }
}
