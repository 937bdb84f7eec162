import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../src/domain/secret.ts';
import { expectation, type InputSpec, readValue } from '../../src/inputs/kinds.ts';
import { shown } from '../../src/inputs/shown.ts';
import { PLAN_INPUTS, type PlanInputName } from '../../src/inputs/spec-plan.ts';
import { PLAN, type PlanCase } from './cases/plan.ts';

const CASES: Readonly<Record<PlanInputName, PlanCase>> = PLAN;

/** As the parser reads one row: trimmed, the default for nothing. */
function read(name: PlanInputName, given: string): unknown {
  const spec: InputSpec = PLAN_INPUTS[name];
  const text = given.trim() || ('default' in spec ? spec.default : undefined);
  if (text === undefined) return undefined;
  const reading = readValue(text, spec);
  if ('expected' in reading) return { refused: reading.expected };
  return reading.value instanceof Secret ? reading.value.reveal() : reading.value;
}

describe.each(Object.keys(PLAN_INPUTS) as PlanInputName[])('%s', (name) => {
  const { wrong, right } = CASES[name];

  test('has at least five wrong values in its table', () => {
    expect(wrong.length).toBeGreaterThanOrEqual(5);
  });

  test.each(wrong)('refuses %j and says what is expected', (text) => {
    expect(read(name, text)).toEqual({ refused: expect.stringMatching(/.{10}/) });
  });

  test.each(right)('reads %j', (text, value) => {
    expect(read(name, text)).toEqual(value);
  });

  test('says what it expects when it is missing', () => {
    expect(expectation(PLAN_INPUTS[name])).toMatch(/.{4}/);
  });
});

test('a wrong window is told with its reason', () => {
  expect(read('deploy-window', 'Mon 25:00-26:00')).toEqual({
    refused: expect.stringContaining('"25:00-26:00" has an hour or minute that does not exist'),
  });
});

test('a token is never shown, not even a wrong one', () => {
  expect(shown('Bearer abc', PLAN_INPUTS['github-token'])).toBe('(hidden, it may hold a secret)');
});
