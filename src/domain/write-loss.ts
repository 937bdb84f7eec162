import { WHOLE_SERVER } from './facts.ts';
import type { Counts, TableLoss, WriteLoss, WriteMarks } from './going-back.ts';
import { NOTHING, rowsOf, sum, tableHash } from './write-marks.ts';
import type { WriteReading } from './write-reading.ts';

/** What stands for the tables of which only the sum was kept. */
export const OTHER_TABLES = 'other tables';

/**
 * What was committed since the restore point, by counters of then and now. They also count rolled-back writes and the
 * migration's own, so rows are an upper bound; what was written to a table that is gone now is not among them, but for MySQL.
 */
export function writeLoss(since: string, before: WriteMarks | undefined, now: WriteReading): WriteLoss {
  if (before === undefined)
    return unknownLoss(since, now.now, 'no write counters were recorded at that moment');
  if (now.uncounted)
    return unknownLoss(
      since,
      now.now,
      'the server does not count writes per table (performance_schema is off)',
    );
  const counted = readable(since, before, now);
  if (typeof counted === 'string') return unknownLoss(since, now.now, counted);
  const { tables, lower } = difference(counted.before, counted.now);
  const commits = before.commits === undefined ? undefined : now.commits - before.commits;
  const wal = walBytes(before.lsn, now.lsn);
  const resets: readonly string[] = [
    ...(now.resetAt !== undefined && now.resetAt > Date.parse(since)
      ? ['the statistics of the database were reset since']
      : []),
    ...(commits !== undefined && commits < 0
      ? ['the count of commits is lower than it was: the statistics were reset']
      : []),
    ...lower.map(
      (table) =>
        `the counters of ${table} are lower than they were: they were reset, or the table is a new one`,
    ),
  ];
  return {
    since,
    until: now.now,
    commits: resets.length > 0 && (commits ?? 0) < 0 ? undefined : commits,
    walBytes: wal,
    tables,
    rows: resets.length > 0 ? undefined : tables.reduce((all, table) => all + rowsOf(table), 0),
    unknown: resets[0],
  };
}

interface Counted {
  readonly before: WriteMarks;
  readonly now: WriteReading;
}

const SECOND = 1000;

/**
 * The counters that tell all. Those of a table that was changed since began anew, and those of one that was dropped or
 * renamed are gone, so then the count of the whole server is taken, where the marks have one; else why nothing is known.
 */
function readable(since: string, before: WriteMarks, now: WriteReading): Counted | string {
  const { [WHOLE_SERVER]: whole, ...tables } = now.tables;
  // The marks were read within the second before, and the server cuts the time of a change to its second.
  const from = Date.parse(since) - SECOND;
  const renewed = Object.entries(now.renewed ?? {}).find(([, at]) => at >= from);
  const wholeHash = tableHash(WHOLE_SERVER);
  const { [wholeHash]: wholeThen, ...marked } = before.tables;
  const here = new Set(Object.keys(tables).map(tableHash));
  const isOneGone = here.size === 0 || Object.keys(marked).some((hash) => !here.has(hash));
  if (whole !== undefined && wholeThen !== undefined && (renewed !== undefined || isOneGone))
    return {
      before: { ...before, tables: { [wholeHash]: wholeThen }, rest: NOTHING },
      now: { ...now, tables: { [WHOLE_SERVER]: whole } },
    };
  if (here.size === 0) return { before, now };
  if (renewed === undefined) return { before, now: { ...now, tables } };
  return `${renewed[0]} was changed since, and with that the server began to count its rows anew`;
}

export const unknownLoss = (since: string, until: number, unknown: string): WriteLoss => ({
  since,
  until,
  commits: undefined,
  walBytes: undefined,
  tables: [],
  rows: undefined,
  unknown,
});

interface Difference {
  readonly tables: readonly TableLoss[];
  /** Tables whose counters went down. */
  readonly lower: readonly string[];
}

function difference(before: WriteMarks, now: WriteReading): Difference {
  const found: TableLoss[] = [];
  const lower: string[] = [];
  const add = (table: string, counts: Counts): void => {
    if (Math.min(counts.inserted, counts.updated, counts.deleted) < 0) lower.push(table);
    else if (rowsOf(counts) > 0) found.push({ table, ...counts });
  };
  let unmarked = NOTHING;
  const others: [string, Counts][] = [];
  for (const [names, counts] of groups(now)) {
    const then = before.tables[tableHash(names[0] ?? '')];
    if (then !== undefined) add(names.join(', '), minus(counts, then));
    else {
      unmarked = sum(unmarked, counts);
      others.push([names.join(', '), counts]);
    }
  }
  // With nothing in the sum, a table without a mark had counted nothing, or is new.
  if (rowsOf(before.rest) === 0) for (const [name, counts] of others) add(name, counts);
  else add(OTHER_TABLES, minus(unmarked, before.rest));
  return { tables: found.sort((a, b) => rowsOf(b) - rowsOf(a) || (a.table < b.table ? -1 : 1)), lower };
}

/** Tables by hash: two names that share one are counted together, as they were marked. */
function groups(now: WriteReading): readonly (readonly [readonly string[], Counts])[] {
  const byHash = new Map<string, [string[], Counts]>();
  for (const [name, { inserted, updated, deleted }] of Object.entries(now.tables)) {
    const counts = { inserted, updated, deleted };
    const seen = byHash.get(tableHash(name));
    if (seen === undefined) byHash.set(tableHash(name), [[name], counts]);
    else {
      seen[0].push(name);
      seen[1] = sum(seen[1], counts);
    }
  }
  return [...byHash.values()];
}

const minus = (a: Counts, b: Counts): Counts => ({
  inserted: a.inserted - b.inserted,
  updated: a.updated - b.updated,
  deleted: a.deleted - b.deleted,
});

/** A position in the log is two 32-bit halves in hexadecimal. Undefined when either is none, or the log went back. */
export function walBytes(from: string, to: string): number | undefined {
  const [start, end] = [position(from), position(to)];
  return start === undefined || end === undefined || start === 0n || end < start
    ? undefined
    : Number(end - start);
}

function position(lsn: string): bigint | undefined {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(lsn) ?? [];
  return high === undefined || low === undefined
    ? undefined
    : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
