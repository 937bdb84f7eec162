import type { Goal } from '../../domain/going-back.ts';
import type { Session } from '../../ports/engine.ts';
import type { Guard } from '../context.ts';

const SECOND = 1000;

/**
 * What in the restored database is not as it was at that moment, by what the tags recorded. Times are those of the
 * database on both sides, so no clock of ours matters.
 */
export async function verifyBack(guard: Guard, session: Session, goal: Goal): Promise<readonly string[]> {
  // Production may not answer; then this is the one that tells user and database for the commands to paste.
  if (guard.run.database === undefined)
    guard.emit({ type: 'observed-database', database: await session.facts() });
  const { fingerprint, history } = await session.state();
  const wanted = goal.recorded.fingerprint;
  // A whole second: what was begun within it may be there.
  const end = goal.time === undefined ? Number.POSITIVE_INFINITY : Date.parse(goal.time) + SECOND;
  return [
    ...(wanted === undefined || wanted === fingerprint.digest ? [] : ['the schema']),
    ...(history ?? []).filter((row) => row.startedAt >= end).map((row) => `history row of ${row.name}`),
  ];
}

/** What {@link verifyBack} could compare, for the record of the step. */
export const comparedBack = (goal: Goal): string =>
  goal.recorded.fingerprint === undefined
    ? 'it answers SQL and has no migration of a later time; no schema was recorded to compare it with'
    : 'the schema is the recorded one, and there is no migration of a later time';
