import { expect, test } from '@jest/globals';
import { randomUUID } from '../../src/adapters/github/random.ts';

test('a delimiter is one word of 128 bits that does not come twice', () => {
  const words = Array.from({ length: 1000 }, () => randomUUID());
  expect(words.every((word) => /^[0-9a-f-]{32,36}$/.test(word))).toBe(true);
  expect(new Set(words).size).toBe(1000);
});
