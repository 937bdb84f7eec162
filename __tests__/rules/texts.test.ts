import { expect, test } from '@jest/globals';
import { PROBLEM_CODES, type ProblemCode, problem } from '../../src/domain/problem.ts';

const CODES = Object.keys(PROBLEM_CODES) as readonly ProblemCode[];

test('the message catalogue has exactly the documented codes', async () => {
  const { PROBLEM_TEXTS } = await import('../../src/report/text.ts');
  expect(Object.keys(PROBLEM_TEXTS).sort()).toEqual([...CODES].sort());
});

test.each(CODES)('%s says what happened and what to do, even when no fact is known', async (code) => {
  const { problemWords } = await import('../../src/report/text.ts');
  const words = JSON.stringify(problemWords(problem(code, 'a technical line')));
  expect(words.length).toBeGreaterThan(40);
  expect(words).not.toMatch(/undefined|null|NaN|\[object/);
});
