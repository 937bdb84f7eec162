import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOurs, mergedTags, ourTags, runTag, TAG } from '../../src/domain/tags.ts';
import { identity } from '../fakes/world.ts';

const ours = ourTags(identity, { sourceResourceId: 'db-1', phase: 'snapshot' });

test('our tags win over the source’s, and those of AWS are never passed on', () => {
  const source = {
    team: 'shop',
    'aws:cloudformation:stack-id': 'x',
    'AWS:y': 'z',
    'managed-by': 'terraform',
  };
  expect(mergedTags(source, ours)).toEqual({ team: 'shop', ...ours });
  expect(isOurs(source)).toBe(false);
  expect(isOurs(mergedTags(source, ours))).toBe(true);
});

test('a restore time is only there when one is given', () => {
  expect(TAG.restoreTime in ours).toBe(false);
  const restored = ourTags(identity, {
    sourceResourceId: 'db-1',
    phase: 'restoring',
    restoreTime: '2026-11-21T02:00:01Z',
  });
  expect(restored[TAG.restoreTime]).toBe('2026-11-21T02:00:01Z');
  expect(restored[TAG.run]).toBe(runTag(identity));
});

test('whatever the environment holds, AWS accepts the values', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
      const tags = ourTags(
        { ...identity, repository: text, sha: text },
        { sourceResourceId: text, phase: 'failed' },
      );
      for (const value of Object.values(tags)) {
        expect(value.length).toBeLessThanOrEqual(256);
        expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
      }
    }),
  );
});
