import { COUNTED_TO, type LiveAnswer, type LiveQuestion } from '../../../domain/live-check.ts';
import { firstProblem } from '../../../domain/problem.ts';
import type { Link } from '../link.ts';

const LIVE_MS = 3000;
const LOCK_MS = 500;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What would stand in the way; one row for each. */
function wrongOnes(question: LiveQuestion): string {
  const table = `${quoted(question.schema)}.${quoted(question.table)}`;
  const columns = question.columns.map(quoted);
  const each = (test: string, link: string): string => columns.map((name) => `${name} ${test}`).join(link);
  switch (question.kind) {
    case 'rows':
      return `SELECT 1 FROM ${table}`;
    case 'nulls':
      return `SELECT 1 FROM ${table} WHERE ${each('IS NULL', ' OR ')}`;
    case 'duplicates': {
      const where = question.nullsEqual ? '' : ` WHERE ${each('IS NOT NULL', ' AND ')}`;
      return `SELECT 1 FROM ${table}${where} GROUP BY ${columns.join(', ')} HAVING count(*) > 1`;
    }
  }
}

/** SQLSTATE → half a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  '57014': `it took longer than ${LIVE_MS / 1000} s`,
  '55P03': 'somebody else holds a lock on the table',
  '42501': 'the role may not read every row of the table',
  '42P01': 'the table is not there',
  '42703': 'the column is not there',
};

/** The server's own words stay out: they may quote a value. */
function reasonOf(error: unknown): string {
  const { code, fields } = firstProblem(error);
  if (code === 'database-lost') return 'the connection was lost';
  return REASONS[fields.code ?? ''] ?? `the server answered with ${fields.code ?? 'an error'}`;
}

/**
 * Asks the rows themselves, read-only, for three seconds at most and behind nobody's lock. With row_security off a
 * table that would hide rows from this role answers with an error, where a policy would answer "none".
 */
export async function askLive(link: Link, question: LiveQuestion): Promise<LiveAnswer> {
  try {
    const results = await link.batch(
      [
        'BEGIN READ ONLY',
        `SET LOCAL statement_timeout = ${LIVE_MS}`,
        `SET LOCAL lock_timeout = ${LOCK_MS}`,
        'SET LOCAL row_security = off',
        'SET LOCAL jit = off',
        `SELECT count(*) AS found FROM (${wrongOnes(question)} LIMIT ${COUNTED_TO + 1}) AS wrong`,
        'COMMIT',
      ],
      { purpose: 'ask the rows', patienceMs: 3 * LIVE_MS },
    );
    const count = Number(results[5]?.[0]?.found ?? 0);
    return count === 0 ? { state: 'none' } : { state: 'found', count };
  } catch (error) {
    await link
      .batch(['ROLLBACK'], { purpose: 'end the question', patienceMs: LIVE_MS })
      .catch(() => undefined);
    return { state: 'unknown', why: reasonOf(error) };
  }
}
