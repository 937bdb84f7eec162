import { createHash } from 'node:crypto';
import type { DatabaseSnapshot, Fingerprint } from '../../domain/facts.ts';
import { historyRow } from '../database/history-row.ts';
import { databaseQueries } from './catalog/database.ts';
import { relationQueries } from './catalog/relations.ts';
import { routineQueries } from './catalog/routines.ts';
import { countersOf, WRITES } from './counters.ts';
import { HISTORY_NAME, historyQuery } from './history.ts';
import type { Link, Row } from './link.ts';

const STATE_MS = 60_000;

/** Also in pg_toast, where a failed REINDEX CONCURRENTLY may leave one. A partitioned index is no leftover. */
const INVALID = `
SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_temp_'
 ORDER BY 1`;

/** How values are printed depends on these; a role may have set them otherwise. */
const CANONICAL = [
  'SET LOCAL search_path = pg_catalog',
  `SET LOCAL TimeZone = 'UTC'`,
  `SET LOCAL DateStyle = 'ISO, YMD'`,
  `SET LOCAL IntervalStyle = 'postgres'`,
  'SET LOCAL extra_float_digits = 1',
  `SET LOCAL bytea_output = 'hex'`,
  'SET LOCAL quote_all_identifiers = off',
  `SET LOCAL lc_monetary = 'C'`,
  'SET LOCAL jit = off',
  `SET LOCAL work_mem = '64MB'`,
];

/** The order only has to be the same every time; comparing bytes would take longer than the server's work. */
export function fingerprintOf(rows: readonly Row[]): Fingerprint {
  const lines = rows.map((row) => `${row.object ?? ''} ${row.digest ?? ''}\n`).sort();
  const objects: Record<string, string> = {};
  for (const line of lines) {
    const space = line.lastIndexOf(' ');
    objects[line.slice(0, space)] = line.slice(space + 1, -1);
  }
  return { digest: createHash('sha256').update(lines.join('')).digest('hex'), objects };
}

interface Begun {
  readonly version: number;
  readonly history: string | undefined;
}

async function begin(link: Link): Promise<Begun> {
  const results = await link.batch(
    [
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      `SET LOCAL statement_timeout = ${STATE_MS}`,
      `SELECT current_setting('server_version_num') AS version, (${HISTORY_NAME}) AS history`,
    ],
    { purpose: 'find the migration history' },
  );
  const row = results[2]?.[0];
  return { version: Number(row?.version), history: row?.history ?? undefined };
}

/** Everything in one snapshot of the database, in a transaction that lasts only for these two messages. */
export async function readState(link: Link): Promise<DatabaseSnapshot> {
  try {
    const { version, history } = await begin(link);
    const catalog = [...relationQueries(version), ...routineQueries(version), ...databaseQueries(version)];
    const results = await link.batch(
      [
        ...CANONICAL,
        'SELECT pg_stat_clear_snapshot()',
        ...catalog,
        WRITES,
        INVALID,
        ...(history === undefined ? [] : [historyQuery(history)]),
        'COMMIT',
      ],
      { purpose: 'read the state of the database', patienceMs: STATE_MS * 2 },
    );
    const answers = results.slice(CANONICAL.length + 1);
    const [writes = [], invalid = [], rows = []] = answers.slice(catalog.length);
    return {
      fingerprint: fingerprintOf(answers.slice(0, catalog.length).flat()),
      writes: countersOf(writes),
      invalidIndexes: invalid.map((row) => row.name ?? ''),
      history: history === undefined ? null : rows.map(historyRow),
    };
  } catch (error) {
    await link.batch(['ROLLBACK'], { purpose: 'end the reading transaction' }).catch(() => undefined);
    throw error;
  }
}
