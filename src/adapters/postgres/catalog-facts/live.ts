import type { LiveAnswer, LiveQuestion } from '../../../domain/live-check.ts';
import type { Link } from '../link.ts';

const LIVE_MS = 3000;
const LOCK_MS = 500;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A dot inside a name is not supported: such a table answers `unknown`. */
const qualified = (table: string): string => table.split('.').map(quoted).join('.');

function sqlOf(question: LiveQuestion): string {
  const table = qualified(question.table);
  const columns = question.columns.map(quoted);
  switch (question.kind) {
    case 'rows':
      return `SELECT EXISTS (SELECT 1 FROM ${table}) AS found`;
    case 'nulls':
      return `SELECT EXISTS (SELECT 1 FROM ${table} WHERE ${columns.map((each) => `${each} IS NULL`).join(' OR ')}) AS found`;
    case 'duplicates':
      return `SELECT EXISTS (SELECT 1 FROM ${table} WHERE ${columns.map((each) => `${each} IS NOT NULL`).join(' AND ')} GROUP BY ${columns.join(', ')} HAVING count(*) > 1) AS found`;
  }
}

/** Asks the rows themselves, read-only and for three seconds at most. */
export async function askLive(link: Link, question: LiveQuestion): Promise<LiveAnswer> {
  try {
    const results = await link.batch(
      [
        'BEGIN READ ONLY',
        `SET LOCAL statement_timeout = ${LIVE_MS}`,
        `SET LOCAL lock_timeout = ${LOCK_MS}`,
        sqlOf(question),
        'COMMIT',
      ],
      { purpose: 'ask the rows' },
    );
    return results[3]?.[0]?.found === 't' ? 'yes' : 'no';
  } catch {
    await link.batch(['ROLLBACK'], { purpose: 'end the question' }).catch(() => undefined);
    return 'unknown';
  }
}
