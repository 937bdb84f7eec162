import { reportedState } from '../domain/outcome.ts';
import type { Run } from '../domain/run.ts';
import { promotionWords } from './back/promotion-words.ts';
import { checkFailed, migrationStarted, restoreStory } from './situation.ts';
import { count, joined, list, oneLine } from './words.ts';
import { lossSentences } from './write-loss.ts';

/** The state of the data, in sentences: production first, then the restored database beside it. */
export function stateOfData(run: Run): string {
  const cutOver = promotionWords(run);
  if (cutOver === undefined || run.promotion?.phase === 'not-started')
    return joined([...production(run), ...beside(run)]);
  // What the migration did was done to the old database; which of the two is production now is the news.
  const before = production(run).map((each) =>
    each.replace('Production was changed', 'The migration changed the old database'),
  );
  return joined([...cutOver.data, ...before]);
}

function production(run: Run): readonly string[] {
  if (run.status === 'up-to-date') return ['Nothing was changed: the database already has every migration'];
  if (run.request?.mode === 'plan') return ['Nothing was changed: this was a plan'];
  if (!migrationStarted(run)) {
    if (run.problems.some(({ code }) => code === 'history-moved'))
      return ['This run changed nothing: it did not start the migration'];
    return reportedState({ ...run, restore: undefined }) === 'unchanged'
      ? ['Nothing was changed: the migration was not started']
      : [
          'This run changed nothing. What the earlier run left in the database is not known: treat it as changed',
        ];
  }
  const verdict = run.verdict;
  if (verdict === undefined) {
    return [
      run.status === undefined && !run.refused
        ? 'The migration is running; the state of your data is not known yet'
        : 'The state of your data is not known: the migration was started and nobody could look at the database afterwards. Treat it as changed',
    ];
  }
  if (verdict.ok || checkFailed(run)) return [good(run), ...proof(run)];
  if (verdict.state === 'unchanged') return ['Your data is unchanged', ...proof(run)];
  if (verdict.state === 'unknown') {
    return ['The state of your data is not known. Treat it as changed until you have looked', ...proof(run)];
  }
  return [changed(run), ...proof(run)];
}

const good = (run: Run): string => {
  const names = run.verdict?.applied ?? [];
  const are = `The database has ${count(names.length, 'new migration')}: ${list(names)}`;
  return checkFailed(run) ? `${are}. The check after ${names.length === 1 ? 'it' : 'them'} failed` : are;
};

function changed(run: Run): string {
  const applied = run.verdict?.applied ?? [];
  const failed = run.verdict?.failedMigration;
  const half = failed === undefined ? '' : `. "${oneLine(failed, 120)}" may be applied in part`;
  const whole = applied.length === 0 ? '' : `. Applied completely: ${list(applied)}`;
  return `Production was changed${whole}${half}`;
}

const proof = (run: Run): readonly string[] => {
  const evidence = (run.verdict?.evidence ?? []).slice(-3).map((each) => oneLine(each, 300));
  return evidence.length === 0
    ? []
    : [`How we know: ${evidence.map((each) => each.replace(/\.$/, '')).join('; ')}`];
};

/** What a reader must know before touching the restored database. */
function beside(run: Run): readonly string[] {
  const restore = run.restore;
  if (restore === undefined) return [];
  const where =
    restore.endpoint === undefined ? '' : ` at ${restore.endpoint.address}:${restore.endpoint.port}`;
  const named = `${restore.identifier}${where}`;
  const from = run.restorePoint === undefined ? '' : ` as of ${run.restorePoint.time}`;
  const still =
    reportedState({ ...run, restore: undefined }) === 'unchanged'
      ? 'The restore did not touch production'
      : `The restore did not touch production: it is as the ${checkFailed(run) ? 'migrations' : 'failed migration'} left it`;
  switch (restoreStory(run)) {
    case 'verified':
      return [
        `The database${from} is restored beside production as ${named}. It was compared with the restore point and is equal`,
        still,
        ...lossSentences(run),
      ];
    case 'mismatch':
      return [
        `WARNING: the restored database ${named} is NOT in the state of the restore point. ${differences(run)}`,
        still,
      ];
    case 'unverified':
      return [`The database${from} is restored as ${named}, but nobody could look into it yet`, still];
    case 'broken':
      return [
        `The restored database ${restore.identifier} cannot be used (its state is ${restore.status})`,
        still,
      ];
    default:
      return [`A restore to ${named} is running (state: ${restore.status}) and was not compared yet`, still];
  }
}

function differences(run: Run): string {
  const found = run.restore?.differences ?? [];
  return found.length === 0 ? '' : `${count(found.length, 'difference')}: ${list(found, 3)}`;
}
