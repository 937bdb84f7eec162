import type { Run } from '../domain/run.ts';
import { promotionWords } from './back/promotion-words.ts';
import { migrationStarted, restoreProblem, restoreStory, stepOf } from './situation.ts';
import { wordsIn } from './text.ts';
import { count, joined, limit, list, oneLine, took } from './words.ts';

/** What we did about it, in the order in which we did it. */
export function whatWeDid(run: Run): string {
  const parts = [
    ...before(run),
    ...migrated(run),
    ...tidied(run),
    ...restored(run),
    ...(promotionWords(run)?.did ?? []),
    ...after(run),
  ];
  if (parts.length > 0) return joined(parts);
  return 'We only looked: nothing was created and nothing was started.';
}

function before(run: Run): readonly string[] {
  const parts: string[] = [];
  const snapshot = run.snapshot;
  if (snapshot !== undefined) {
    const percent = snapshot.percent === undefined ? '' : ` at ${snapshot.percent} %`;
    parts.push(
      snapshot.status === 'available'
        ? `We took the snapshot ${snapshot.identifier}`
        : `We requested the snapshot ${snapshot.identifier} (last seen ${snapshot.status}${percent})`,
    );
  } else if (stepOf(run, 'snapshot')?.state === 'failed') {
    parts.push('We asked for a snapshot and did not get one');
  } else if (migrationStarted(run) && run.request?.snapshot === 'skip') {
    parts.push('We took no snapshot, as asked (snapshot: skip)');
  }
  const command = stepOf(run, 'before-command')?.state;
  if (command === 'done') parts.push('We ran before-command');
  if (command === 'failed') parts.push('We ran before-command, which failed');
  if (run.restorePoint !== undefined) parts.push(`We noted the restore point ${run.restorePoint.time}`);
  return parts;
}

const REASONS = {
  'migration-timeout': 'because migration-timeout passed',
  cancelled: 'because the job was cancelled',
  'cli-hung': 'because the Prisma command did not end by itself',
  'watch-lost': 'because we could no longer watch it',
  'lock-taken': 'because a session that is not known as ours held Prisma’s lock',
} as const;

function migrated(run: Run): readonly string[] {
  if (!migrationStarted(run)) return [];
  const ms = run.migrationMs === undefined ? '' : ` (${took(run.migrationMs)})`;
  const tries = run.rounds > 1 ? `, ${count(run.rounds, 'try', 'tries')} because of locks` : '';
  const parts = [`We ran prisma migrate deploy${ms}${tries}`];
  if (run.stopReason !== undefined) {
    const after =
      run.stopReason === 'migration-timeout' && run.request !== undefined
        ? ` (${limit(run.request.migrationTimeoutMs)})`
        : '';
    parts.push(`We stopped it in the database and on the runner ${REASONS[run.stopReason]}${after}`);
  }
  return parts;
}

function tidied(run: Run): readonly string[] {
  const parts: string[] = [];
  if (run.leftovers.length > 0) {
    parts.push(
      `We removed ${count(run.leftovers.length, 'INVALID index', 'INVALID indexes')} that the unfinished CREATE INDEX CONCURRENTLY had left behind: ${list(run.leftovers)}`,
    );
  }
  if (run.markedRolledBack.length > 0) {
    parts.push(
      `We marked ${list([...new Set(run.markedRolledBack)].map((name) => `"${oneLine(name, 110)}"`))} as rolled back, so that the next deploy is not blocked by P3009`,
    );
  }
  return parts;
}

/** Both failures are told: that of the restore never hides that of the migration, nor the other way round. */
function restored(run: Run): readonly string[] {
  const problem = restoreProblem(run);
  const what = problem === undefined ? '' : wordsIn(run, problem).what;
  const name = run.restore?.identifier ?? '';
  switch (restoreStory(run)) {
    case 'not-needed':
      return run.verdict?.ok === false ? ['We started no restore, because nothing was changed'] : [];
    case 'alert-only':
      return ['We started no restore, as asked (on-failure: alert)'];
    case 'coming':
      return ['The restore beside production is the next step'];
    case 'not-requested':
      return ['No restore was requested'];
    case 'unconfirmed':
      return ['We were about to request a restore when the run ended; whether AWS received it is not known'];
    case 'later':
      return ['We did not request the restore yet'];
    case 'refused':
      return ['We tried to restore beside production, but the restore could not be requested'];
    case 'broken':
      return [`We requested a restore to ${name}, and it failed too`];
    case 'running':
      return [`We requested a restore beside production to ${name}`, what];
    case 'unverified':
      return [`We restored beside production to ${name}, but could not check it`, what];
    case 'mismatch':
      return [`We restored beside production to ${name}, and the check found differences`, what];
    case 'verified':
      return [`We restored beside production to ${name} and checked it`];
  }
}

function after(run: Run): readonly string[] {
  const state = stepOf(run, 'after-command')?.state;
  if (state === 'done') return ['We ran after-command'];
  return state === 'failed' ? ['We ran after-command, which failed'] : [];
}
