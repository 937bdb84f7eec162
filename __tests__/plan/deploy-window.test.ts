import { expect, test } from '@jest/globals';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { parseWindow, type WeeklyWindow } from '../../src/domain/window.ts';
import { windowFindings } from '../../src/plan/deploy-window.ts';
import { SOURCE } from '../fakes/cloud.ts';

const window = (text: string): WeeklyWindow => {
  const found = parseWindow(text);
  if ('wrong' in found) throw new Error(found.wrong);
  return found;
};
const instance = (change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  ...SOURCE,
  backupWindow: '03:00-03:30',
  settings: { PreferredMaintenanceWindow: 'sat:03:15-sat:04:00' },
  ...change,
});
/** A Saturday. */
const at = (time: string): number => Date.parse(`2026-11-21T${time}:00Z`);
const codes = (found: ReturnType<typeof windowFindings>): readonly string[] => [
  ...found.problems.map(({ fields }) => `problem ${fields.kind}`),
  ...found.notices.map(({ code, fields }) => `${code} ${fields.state}`),
];

test.each([
  ['02:29', []],
  ['02:30', ['backup-window-near near']],
  ['03:00', ['backup-window-near open', 'maintenance-window-near near']],
  ['03:20', ['backup-window-near open', 'maintenance-window-near open']],
  ['04:00', []],
])('without deploy-window, AWS windows are mentioned at %s', (time, expected) => {
  expect(codes(windowFindings(undefined, instance(), at(time)))).toEqual(expected);
});

test.each([
  ['01:59', ['problem deploy']],
  ['02:45', []],
  ['03:20', ['problem backup', 'problem maintenance']],
  ['05:30', ['problem deploy']],
])('with deploy-window at %s', (time, expected) => {
  expect(codes(windowFindings(window('Sat 02:00-05:00'), instance(), at(time)))).toEqual(expected);
});

test('a refusal names the next minute that is allowed', () => {
  const allowed = window('Sat 02:00-05:00; Mon 09:00-10:00');
  expect(windowFindings(allowed, undefined, at('06:00')).problems[0]?.fields).toMatchObject({
    window: 'Sat 02:00-05:00; Mon 09:00-10:00',
    now: '2026-11-21 06:00 UTC',
    opens: '2026-11-23 09:00 UTC',
  });
  expect(windowFindings(allowed, instance(), at('03:20')).problems.map(({ fields }) => fields.opens)).toEqual(
    ['2026-11-21 03:30 UTC', '2026-11-21 04:00 UTC'],
  );
});

test.each([
  ['backups are off', { backupRetentionDays: 0 }],
  ['it is unknown', { backupWindow: undefined }],
  ['AWS writes it in a form nobody knows', { backupWindow: 'soon' }],
])('no backup window when %s', (_, change) => {
  expect(codes(windowFindings(undefined, instance({ ...change, settings: {} }), at('03:10')))).toEqual([]);
});
