import { expect, test } from '@jest/globals';
import { driftNotices, mayJudgeDrift } from '../../src/plan/drift.ts';

test('drift is judged only when nothing is pending and nothing failed', () => {
  const one = { name: 'a', path: 'a', checksums: [], bytes: 0 };
  const row = {
    id: '',
    name: '',
    checksum: '',
    startedAt: 0,
    finishedAt: null,
    rolledBackAt: null,
    logs: null,
  };
  expect(mayJudgeDrift({ pending: [], open: [] })).toBe(true);
  expect(mayJudgeDrift({ pending: [one], open: [] })).toBe(false);
  expect(mayJudgeDrift({ pending: [], open: [row] })).toBe(false);
});

test('a difference is a warning with what differs, an error only a notice, no difference nothing', () => {
  expect(driftNotices({ state: 'none' })).toEqual([]);
  expect(driftNotices({ state: 'unknown', message: 'P1001' })).toEqual([
    { code: 'drift-unknown', level: 'notice', fields: { message: 'P1001' } },
  ]);
  const changes = [
    '',
    '[*] Changed the `orders` table',
    '  [-] Removed column `note`',
    '[+] Added tables',
    '  - users',
  ];
  expect(driftNotices({ state: 'drifted', changes })).toEqual([
    {
      code: 'drift',
      level: 'warning',
      fields: {
        count: '2',
        changes: '[*] Changed the `orders` table; [-] Removed column `note`; [+] Added tables; - users',
      },
    },
  ]);
});
