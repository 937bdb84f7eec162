import type { DatabaseSnapshot } from '../../domain/facts.ts';
import { historyRow } from '../database/history-row.ts';
import { type Counting, countersOf } from './counters.ts';
import { readFingerprint } from './fingerprint.ts';
import { HISTORY, HISTORY_FOUND } from './history.ts';
import type { Link } from './link.ts';

/**
 * The fingerprint first: rows written while it is read are counted. MySQL has no invalid indexes: an index that could
 * not be built is not there.
 */
export async function readState(link: Link, counting: Counting): Promise<DatabaseSnapshot> {
  const { fingerprint, withoutRollback } = await readFingerprint(link);
  const asked = { purpose: 'read the state of the database' };
  const found = await link.rows(HISTORY_FOUND, asked);
  const [[database] = [], ...answers] = await link.batch(
    ['SELECT DATABASE() AS name', ...counting.queries, ...(found.length === 0 ? [] : [HISTORY])],
    asked,
  );
  const counters = answers.slice(0, counting.queries.length);
  return {
    fingerprint,
    writes: countersOf(counters, database?.name ?? '', counting).writes,
    invalidIndexes: [],
    history: found.length === 0 ? null : (answers.at(-1) ?? []).map(historyRow),
    ...(withoutRollback.length === 0 ? {} : { withoutRollback }),
  };
}
