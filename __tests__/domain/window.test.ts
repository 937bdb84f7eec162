import { describe, expect, test } from '@jest/globals';
import {
  isInside,
  nextInside,
  parseDailyUtc,
  parseWeeklyUtc,
  parseWindow,
  type WeeklyWindow,
} from '../../src/domain/window.ts';

const window = (text: string): WeeklyWindow => {
  const found = parseWindow(text);
  if ('wrong' in found) throw new Error(found.wrong);
  return found;
};
const at = (text: string): number => Date.parse(text);

describe('the grammar', () => {
  test.each([
    ['', /empty part/],
    ['Mon-Thu', /no hours/],
    ['Mon-Thu 9:00-16:00', /not hours such as/],
    ['Mon-Thu 09:00', /not hours such as/],
    ['Mon-Thu 09:00-16:60', /does not exist/],
    ['Mon-Thu 24:00-25:00', /does not exist/],
    ['Mon-Thu 09:00-09:00', /same minute/],
    ['Monday 09:00-16:00', /not days such as/],
    ['Mon-Thu-Fri 09:00-16:00', /not days such as/],
    ['Mo-Do 09:00-16:00', /not days such as/],
    ['Mon 09:00-16:00 Europe/Atlantis', /not a time zone/],
    ['Mon 09:00-16:00 +02:00', /not a time zone/],
    ['Mon 09:00-16:00 Europe/Berlin please', /too much/],
    ['Mon 09:00-16:00;;Tue 09:00-16:00', /empty part/],
    [Array.from({ length: 21 }, () => 'Mon 09:00-16:00').join(';'), /more than 20/],
  ])('%j is refused', (text, why) => {
    expect(parseWindow(text)).toEqual({ wrong: expect.stringMatching(why) });
  });

  test('reads days, ranges over Sunday, lists, daily and a default zone', () => {
    expect(window(' fri-MON  09:00-24:00 ;Tue,Thu 08:00-09:00 Asia/Tokyo; daily 01:00-02:00')).toEqual({
      text: 'fri-MON  09:00-24:00; Tue,Thu 08:00-09:00 Asia/Tokyo; daily 01:00-02:00',
      spans: [
        { days: [0, 1, 5, 6], start: 540, end: 1440, zone: 'UTC' },
        { days: [2, 4], start: 480, end: 540, zone: 'Asia/Tokyo' },
        { days: [0, 1, 2, 3, 4, 5, 6], start: 60, end: 120, zone: 'UTC' },
      ],
    });
  });
});

describe('inside', () => {
  const office = window('Mon-Thu 09:00-16:00 Europe/Berlin');
  test.each([
    ['2026-11-23T07:59:59Z', false],
    ['2026-11-23T08:00:00Z', true],
    ['2026-11-23T14:59:59Z', true],
    ['2026-11-23T15:00:00Z', false],
    ['2026-11-27T10:00:00Z', false],
    // Summer time: the same wall clock is an hour earlier in UTC.
    ['2026-07-20T07:00:00Z', true],
    ['2026-07-20T14:00:00Z', false],
  ])('office hours at %s: %s', (time, inside) => {
    expect(isInside(office, at(time))).toBe(inside);
  });

  const night = window('Sat 22:00-02:00 UTC');
  test.each([
    ['2026-11-21T21:59:00Z', false],
    ['2026-11-21T23:00:00Z', true],
    ['2026-11-22T01:59:00Z', true],
    ['2026-11-22T02:00:00Z', false],
    ['2026-11-21T01:00:00Z', false],
  ])('over midnight at %s: %s', (time, inside) => {
    expect(isInside(night, at(time))).toBe(inside);
  });

  test('one of several is enough', () => {
    expect(isInside(window('Mon 01:00-02:00; Sat 03:00-04:00'), at('2026-11-21T03:30:00Z'))).toBe(true);
  });

  test('an hour that the clock skips does not open', () => {
    const skipped = window('Sun 02:00-03:00 Europe/Berlin');
    expect(nextInside(skipped, at('2026-03-28T12:00:00Z'))).toBe(at('2026-04-05T00:00:00Z'));
  });
});

test('the next opening is found to the minute, across the weekend', () => {
  const office = window('Mon-Thu 09:00-16:00 Europe/Berlin');
  expect(nextInside(office, at('2026-11-19T15:00:30Z'))).toBe(at('2026-11-23T08:00:00Z'));
  expect(nextInside(office, at('2026-11-23T09:30:30Z'))).toBe(at('2026-11-23T09:30:30Z'));
});

describe("AWS's own forms", () => {
  test.each(['03:00-03:30', '23:45-00:15'])('a daily window: %s', (text) => {
    const found = parseDailyUtc(text);
    const [from = '', to = ''] = text.split('-');
    expect(
      found === undefined
        ? undefined
        : [isInside(found, at(`2026-11-21T${from}:00Z`)), isInside(found, at(`2026-11-21T${to}:00Z`))],
    ).toEqual([true, false]);
  });

  test.each([
    [
      'sun:23:45-mon:00:15',
      ['2026-11-22T23:45:00Z', '2026-11-23T00:14:00Z'],
      ['2026-11-22T23:44:00Z', '2026-11-23T00:15:00Z'],
    ],
    ['tue:04:00-tue:04:30', ['2026-11-24T04:29:00Z'], ['2026-11-24T04:30:00Z', '2026-11-25T04:10:00Z']],
    [
      'Fri:10:00-Mon:01:00',
      ['2026-11-20T10:00:00Z', '2026-11-22T12:00:00Z', '2026-11-23T00:59:00Z'],
      ['2026-11-23T01:00:00Z', '2026-11-20T09:59:00Z'],
    ],
  ])('a weekly window: %s', (text, inside, outside) => {
    const found = parseWeeklyUtc(text);
    if (found === undefined) throw new Error('not read');
    expect(inside.map((time) => isInside(found, at(time)))).toEqual(inside.map(() => true));
    expect(outside.map((time) => isInside(found, at(time)))).toEqual(outside.map(() => false));
  });

  test.each(['', 'never', 'mon:1:00-mon:2:00', 'mon:25:00-mon:26:00', 'xxx:01:00-mon:02:00'])(
    '%j is no window',
    (text) => {
      expect([parseWeeklyUtc(text), parseDailyUtc(text)]).toEqual([undefined, undefined]);
    },
  );
});
