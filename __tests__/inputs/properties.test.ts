import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { problemsOf } from '../../src/domain/problem.ts';
import { formatDuration, MAX_DURATION_MS, parseDuration } from '../../src/inputs/duration.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUTS } from '../../src/inputs/spec.ts';

const NAMES = Object.keys(INPUTS);
const key = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => `INPUT_${name.toUpperCase()}`),
  fc.constantFrom(
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'SLACK_WEBHOOK_URL',
    '__proto__',
    'constructor',
    'INPUT_',
  ),
  fc.string().map((text) => `INPUT_${text}`),
);
const plausible = fc.constantFrom(
  'deploy',
  'rollback',
  'promote',
  'rename',
  'undo',
  '8123456789-2',
  'shop',
  'eu-west-1',
  '5s',
  '30m',
  'true',
  '3',
  'https://example.com/x',
  '.',
);
const text = fc.oneof(
  plausible,
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 100, maxLength: 3000 }),
);

test('a duration survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_DURATION_MS }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('what is read as a duration is whole, more than zero and at most a day', () => {
  const almost = fc.tuple(
    fc.string({ maxLength: 3 }),
    fc.integer(),
    fc.constantFrom('', ' ', '.5'),
    fc.constantFrom('ms', 's', 'm', 'h', 'd', ''),
  );
  fc.assert(
    fc.property(almost, (parts) => {
      const ms = parseDuration(parts.join(''));
      expect(ms === undefined || (Number.isInteger(ms) && ms > 0 && ms <= MAX_DURATION_MS)).toBe(true);
    }),
  );
});

test('garbage ends in a request or in problems we foresaw, never in another error', () => {
  fc.assert(
    fc.property(fc.dictionary(key, text, { maxKeys: 12 }), (env) => {
      let codes: readonly string[] = [];
      try {
        parseInputs(env);
      } catch (error) {
        codes = problemsOf(error).map(({ code }) => code);
        expect(codes).not.toHaveLength(0);
      }
      expect(codes.filter((code) => !['input-invalid', 'input-missing'].includes(code))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('no secret is quoted, whichever input it was put into by mistake', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9]{12,24}$/).map((word) => `pw${word}`);
  const carrier = fc.constantFrom(
    (word: string) => `postgresql://shop:${word}@db.example.com:5432/shop`,
    (word: string) => `shop:${word}@db.example.com`,
    (word: string) => `https://hooks.slack.com/services/T00000000/B00000000/${word}`,
    (word: string) => `password=${word}`,
    (word: string) => `AKIA${word}`,
  );
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), password, carrier, (name, word, wrap) => {
      let told = '';
      try {
        parseInputs({ [`INPUT_${name.toUpperCase()}`]: ` ${wrap(word)} ` });
      } catch (error) {
        told = JSON.stringify(problemsOf(error)) + String(error);
      }
      expect(told).toContain('aws-region');
      expect(told).not.toContain(word);
    }),
    { numRuns: 500 },
  );
});

test('a script is never quoted', () => {
  const script = `curl -H 'Authorization: Bearer abc' \0`;
  expect(() => parseInputs({ 'INPUT_VERIFY-COMMAND': script })).toThrow(/a text of \d+ characters/);
  expect(() => parseInputs({ 'INPUT_VERIFY-COMMAND': script })).not.toThrow(/Bearer/);
});
