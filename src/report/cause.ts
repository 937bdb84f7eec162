import type { Run } from '../domain/run.ts';
import { count, limit, oneLine } from './words.ts';

/** Why it failed and what to change, in the words of someone who has seen it before. */
export interface Cause {
  readonly why: string;
  readonly fix: string;
  /** True when the file is right and the moment or the surroundings were wrong. */
  readonly elsewhere?: boolean;
}

export type Explain = (run: Run) => Cause;
export const said =
  (why: string, fix: string): Explain =>
  () => ({ why, fix });
export const outside =
  (why: string, fix: string): Explain =>
  () => ({ why, fix, elsewhere: true });

const statementLimit = (run: Run): string =>
  run.request === undefined ? '' : ` (${limit(run.request.statementTimeoutMs)})`;
const lockLimit = (run: Run): string =>
  run.request === undefined ? '' : ` (${limit(run.request.lockTimeoutMs)})`;

/** Who stood in the way, from the last sighting. */
function lastBlockers(run: Run): string {
  const blockers = run.blocked.at(-1)?.blockers ?? [];
  const first = blockers[0];
  if (first === undefined) return '';
  const who = `pid ${first.pid}, user ${first.user ?? 'unknown'}, application "${oneLine(first.applicationName, 60) || 'without a name'}", ${first.state ?? 'state unknown'}`;
  return ` The lock was held by ${who}${blockers.length > 1 ? ` and ${blockers.length - 1} more` : ''}.`;
}

export const lockWait = (run: Run): Cause => ({
  why: `A statement waited longer than lock-timeout${lockLimit(run)} for a lock${run.rounds > 1 ? `, in each of ${count(run.rounds, 'try', 'tries')}` : ''}.${lastBlockers(run)}`,
  fix: 'Deploy when that session is gone, end it, or raise lock-timeout or lock-retries.',
  elsewhere: true,
});
export const tooLong = (run: Run): Cause => ({
  why:
    run.stopReason === undefined
      ? `One statement ran longer than statement-timeout${statementLimit(run)}.`
      : '',
  fix: `Split the statement into smaller ones, move long data changes out of the deploy, or raise ${run.stopReason === 'migration-timeout' ? 'migration-timeout' : 'statement-timeout'}.`,
});
export const deadlock = (run: Run): Cause => ({
  why: `The migration and another session waited for each other (deadlock).${lastBlockers(run)}`,
  fix: 'Deploy in a quieter moment, or lock the tables of the migration in one fixed order.',
  elsewhere: true,
});
