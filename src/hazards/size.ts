import type { Estimate, Work } from '../domain/hazard.ts';
import type { Table } from './world.ts';

/** `unmeasured`: no database was asked. `unknown`: it was, and did not know. */
export type SizeClass = 'tiny' | 'small' | 'large' | 'huge' | 'unknown' | 'unmeasured';

export interface Size {
  readonly class: SizeClass;
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
}

const ORDER: readonly SizeClass[] = ['tiny', 'small', 'large', 'unmeasured', 'huge', 'unknown'];
const BYTES_PER_ROW = 100;
const MB = 1_000_000;

const classOf = (rows: number, bytes: number): SizeClass => {
  if (rows < 10_000 && bytes < 10 * MB) return 'tiny';
  if (rows < 1_000_000 && bytes < 1000 * MB) return 'small';
  return rows < 10_000_000 && bytes < 20_000 * MB ? 'large' : 'huge';
};

function sizeOf(table: Table): Size {
  if (!table.existed)
    return table.filled ? sizeOfAll(table.filledFrom) : { class: 'tiny', rows: 0, bytes: 0 };
  const { facts } = table;
  if (facts === undefined)
    return { class: table.asked ? 'unknown' : 'unmeasured', rows: undefined, bytes: undefined };
  if (facts.rows === undefined && facts.bytes === undefined)
    return { class: 'unknown', rows: undefined, bytes: undefined };
  const rows = facts.rows ?? (facts.bytes ?? 0) / BYTES_PER_ROW;
  const bytes = facts.bytes ?? rows * BYTES_PER_ROW;
  return { class: classOf(rows, bytes), rows, bytes };
}

const larger = (left: Size, right: Size): Size =>
  ORDER.indexOf(right.class) > ORDER.indexOf(left.class) ||
  (right.class === left.class && (right.rows ?? 0) > (left.rows ?? 0))
    ? right
    : left;

/** The largest of several tables. */
export function sizeOfAll(tables: readonly Table[]): Size {
  const empty: Size = { class: 'tiny', rows: 0, bytes: 0 };
  return tables.map(sizeOf).reduce(larger, empty);
}

/** Provably without rows. */
export const isEmpty = (table: Table): boolean => (table.existed ? table.facts?.bytes === 0 : !table.filled);

/**
 * Work per second, measured on PostgreSQL 16 (2 cores, rows of about 110 bytes): the fast end of the range. A busy
 * production server is taken to be up to four times as slow.
 */
const REWRITE_BYTES = 118 * MB;
const BUILD_ROWS = 2_400_000;
const SCAN_ROWS = 14_000_000;
const CHANGED_ROWS = 165_000;
const SLOWDOWN = 4;

export function estimateOf(work: Work, size: Size): Estimate | undefined {
  if (size.rows === undefined || size.bytes === undefined) return undefined;
  const seconds = {
    rewrite: size.bytes / REWRITE_BYTES + size.rows / BUILD_ROWS,
    build: size.rows / BUILD_ROWS,
    scan: size.rows / SCAN_ROWS,
    rows: size.rows / CHANGED_ROWS,
    catalog: 0,
  }[work];
  return { lowMs: Math.round(seconds * 1000), highMs: Math.round(seconds * 1000 * SLOWDOWN) };
}
