import type { Run } from '../domain/run.ts';
import { modeExplanation } from './back/index.ts';
import { isSettled } from './back/promotion-parts.ts';
import { promotionWords } from './back/promotion-words.ts';
import { unseenSentence } from './looked.ts';
import { migrationFailed, migrationStarted, type RestoreStory, restoreStory } from './situation.ts';

const FIXED = {
  'up-to-date': 'Up to date',
  applied: 'Applied',
  refused: 'Refused',
  cancelled: 'Cancelled',
  promoted: 'Failed, restored and promoted',
} as const;

const FAILED: Readonly<Partial<Record<RestoreStory, string>>> = {
  verified: 'Failed, restored beside production',
  unverified: 'Failed, restored but not checked',
  mismatch: 'Failed, and the restored database differs',
  running: 'Failed, restore running',
  refused: 'Failed, and the restore failed too',
  later: 'Failed, restore still to be requested',
  broken: 'Failed, and the restore failed too',
};

const SUBJECTS = { rollback: 'Rollback', promote: 'Promotion', cleanup: 'Clean-up' } as const;

/** What the run was about: the first words of its heading. */
export function subject(run: Run): string {
  const mode = run.request?.mode ?? run.asked ?? 'deploy';
  return mode in SUBJECTS ? SUBJECTS[mode as keyof typeof SUBJECTS] : 'Migration';
}

/** Of a deploy that restored and began a cut-over: who serves now comes before everything else. */
function cutOverTitle(run: Run): string | undefined {
  const phase = run.promotion?.phase ?? 'not-started';
  if (phase === 'not-started') return undefined;
  if (phase === 'promoted' && isSettled(run)) return FIXED.promoted;
  return `${run.status === 'cancelled' ? 'Cancelled' : 'Failed'}, ${promotionWords(run)?.title ?? ''}`;
}

/** A few words for headings. Messages go out before the run has its status, so the story decides the rest. */
export function title(run: Run): string {
  const told = modeExplanation(run);
  if (told !== undefined) return told.title;
  if (run.status === 'planned') {
    return unseenSentence(run) === '' ? 'Nothing stands against a deploy' : 'Planned without all the facts';
  }
  const cutOver = cutOverTitle(run);
  if (cutOver !== undefined) return cutOver;
  if (run.status !== undefined && run.status in FIXED) return FIXED[run.status as keyof typeof FIXED];
  if (migrationFailed(run)) return FAILED[restoreStory(run)] ?? 'Failed';
  if (!migrationStarted(run)) {
    if (run.problems.length === 0) return 'Preparing';
    return run.status === undefined && run.plan === undefined ? 'Refused' : 'Stopped before the migration';
  }
  return 'Running';
}
