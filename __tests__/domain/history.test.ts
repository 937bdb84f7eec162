import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { HistoryRow, MigrationOnDisk } from '../../src/domain/facts.ts';
import { compareHistory } from '../../src/domain/history.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const TEXT = 'SELECT 1;\nSELECT 2;\n';
const CRLF = TEXT.replaceAll('\n', '\r\n');

const disk = (name: string, text = TEXT): MigrationOnDisk => {
  const lf = text.replaceAll('\r\n', '\n');
  return {
    name,
    path: `prisma/migrations/${name}/migration.sql`,
    checksums: [sha(text), sha(lf), sha(lf.replaceAll('\n', '\r\n'))],
    bytes: text.length,
  };
};

let rows = 0;
const freshId = (): string => {
  rows += 1;
  return String(rows);
};

const row = (name: string, change: Partial<HistoryRow> = {}): HistoryRow => ({
  id: freshId(),
  name,
  checksum: sha(TEXT),
  startedAt: 1,
  finishedAt: 2,
  rolledBackAt: null,
  logs: null,
  ...change,
});
const failed = { finishedAt: null } as const;
const rolledBack = { finishedAt: null, rolledBackAt: 3 } as const;

interface Line {
  readonly name: string;
  readonly disk: readonly MigrationOnDisk[];
  readonly rows: readonly HistoryRow[] | null;
  readonly expected: Partial<
    Record<'pending' | 'open' | 'edited' | 'gone' | 'outOfOrder', readonly string[]>
  >;
}

const table: readonly Line[] = [
  { name: 'no table', disk: [disk('a'), disk('b')], rows: null, expected: { pending: ['a', 'b'] } },
  { name: 'nothing on either side', disk: [], rows: [], expected: {} },
  { name: 'all applied', disk: [disk('a')], rows: [row('a')], expected: {} },
  { name: 'one more on disk', disk: [disk('a'), disk('b')], rows: [row('a')], expected: { pending: ['b'] } },
  { name: 'checked out with CRLF, applied with LF', disk: [disk('a', CRLF)], rows: [row('a')], expected: {} },
  {
    name: 'checked out with LF, applied with CRLF',
    disk: [disk('a')],
    rows: [row('a', { checksum: sha(CRLF) })],
    expected: {},
  },
  { name: 'edited', disk: [disk('a', 'SELECT 3;')], rows: [row('a')], expected: { edited: ['a'] } },
  {
    name: 'edited and rolled back is only pending',
    disk: [disk('a', 'SELECT 3;')],
    rows: [row('a', rolledBack)],
    expected: { pending: ['a'] },
  },
  {
    name: 'no checksum, as after resolve by hand',
    disk: [disk('a', 'SELECT 3;')],
    rows: [row('a', { checksum: '' })],
    expected: {},
  },
  { name: 'gone', disk: [disk('b')], rows: [row('a'), row('b')], expected: { gone: ['a'] } },
  { name: 'gone but rolled back is nothing', disk: [], rows: [row('a', rolledBack)], expected: {} },
  { name: 'gone but failed is open', disk: [], rows: [row('a', failed)], expected: { open: ['a'] } },
  {
    name: 'out of order',
    disk: [disk('a'), disk('b'), disk('c')],
    rows: [row('a'), row('c')],
    expected: { pending: ['b'], outOfOrder: ['b'] },
  },
  {
    name: 'failed',
    disk: [disk('a'), disk('b')],
    rows: [row('a', failed)],
    expected: { pending: ['b'], open: ['a'] },
  },
  { name: 'rolled back', disk: [disk('a')], rows: [row('a', rolledBack)], expected: { pending: ['a'] } },
  {
    name: 'rolled back, then applied',
    disk: [disk('a')],
    rows: [row('a', rolledBack), row('a')],
    expected: {},
  },
  {
    name: 'rolled back, then failed again',
    disk: [disk('a')],
    rows: [row('a', rolledBack), row('a', failed)],
    expected: { open: ['a'] },
  },
  {
    name: 'failed beside a success of the same name',
    disk: [disk('a')],
    rows: [row('a', failed), row('a')],
    expected: { open: ['a'] },
  },
  {
    name: 'finished and marked rolled back',
    disk: [disk('a')],
    rows: [row('a', { rolledBackAt: 5 })],
    expected: { pending: ['a'] },
  },
];

describe('the folder held against the history', () => {
  test.each(table)('$name', ({ disk: migrations, rows, expected }) => {
    const found = compareHistory({ migrations }, rows);
    expect({
      pending: found.pending.map((each) => each.name),
      open: found.open.map((each) => each.name),
      edited: found.edited,
      gone: found.gone,
      outOfOrder: found.outOfOrder,
    }).toEqual({ pending: [], open: [], edited: [], gone: [], outOfOrder: [], ...expected });
  });
});
