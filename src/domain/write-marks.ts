import type { WriteCounter } from './facts.ts';
import type { Counts, WriteMarks } from './going-back.ts';
import { TAG, TAG_LIMITS, type Tags } from './tags.ts';

/** Write counters in a form that fits into the tags of a snapshot, so that another job can read them. */

const VERSION = '1';
/** Of one snapshot, at most this many tags. */
export const MAX_PIECES = 8;

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const HASH_LENGTH = 5;
/** The hash, one digit, and the sign between two entries. */
const SHORTEST_ENTRY = HASH_LENGTH + 2;

/** Thirty bits of a name (FNV-1a with a final mix), five characters that AWS takes in a tag. */
export function tableHash(name: string): string {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = (hash ^ (hash >>> 13)) >>> 0;
  return Array.from({ length: HASH_LENGTH }, (_, place) => LETTERS.charAt((hash >>> (place * 6)) & 63)).join(
    '',
  );
}

export const NOTHING: Counts = { inserted: 0, updated: 0, deleted: 0 };

export const sum = (a: Counts, b: Counts): Counts => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  deleted: a.deleted + b.deleted,
});

export const rowsOf = (counts: Counts): number => counts.inserted + counts.updated + counts.deleted;

/** The counters of every table. Two names with one hash are told apart by nobody, so they are only summed. */
export function marksOf(
  tables: Readonly<Record<string, WriteCounter>>,
  lsn: string,
  commits: number | undefined,
): WriteMarks {
  const byHash = new Map<string, WriteCounter[]>();
  for (const [name, counter] of Object.entries(tables)) {
    const hash = tableHash(name);
    byHash.set(hash, [...(byHash.get(hash) ?? []), counter]);
  }
  const alone: [string, Counts][] = [];
  let rest = NOTHING;
  for (const [hash, counters] of byHash) {
    const [first, ...others] = counters;
    if (first !== undefined && others.length === 0) {
      if (rowsOf(first) > 0) alone.push([hash, only(first)]);
    } else rest = counters.reduce<Counts>(sum, rest);
  }
  return { lsn, commits, tables: Object.fromEntries(alone), rest };
}

const only = ({ inserted, updated, deleted }: Counts): Counts => ({ inserted, updated, deleted });

/** The marks as texts for tags, the busiest tables first; no text when there is no room. */
export function encodeMarks(marks: WriteMarks, room: number): readonly string[] {
  const pieces = Math.min(MAX_PIECES, Math.max(0, Math.floor(room)));
  if (pieces === 0) return [];
  const busiest = Object.entries(marks.tables).sort(
    ([a, left], [b, right]) => rowsOf(right) - rowsOf(left) || (a < b ? -1 : 1),
  );
  // The header holds the sum of the rest, so its length is only known for the rest that stays.
  let kept = Math.min(busiest.length, Math.floor((pieces * (TAG_LIMITS.length + 1)) / SHORTEST_ENTRY));
  for (;;) {
    const texts = packed(marks, busiest, kept);
    if (texts.length <= pieces) return texts;
    kept = Math.min(kept - 1, Math.floor((kept * pieces) / texts.length));
  }
}

type Entry = readonly [string, Counts];

function packed(marks: WriteMarks, busiest: readonly Entry[], kept: number): readonly string[] {
  const rest = busiest.slice(kept).reduce((all, [, counts]) => sum(all, counts), marks.rest);
  const head = (count: number): string =>
    [VERSION, number(count), safeLsn(marks.lsn), optional(marks.commits), countsText(rest)].join('+');
  const texts = [head(MAX_PIECES)];
  for (const [hash, counts] of busiest.slice(0, kept)) {
    const entry = `${hash}${countsText(counts)}`;
    const last = texts.length - 1;
    const longer = `${texts[last] ?? ''}+${entry}`;
    if (longer.length <= TAG_LIMITS.length) texts[last] = longer;
    else texts.push(entry);
  }
  const [first = '', ...others] = texts;
  return [head(texts.length) + first.slice(head(MAX_PIECES).length), ...others];
}

const MAX_LSN = 17;
const safeLsn = (lsn: string): string =>
  /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i.test(lsn) && lsn.length <= MAX_LSN ? lsn : '0/0';
const number = (value: number): string =>
  (Number.isFinite(value) ? Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value))) : 0).toString(
    36,
  );
const optional = (value: number | undefined): string => (value === undefined ? '' : number(value));

const countsText = ({ inserted, updated, deleted }: Counts): string =>
  [inserted, updated, deleted]
    .map(number)
    .join('.')
    .replace(/(?:\.0)+$/, '');

const NUMBER = '[0-9a-z]{1,11}';
const COUNTS = `${NUMBER}(?:\\.${NUMBER}){0,2}`;
const HEAD = new RegExp(
  `^${VERSION}\\+([1-${MAX_PIECES}])\\+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})\\+((?:${NUMBER})?)\\+(${COUNTS})(?:\\+|$)`,
);
const ENTRY = new RegExp(`^([0-9A-Za-z_-]{${HASH_LENGTH}})(${COUNTS})$`);

/** Undefined when a piece is missing or was not written by {@link encodeMarks}. */
export function decodeMarks(texts: readonly (string | undefined)[]): WriteMarks | undefined {
  const [first = ''] = texts;
  const [whole, count = '', lsn = '', commits = '', rest = ''] = HEAD.exec(first) ?? [];
  if (whole === undefined) return undefined;
  const pieces = [first.slice(whole.length), ...texts.slice(1, Number(count))];
  if (pieces.length !== Number(count)) return undefined;
  const tables: Record<string, Counts> = {};
  for (const entry of pieces.flatMap((piece) => (piece === '' ? [] : (piece ?? ' ').split('+')))) {
    const [, hash, counts] = ENTRY.exec(entry) ?? [];
    if (hash === undefined || counts === undefined) return undefined;
    tables[hash] = countsOf(counts);
  }
  return {
    lsn,
    commits: commits === '' ? undefined : Number.parseInt(commits, 36),
    tables,
    rest: countsOf(rest),
  };
}

function countsOf(text: string): Counts {
  const [inserted = 0, updated = 0, deleted = 0] = text.split('.').map((each) => Number.parseInt(each, 36));
  return { inserted, updated, deleted };
}

/** The tags that carry the marks beside `others` tags of the same resource. */
export const markTags = (marks: WriteMarks, others: number): Tags =>
  Object.fromEntries(
    encodeMarks(marks, TAG_LIMITS.count - others).map((text, piece) => [TAG.marks(piece), text]),
  );

export const marksIn = (tags: Tags): WriteMarks | undefined =>
  decodeMarks(Array.from({ length: MAX_PIECES }, (_, piece) => tags[TAG.marks(piece)]));
