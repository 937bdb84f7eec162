/** Hours of the week in which something may (or will) happen. Plain JSON. */
export interface WeeklySpan {
  /** 0 is Sunday; the day on which the span begins. */
  readonly days: readonly number[];
  /** Minutes of the day, 0 to 1440. An end at or before the start lies on the next day. */
  readonly start: number;
  readonly end: number;
  /** IANA name. */
  readonly zone: string;
}

export interface WeeklyWindow {
  /** As written, for messages. */
  readonly text: string;
  readonly spans: readonly WeeklySpan[];
}

export const WINDOW_EXPECTED =
  'days, hours and a time zone such as `Mon-Thu 09:00-16:00 Europe/Berlin`, several with `;` between';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const MINUTES_PER_DAY = 1440;
const MINUTE_MS = 60_000;
const MAX_SPANS = 20;

/** The window, or one sentence about the first thing that is wrong with the text. */
export function parseWindow(text: string): WeeklyWindow | { readonly wrong: string } {
  const parts = text.split(';').map((part) => part.trim());
  if (parts.length > MAX_SPANS) return { wrong: `more than ${MAX_SPANS} parts` };
  const spans: WeeklySpan[] = [];
  for (const part of parts) {
    const span = parseSpan(part);
    if (typeof span === 'string') return { wrong: span };
    spans.push(span);
  }
  return { text: parts.join('; '), spans };
}

function parseSpan(part: string): WeeklySpan | string {
  if (part === '') return 'there is an empty part';
  const [days = '', hours = '', zone = 'UTC', ...rest] = part.split(/\s+/);
  if (hours === '') return `"${part}" has no hours`;
  if (rest.length > 0) return `"${rest.join(' ')}" is too much after the time zone`;
  const named = parseDays(days);
  if (typeof named === 'string') return named;
  const times = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours);
  if (times === null) return `"${hours}" is not hours such as 09:00-16:00`;
  const [start, end] = [minutes(times[1], times[2]), minutes(times[3], times[4])];
  if (start === undefined || start === MINUTES_PER_DAY || end === undefined)
    return `"${hours}" has an hour or minute that does not exist`;
  if (start === end) return `"${hours}" begins and ends in the same minute`;
  if (!isZone(zone)) return `"${zone}" is not a time zone such as Europe/Berlin or UTC`;
  return { days: named, start, end, zone };
}

function parseDays(text: string): readonly number[] | string {
  if (text.toLowerCase() === 'daily') return EVERY_DAY;
  const found = new Set<number>();
  for (const item of text.toLowerCase().split(',')) {
    const [from = '', to = from, ...rest] = item.split('-');
    const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)];
    if (first < 0 || last < 0 || rest.length > 0)
      return `"${text}" is not days such as Mon, Mon-Thu, Mon,Wed or daily`;
    for (let day = first; ; day = (day + 1) % 7) {
      found.add(day);
      if (day === last) break;
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** 24:00 is the end of a day. */
function minutes(hour: string | undefined, minute: string | undefined): number | undefined {
  const value = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && value <= MINUTES_PER_DAY ? value : undefined;
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `window` at that moment, by the wall clock of each span's zone (so daylight saving time is obeyed). */
export const isInside = (window: WeeklyWindow, epochMs: number): boolean =>
  window.spans.some((span) => spanHolds(span, wallClock(span.zone, epochMs)));

interface WallClock {
  readonly day: number;
  readonly minute: number;
}

function spanHolds({ days, start, end }: WeeklySpan, { day, minute }: WallClock): boolean {
  if (start < end) return days.includes(day) && minute >= start && minute < end;
  const yesterday = (day + 6) % 7;
  return (days.includes(day) && minute >= start) || (days.includes(yesterday) && minute < end);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function wallClock(zone: string, epochMs: number): WallClock {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  clocks.set(zone, clock);
  const parts = new Map(clock.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  return {
    day: DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase()),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** Epoch milliseconds of the next minute inside, now when it is inside; undefined when there is none for eight days. */
export function nextInside(window: WeeklyWindow, epochMs: number): number | undefined {
  if (isInside(window, epochMs)) return epochMs;
  const first = Math.ceil(epochMs / MINUTE_MS) * MINUTE_MS;
  for (let at = first; at <= first + 8 * MINUTES_PER_DAY * MINUTE_MS; at += MINUTE_MS) {
    if (isInside(window, at)) return at;
  }
  return undefined;
}

/** AWS's daily form in UTC, `03:00-03:30` (`PreferredBackupWindow`). */
export const parseDailyUtc = (text: string): WeeklyWindow | undefined => {
  const window = parseWindow(`daily ${text} UTC`);
  return 'spans' in window ? { ...window, text } : undefined;
};

/** AWS's weekly form in UTC, `sun:23:45-mon:00:15` (`PreferredMaintenanceWindow`). It may cross several days. */
export function parseWeeklyUtc(text: string): WeeklyWindow | undefined {
  const match = /^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$/i.exec(text);
  if (match === null) return undefined;
  const [first, last] = [match[1], match[4]].map((day) => DAYS.indexOf(day?.toLowerCase() ?? ''));
  const [start, end] = [minutes(match[2], match[3]), minutes(match[5], match[6])];
  if (first === undefined || last === undefined || first < 0 || last < 0) return undefined;
  if (start === undefined || end === undefined) return undefined;
  return { text, spans: daysBetween(first, start, last, end) };
}

function daysBetween(first: number, start: number, last: number, end: number): readonly WeeklySpan[] {
  const span = (day: number, from: number, to: number): readonly WeeklySpan[] =>
    from < to ? [{ days: [day], start: from, end: to, zone: 'UTC' }] : [];
  if (first === last && start < end) return span(first, start, end);
  const spans = [...span(first, start, MINUTES_PER_DAY)];
  for (let day = (first + 1) % 7; day !== last; day = (day + 1) % 7)
    spans.push(...span(day, 0, MINUTES_PER_DAY));
  return [...spans, ...span(last, 0, end)];
}
