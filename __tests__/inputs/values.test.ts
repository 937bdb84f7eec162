import { describe, expect, test } from '@jest/globals';
import { INPUTS, type InputName } from '../../src/inputs/spec.ts';
import { BACK } from './cases/back.ts';
import { LIMITS } from './cases/limits.ts';
import { PLAN } from './cases/plan.ts';
import type { Case } from './cases/shared.ts';
import { TARGET } from './cases/target.ts';
import { parsed, refusals } from './env.ts';

type Tabled = Exclude<InputName, keyof typeof PLAN>;
/** The planning inputs have their cases in plan.test.ts. */
const CASES: Readonly<Record<Tabled, Case>> = { ...TARGET, ...LIMITS, ...BACK };

test('every input has its cases', () => {
  expect([...Object.keys(CASES), ...Object.keys(PLAN)].toSorted()).toEqual(Object.keys(INPUTS).toSorted());
});

describe.each(Object.keys(CASES) as Tabled[])('%s', (name) => {
  const { field, beside, wrong, right } = CASES[name];

  test('has at least five wrong values in its table', () => {
    expect(wrong.length).toBeGreaterThanOrEqual(5);
  });

  test.each(wrong)('refuses %j', (text) => {
    expect(refusals({ ...beside, [name]: text })).toEqual([`input-invalid ${name}`]);
  });

  test.each(right)('reads %j as %j', (text, value) => {
    expect(parsed({ ...beside, [name]: text })[field]).toEqual(value);
  });
});

test.each([
  'https://hooks.slack.com/services/T0/B0/x',
  'http://127.0.0.1:8080/x',
  'http://localhost:1/x',
  'http://[::1]:1/x',
])('a webhook may be %s, and is kept as a secret', (text) => {
  const { slackWebhookUrl } = parsed({ 'slack-webhook-url': text });
  expect(slackWebhookUrl?.reveal()).toBe(text);
  expect(JSON.stringify({ slackWebhookUrl })).not.toContain(text);
});
