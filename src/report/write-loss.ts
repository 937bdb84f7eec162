import type { Dialect } from '../domain/dialect.ts';
import { WHOLE_SERVER } from '../domain/facts.ts';
import type { WriteLoss } from '../domain/going-back.ts';
import type { Run } from '../domain/run.ts';
import { rowsOf } from '../domain/write-marks.ts';
import { code, md, table } from './markdown.ts';
import { count, list, oneLine } from './words.ts';

/** What a cut-over would lose, in words: the same in log, summary and Slack. */

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.4 MiB` */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? count(bytes, 'byte') : `${value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

const LOGS: Readonly<Record<Dialect, string>> = { postgresql: 'write-ahead log', mysql: 'redo log' };

const beside = (loss: WriteLoss, { database }: Run): string => {
  const log = LOGS[database?.dialect ?? 'postgresql'];
  const parts = [
    ...(loss.commits === undefined ? [] : [`${count(loss.commits, 'commit')} (reading ones count, too)`]),
    ...(loss.walBytes === undefined ? [] : [`${size(loss.walBytes)} of ${log}`]),
  ];
  return parts.length === 0 ? '' : `, with ${parts.join(' and ')}`;
};

const UPPER =
  'Rolled-back writes and those of the migration itself are counted too, so this is an upper bound';

/** On MySQL one server often has several databases, and a cut-over takes them all. */
const OTHERS = 'writes to other databases of the server are not counted';

/** MySQL counts at once; a session of PostgreSQL hands in its counts when it comes to rest. */
function upper({ database }: Run, { tables }: WriteLoss): string {
  if (database?.dialect !== 'mysql') return `${UPPER}; sessions hand in their counts some seconds late`;
  return tables.some((each) => each.table === WHOLE_SERVER) ? UPPER : `${UPPER}; ${OTHERS}`;
}

/** Sentences; none when nobody measured. */
export function lossSentences(run: Run): readonly string[] {
  const loss = run.writeLoss;
  if (loss === undefined) return [];
  const tables = loss.tables.map((each) => `${oneLine(each.table, 120)} ${rowsOf(each)}`);
  if (loss.rows === undefined) {
    const seen = tables.length === 0 ? '' : `. Counted all the same: ${list(tables)}`;
    return [
      `${run.promotion?.phase === 'promoted' ? 'What was left behind in the old database' : 'What a cut-over would lose'} is not known: ${oneLine(loss.unknown ?? 'nothing was counted', 300)}${seen}`,
    ];
  }
  if (loss.rows === 0)
    return [
      run.database?.dialect === 'mysql'
        ? `No row was written to ${oneLine(run.database.database, 120)} on production since ${loss.since}${beside(loss, run)}: a cut-over would lose none of it; ${OTHERS}`
        : `No row was written to production since ${loss.since}${beside(loss, run)}: a cut-over would lose none`,
    ];
  const rows = `at most ${count(loss.rows, 'row')}`;
  const where = `since ${loss.since} (${list(tables)})${beside(loss, run)}`;
  return run.promotion?.phase === 'promoted'
    ? [`Left behind in the old database: ${rows} written to it ${where}`, upper(run, loss)]
    : [`A cut-over would lose ${rows} written to production ${where}`, upper(run, loss)];
}

const MAX_ROWS = 200;

/** The table of the job summary; empty when nobody measured. */
export function writeLossSection(run: Run): string {
  const loss = run.writeLoss;
  if (loss === undefined) return '';
  const text = lossSentences(run)
    .map((each) => md(each, 1_000))
    .join('. ');
  const title =
    run.promotion?.phase === 'promoted' ? 'What the cut-over left behind' : 'What a cut-over would lose';
  const head = `### ${title}\n\n${text}.`;
  if (loss.tables.length === 0) return head;
  const rows = loss.tables
    .slice(0, MAX_ROWS)
    .map((each) => [
      code(each.table, 255),
      String(each.inserted),
      String(each.updated),
      String(each.deleted),
      String(rowsOf(each)),
    ]);
  const more =
    loss.tables.length > MAX_ROWS
      ? `\n\n… and ${loss.tables.length - MAX_ROWS} more, see the JSON report.`
      : '';
  return `${head}\n\n${table(['table', 'inserted', 'updated', 'deleted', 'rows'], rows)}${more}`;
}
