import type { NoticeCode } from '../domain/event.ts';
import type { Run } from '../domain/run.ts';
import { count, list } from './words.ts';

const noticed = (run: Run, code: NoticeCode): boolean => run.notices.some((each) => each.code === code);

/** No rule knows the dialect of the files: neither a plan nor a deploy finds a hazard in them. */
export const isUnjudged = (run: Run): boolean => noticed(run, 'rules-missing');

/** What a plan did not look at and a deploy does, as parts of a sentence; empty when it saw all that it can see. */
export function unseen(run: Run): readonly string[] {
  const parts: string[] = [];
  if (run.database === undefined) {
    parts.push('the database (its history, its tables and rows, its timeouts)');
  } else if (noticed(run, 'catalog-unread')) {
    parts.push('the catalog and the rows of the database');
  }
  // With nothing pending AWS decides nothing.
  if (run.instance === undefined && (run.database === undefined || run.pending?.length !== 0)) {
    parts.push('AWS (backups, quota, the state of the database)');
  }
  return parts;
}

const UNJUDGED =
  'Nobody judged the hazards of the files, and a deploy does not either: the rules know PostgreSQL only.';

/** "Not looked at: the database (...) and AWS (...)."; empty when all was seen. */
export function unseenSentence(run: Run): string {
  const parts = unseen(run);
  const later =
    parts.length === 0 ? '' : `Not looked at: ${list(parts)}. A deploy looks there, and may still refuse.`;
  return [later, isUnjudged(run) ? UNJUDGED : ''].filter((each) => each !== '').join(' ');
}

/** How many migrations are pending, and who says so. */
export function pendingSentence(run: Run): string {
  const n = run.pending?.length ?? 0;
  const files = count(n, 'migration');
  if (run.database !== undefined) return `${files} ${n === 1 ? 'is' : 'are'} pending.`;
  if (noticed(run, 'pending-unknown')) {
    return `Which migrations are new is not known, so ${n === 1 ? 'the one that is there was' : `all ${n} were`} read as if the database were empty: hazards to tables that they create themselves do not show.`;
  }
  return n === 0
    ? 'This change adds no migration.'
    : `This change adds or edits ${files}, and ${n === 1 ? 'it is' : 'they are'} taken as pending.`;
}
