import { readFileSync } from 'node:fs';

/**
 * The little of the binary log's format that a restore needs (MySQL internals manual, "Binary Log Event"; MariaDB
 * knowledge base, "Event header"): a magic word, then events with a header of 19 bytes: seconds u32, type u8,
 * server u32, size u32, next position u32, flags u16. All numbers are little endian.
 */
const MAGIC = 4;
const HEADER = 19;
/** What follows the header of a query event: thread, seconds, length of the database, error, length of the status. */
const QUERY_HEAD = 13;
const CHECKSUM = 4;

const TYPE = {
  query: 2,
  xid: 16,
  gtid: 33,
  anonymousGtid: 34,
  xaPrepare: 38,
  payload: 40,
  taggedGtid: 42,
  mariadbGtid: 162,
  mariadbCompressedQuery: 165,
} as const;

export type Event = {
  readonly type: number;
  /** Seconds since 1970 at which its statement began. */
  readonly seconds: number;
  readonly start: number;
  readonly end: number;
  readonly body: Buffer;
};

/** The complete events of a log file, in order. A file that is being written may end in the middle of one. */
export const eventsOf = (file: string): readonly Event[] => {
  const bytes = readFileSync(file);
  const events: Event[] = [];
  for (let start = MAGIC; start + HEADER <= bytes.length; ) {
    const size = bytes.readUInt32LE(start + 9);
    const end = start + size;
    if (size < HEADER || end > bytes.length) break;
    events.push({
      type: bytes.readUInt8(start + 4),
      seconds: bytes.readUInt32LE(start),
      start,
      end,
      body: bytes.subarray(start + HEADER, end),
    });
    start = end;
  }
  return events;
};

/** The SQL of a query event. The checksum at the end does no harm to a look at the beginning. */
const sqlOf = ({ body }: Event): string => {
  const database = body.readUInt8(8);
  const status = body.readUInt16LE(11);
  return body.toString('latin1', QUERY_HEAD + status + database + 1, body.length - CHECKSUM);
};

const opens = ({ type }: Event): boolean =>
  type === TYPE.gtid || type === TYPE.anonymousGtid || type === TYPE.taggedGtid || type === TYPE.mariadbGtid;

const isQuery = ({ type }: Event): boolean => type === TYPE.query;

const ENDINGS: readonly number[] = [TYPE.xid, TYPE.payload, TYPE.xaPrepare];

/** MariaDB marks a group of a single statement; in MySQL it is a statement that is no BEGIN. */
const isStandalone = (opening: Event): boolean =>
  opening.type === TYPE.mariadbGtid && (opening.body.readUInt8(12) & 1) === 1;

const ends = (opening: Event, event: Event, inside: boolean): boolean => {
  if (ENDINGS.includes(event.type)) return true;
  if (isStandalone(opening)) return isQuery(event) || event.type === TYPE.mariadbCompressedQuery;
  if (!isQuery(event)) return false;
  const sql = sqlOf(event);
  if (/^(COMMIT|ROLLBACK)\b/i.test(sql)) return !/^ROLLBACK\s+TO\b/i.test(sql);
  return opening.type !== TYPE.mariadbGtid && !inside && !/^(BEGIN|XA START)\b/i.test(sql);
};

/** Flags 1, source 16, number 8, kind 1, two numbers for the order of replay 16; then seven bytes of time. */
const GTID_TIME = 42;
const TIME_BYTES = 7;

export type Group = {
  readonly start: number;
  readonly end: number;
  /** The last millisecond in which it may have been committed. */
  readonly committedBy: number;
};

/** MySQL notes microseconds (the top bit says that a second time follows); MariaDB knows the second alone. */
const committedBy = (opening: Event, closing: Event): number => {
  const { type, body } = opening;
  const timed = type === TYPE.gtid || type === TYPE.anonymousGtid;
  if (!timed || body.length < GTID_TIME + TIME_BYTES + CHECKSUM) return closing.seconds * 1000 + 999;
  const high = body.readUInt8(GTID_TIME + TIME_BYTES - 1) & 0x7f;
  return Math.floor((body.readUIntLE(GTID_TIME, TIME_BYTES - 1) + high * 2 ** 48) / 1000);
};

/** The complete transactions of a file, in the order of their commits. */
export const groupsOf = (events: readonly Event[]): readonly Group[] => {
  const groups: Group[] = [];
  let opening: Event | undefined;
  let inside = false;
  for (const event of events) {
    if (opens(event)) {
      opening = event;
      inside = false;
    } else if (opening !== undefined && ends(opening, event, inside)) {
      groups.push({ start: opening.start, end: event.end, committedBy: committedBy(opening, event) });
      opening = undefined;
    } else if (isQuery(event)) inside = true;
  }
  return groups;
};
