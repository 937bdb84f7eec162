import type { Run } from '../domain/run.ts';
import { modeExplanation } from './back/index.ts';
import { cutOverProblems } from './back/promotion-parts.ts';
import { promotionWords } from './back/promotion-words.ts';
import { causes } from './causes.ts';
import { spokenName } from './commands.ts';
import { whatWeDid } from './did.ts';
import type { Explanation } from './explanation.ts';
import { pendingSentence, unseenSentence } from './looked.ts';
import { nextSteps } from './next.ts';
import { checkFailed, migrationFailed, migrationStarted, restoreProblem, stepOf } from './situation.ts';
import { stateOfData } from './state.ts';
import { wordsIn } from './text.ts';
import { count, oneLine, sentence, took } from './words.ts';

export function explain(run: Run): Explanation {
  const told = modeExplanation(run);
  if (told !== undefined) {
    const { headline, why, data, did, next } = told;
    return { headline, why, data, did, next };
  }
  return {
    headline: headline(run),
    why: why(run),
    data: stateOfData(run),
    did: whatWeDid(run),
    next: nextSteps(run),
  };
}

/** What happened. The migration comes first; a restore that failed too follows in the same breath. */
export function headline(run: Run): string {
  const name = spokenName(run);
  if (run.status === 'up-to-date') return `Nothing to migrate on ${name}.`;
  if (run.status === 'planned') {
    const not = unseenSentence(run);
    const verdict =
      not === ''
        ? `Nothing was found for which a deploy to ${name} would be refused.`
        : `Nothing stands against a deploy to ${name} in what was looked at. ${not}`;
    return `${pendingSentence(run)} ${verdict}`;
  }
  if (run.status === 'applied') {
    const n = run.verdict?.applied.length ?? run.pending?.length ?? 0;
    const time = run.migrationMs === undefined ? '' : ` in ${took(run.migrationMs)}`;
    return `${count(n, 'migration')} applied to ${name}${time} and verified in the database.`;
  }
  if (migrationFailed(run)) return `${failure(run, name)}${restoreToo(run)}${cutOver(run)}`;
  if (run.status === 'cancelled') return cancelled(run, name);
  if (run.problems.length > 0) return stopped(run, name);
  if (migrationStarted(run)) return `The migration of ${name} is running.`;
  return run.status === undefined
    ? `The deploy to ${name} is being prepared.`
    : `The deploy to ${name} did not start the migration.`;
}

function failure(run: Run, name: string): string {
  if (checkFailed(run)) {
    return sentence(
      `The migrations are applied to ${name}, but the check after them (verify-command) failed`,
    );
  }
  const verdict = run.verdict;
  const what =
    verdict?.failedMigration === undefined
      ? `The migration of ${name}`
      : `Migration "${oneLine(verdict.failedMigration, 120)}" on ${name}`;
  if (run.stopReason === 'cancelled' || (verdict === undefined && run.status === 'cancelled')) {
    return `${what} was stopped because the job was cancelled.`;
  }
  const verb = run.status === 'cancelled' ? 'failed, and the job was cancelled after it' : 'failed';
  if (verdict?.error === undefined) {
    const timeout = run.stopReason === 'migration-timeout' ? ' (stopped by migration-timeout)' : '';
    const known = run.problems.find(
      (each) => !['migration-failed', 'migration-timeout', 'cancelled'].includes(each.code),
    );
    const told = known === undefined || known === restoreProblem(run) ? '' : ` ${wordsIn(run, known).what}`;
    return `${sentence(`${what} ${verb}${timeout}`)}${told}`;
  }
  const code = verdict.error.code === undefined ? '' : ` (${oneLine(verdict.error.code, 20)})`;
  const where =
    verdict.statement === undefined
      ? ''
      : ` Line ${verdict.statement.line} of ${oneLine(verdict.statement.path, 300)}.`;
  // MySQL ends its messages with a full stop, and the code follows.
  const said = oneLine(verdict.error.message, 500);
  return `${what} ${verb}: ${sentence((code === '' ? said : said.replace(/\.$/, '')) + code)}${where}`;
}

/** Only a restore that did not become usable is part of the headline. */
function restoreToo(run: Run): string {
  const problem = restoreProblem(run);
  if (problem === undefined) return '';
  if (problem.code === 'restore-mismatch')
    return ' The restored database is NOT in the state of the restore point.';
  if (problem.code === 'restore-later') return ` ${wordsIn(run, problem).what}`;
  if (problem.code === 'restore-failed')
    return ` ${wordsIn(run, problem).what.replace(/^The restore(?: to \S+)? failed/, 'The restore failed too')}`;
  if (stepOf(run, 'restore')?.state === 'failed') {
    return ` The restore failed too: ${wordsIn(run, problem).what}`;
  }
  return '';
}

/** Who serves now is part of the headline, and so is why nobody else does. */
function cutOver(run: Run): string {
  if (run.promotion === undefined) return '';
  if (run.promotion.phase !== 'not-started') return ` ${promotionWords(run)?.what ?? ''}`;
  return cutOverProblems(run)
    .map((each) => ` ${wordsIn(run, each).what}`)
    .join('');
}

function cancelled(run: Run, name: string): string {
  const step = run.steps.find((each) => each.state === 'running' || each.state === 'failed');
  const during = step === undefined ? '' : `, during this step: ${oneLine(step.title, 200)}`;
  return sentence(`The job was cancelled before the migration of ${name} started${during}`);
}

function stopped(run: Run, name: string): string {
  const problems = run.problems;
  const first = problems[0];
  if (run.request?.mode === 'plan') return planned(run, name);
  const verb =
    (run.status ?? (run.plan === undefined ? 'refused' : 'failed')) === 'refused'
      ? 'was refused'
      : 'stopped before the migration';
  if (problems.length === 1 && first !== undefined) {
    return `The deploy to ${name} ${verb}. ${wordsIn(run, first).what}`;
  }
  return `The deploy to ${name} ${verb}: ${count(problems.length, 'problem')} found.`;
}

function planned(run: Run, name: string): string {
  const [first] = run.problems;
  if (run.problems.length === 1 && first !== undefined)
    return `A deploy of this commit to ${name} would be refused. ${wordsIn(run, first).what}`;
  return `A deploy of this commit to ${name} would be refused: ${count(run.problems.length, 'problem')} found.`;
}

function why(run: Run): readonly string[] {
  const known = causes(run)
    .map((cause) => cause.why)
    .filter((each) => each !== '');
  if (migrationFailed(run) || run.problems.length < 2) return known;
  return [...known, ...run.problems.slice(0, 20).map((each) => wordsIn(run, each).what)];
}
