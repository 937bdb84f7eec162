import { describe, expect, test } from '@jest/globals';
import type { SnapshotFacts } from '../../src/domain/facts.ts';
import { chooseWay, type Restorable } from '../../src/domain/restore-goal.ts';
import type { PointInQuestion } from '../../src/domain/restore-points.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const source = { identifier: 'shop-prod' };
const snapshot = (status: string): SnapshotFacts => ({
  identifier: 'gm-shop-prod-8-1',
  arn: 'arn',
  status,
  percent: 100,
  sourceIdentifier: 'shop-prod',
  sourceResourceId: 'db-SOURCE',
  createdAt: NOW - 7_200_000,
  tags: {},
});
const window = (from: string, to: string, status = 'active'): Restorable => ({
  earliest: Date.parse(`2026-11-${from}Z`),
  latest: Date.parse(`2026-11-${to}Z`),
  status,
});
const WEEK = window('14T12:00:00', '21T11:55:00');
const point = (change: Partial<PointInQuestion>): PointInQuestion => ({
  time: '2026-11-21T10:00:00Z',
  run: '8-1',
  snapshot: snapshot('available'),
  recorded: { fingerprint: 'd1', marks: undefined },
  isSnapshot: false,
  owner: 'db-SOURCE',
  ...change,
});

describe('the way back', () => {
  test.each<[string, Partial<PointInQuestion>, Restorable | undefined, string, RegExp]>([
    ['inside the window', {}, WEEK, 'point-in-time', /window covers/],
    ['not in the log yet', { time: '2026-11-21T11:58:00Z' }, WEEK, 'point-in-time', /window covers/],
    ['inside, snapshot gone', { snapshot: undefined }, WEEK, 'point-in-time', /window covers/],
    ['at the very beginning', { time: '2026-11-14T12:00:00Z' }, WEEK, 'snapshot', /begins only at/],
    ['before it', { time: '2026-11-10T12:00:00Z' }, WEEK, 'snapshot', /begins only at 2026-11-14T12:00:00Z/],
    [
      'before it, snapshot in the making',
      { time: '2026-11-10T12:00:00Z', snapshot: snapshot('creating') },
      WEEK,
      'snapshot',
      /begins/,
    ],
    ['no automated backups', {}, undefined, 'snapshot', /no automated backups/],
    [
      'first backup not there',
      {},
      window('21T09:00:00', '21T11:00:00', 'creating'),
      'snapshot',
      /first automated backup/,
    ],
    ['no restore point', { time: undefined }, WEEK, 'snapshot', /marked no restore point/],
    ['a snapshot was asked for', { isSnapshot: true, time: undefined }, WEEK, 'snapshot', /asked for/],
    ['a run, clocks apart', { time: '2026-11-21T12:01:00Z' }, WEEK, 'point-in-time', /window covers/],
  ])('%s', (_, change, seen, way, why) => {
    const choice = chooseWay(point(change), seen, source, NOW);
    expect(choice.way).toBe(way);
    expect('why' in choice ? choice.why : '').toMatch(why);
  });

  test.each<[string, Partial<PointInQuestion>, Restorable | undefined, string]>([
    [
      'outside, no snapshot',
      { time: '2026-11-10T12:00:00Z', snapshot: undefined },
      WEEK,
      'restore-point-outside',
    ],
    [
      'outside, snapshot failed',
      { time: '2026-11-10T12:00:00Z', snapshot: snapshot('failed') },
      WEEK,
      'restore-point-outside',
    ],
    ['no backups, no snapshot', { snapshot: undefined }, undefined, 'restore-point-outside'],
    [
      'the future',
      { time: '2026-11-22T12:00:00Z', run: undefined, snapshot: undefined },
      WEEK,
      'restore-point-outside',
    ],
    [
      'now',
      { time: '2026-11-21T12:00:00Z', run: undefined, snapshot: undefined },
      WEEK,
      'restore-point-outside',
    ],
    [
      'the asked snapshot is being deleted',
      { isSnapshot: true, snapshot: snapshot('deleting') },
      WEEK,
      'snapshot-not-found',
    ],
  ])('none: %s', (_, change, seen, code) => {
    const choice = chooseWay(point(change), seen, source, NOW);
    expect(choice.way === 'none' ? choice.problem.code : choice.way).toBe(code);
  });

  test('a refusal says between which moments it would work', () => {
    const choice = chooseWay(point({ time: '2026-11-10T12:00:00Z', snapshot: undefined }), WEEK, source, NOW);
    expect(choice.way === 'none' ? choice.problem.fields : {}).toMatchObject({
      earliest: '2026-11-14T12:00:00Z',
      latest: '2026-11-21T11:55:00Z',
      time: '2026-11-10T12:00:00Z',
    });
  });
});
