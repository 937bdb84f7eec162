import type { Drift } from '../domain/drift.ts';
import type { HistoryComparison } from '../domain/history.ts';
import type { Finding } from './finding.ts';

/** Before pending migrations are applied the difference is the migrations themselves, so it says nothing. */
export const mayJudgeDrift = ({ pending, open }: Pick<HistoryComparison, 'pending' | 'open'>): boolean =>
  pending.length === 0 && open.length === 0;

/**
 * A database that is not what schema.prisma says was changed by hand, or the schema was changed without a
 * migration. Prisma does not see triggers, functions, views, policies, checks and grants.
 */
export function driftNotices(drift: Drift): readonly Finding<'drift' | 'drift-unknown'>[] {
  if (drift.state === 'none') return [];
  if (drift.state === 'unknown')
    return [{ code: 'drift-unknown', level: 'notice', fields: { message: drift.message } }];
  const changes = drift.changes.filter((line) => /^\s+\S|^\[/.test(line));
  return [
    {
      code: 'drift',
      level: 'warning',
      fields: {
        count: String(drift.changes.filter((line) => /^\[/.test(line)).length || 1),
        changes: (changes.length === 0 ? drift.changes : changes)
          .slice(0, 10)
          .map((line) => line.trim())
          .join('; '),
      },
    },
  ];
}
