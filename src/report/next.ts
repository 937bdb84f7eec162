import type { NoticeCode } from '../domain/event.ts';
import { reportedState } from '../domain/outcome.ts';
import type { Problem } from '../domain/problem.ts';
import type { Run } from '../domain/run.ts';
import { type Advice, advice } from './advice.ts';
import { cutOverProblems } from './back/promotion-parts.ts';
import { promotionWords } from './back/promotion-words.ts';
import { causes } from './causes.ts';
import { resolveCommand } from './commands.ts';
import { isUnjudged, unseen } from './looked.ts';
import { restoreAdvice } from './next-restore.ts';
import { checkFailed, ended, migrationFailed, migrationStarted, openMigration } from './situation.ts';
import { noticeWords, wordsIn } from './text.ts';
import { oneLine } from './words.ts';

const MAX_PROBLEMS = 20;

/** Notices that leave work for a person. */
const LEAVE_WORK: readonly NoticeCode[] = ['after-command-failed', 'resolve-failed', 'prune-failed'];

/** What the reader does next, most urgent first; never empty. */
export function nextSteps(run: Run): readonly Advice[] {
  const steps = distinct([...main(run), ...leftWork(run)]);
  return steps.length > 0 ? steps : [{ say: 'Read the log of this step, then run the job again.' }];
}

function main(run: Run): readonly Advice[] {
  if (run.status === 'up-to-date') return [{ say: 'Nothing to do.' }];
  if (run.status === 'planned') return [planned(run)];
  if (run.status === 'applied') return [applied(run)];
  if (migrationFailed(run)) return failed(run);
  if (!migrationStarted(run)) return notStarted(run);
  return ended(run) ? fromProblems(run, run.problems) : [{ say: 'Wait: the migration is running.' }];
}

/** What the job lacked is told by its notice, with the remedy. */
const planned = (run: Run): Advice => {
  const first = isUnjudged(run)
    ? 'Read the files yourself, because no rule judged them'
    : (run.plan?.hazards.length ?? 0) > 0
      ? 'Read the hazards'
      : undefined;
  const read = first === undefined ? 'Merge and deploy.' : `${first}, then merge and deploy.`;
  return {
    say:
      unseen(run).length === 0
        ? read
        : `Give this job what it could not look at, or leave that to the deploy. ${read}`,
  };
};

const applied = (run: Run): Advice => ({
  say:
    run.snapshot === undefined
      ? 'Nothing to do.'
      : `Nothing to do. The snapshot ${run.snapshot.identifier} costs money until it is deleted; the input snapshot-keep limits how many stay.`,
});

function notStarted(run: Run): readonly Advice[] {
  if (run.status === 'cancelled') {
    return [
      ...fromProblems(
        run,
        run.problems.filter((each) => each.code !== 'cancelled'),
      ),
      { say: 'Run the job again when you want to deploy. Nothing has to be cleaned up first.' },
    ];
  }
  return fromProblems(run, run.problems);
}

const fromProblems = (run: Run, problems: readonly Problem[]): readonly Advice[] => {
  const shown = problems.slice(0, MAX_PROBLEMS).map((each) => advice(wordsIn(run, each)));
  const rest = problems.length - shown.length;
  return rest > 0
    ? [...shown, { say: `Then see the other ${rest} in the job summary and the report.` }]
    : shown;
};

function failed(run: Run): readonly Advice[] {
  const cutOver = cutOverAdvice(run);
  if (cutOver.length > 0) return [...cutOver, ...repair(run)];
  if (checkFailed(run)) {
    return [
      { say: 'Find out why the check failed: its output is in the log above.' },
      ...restoreAdvice(run),
      {
        say: 'The migrations count as applied. To take them back, write a new migration that undoes them, or cut over to a restored database.',
      },
    ];
  }
  const unchanged =
    run.restore === undefined ? reportedState(run) === 'unchanged' : run.verdict?.state === 'unchanged';
  return unchanged
    ? [...restoreAdvice(run), ...repair(run), ...goOn(run)]
    : [
        ...fromProblems(run, cutOverProblems(run)),
        ...restoreAdvice(run),
        ...settleProduction(run),
        ...repair(run),
      ];
}

/** Which database is production comes before everything else. */
function cutOverAdvice(run: Run): readonly Advice[] {
  const words = promotionWords(run);
  if (words === undefined || run.promotion?.phase === 'not-started') return [];
  return [...words.next, ...fromProblems(run, cutOverProblems(run))];
}

const NOT_BEGUN =
  'Prisma stopped before it began a migration: no file is to blame. Its own output in the log above says why; put that right.';

/** Where the file is wrong and how to put it right, or what else stood in the way. */
function repair(run: Run): readonly Advice[] {
  if (run.stopReason === 'cancelled') return [];
  const known = causes(run).filter((cause) => cause.fix !== '');
  const fixes = known.map((cause) => cause.fix).join(' ');
  if (known.length > 0 && known.every((cause) => cause.elsewhere === true)) return [{ say: fixes }];
  const statement = run.verdict?.statement;
  const name = run.verdict?.failedMigration;
  if (statement === undefined && name === undefined) {
    const say = fixes === '' && run.verdict?.state === 'unchanged' ? NOT_BEGUN : fixes;
    return say === '' ? [] : [{ say }];
  }
  const where =
    statement === undefined
      ? `the migration "${oneLine(name ?? '', 120)}"`
      : `${oneLine(statement.path, 300)}, line ${statement.line}`;
  return [{ say: `Correct ${where}.${fixes === '' ? '' : ` ${fixes}`}` }];
}

/** Unchanged: how the next deploy goes on. */
function goOn(run: Run): readonly Advice[] {
  const open = openMigration(run);
  if (open === undefined) {
    return [
      {
        say: 'Then deploy again. Nothing has to be cleaned up first: Prisma applies the migration anew.',
      },
    ];
  }
  return [
    {
      say: 'Mark the migration as rolled back, with the URL of production in the environment. Until then every deploy stops with P3009.',
      run: resolveCommand(run, open),
    },
    { say: 'Then deploy again.' },
  ];
}

const HISTORY =
  'SELECT migration_name, started_at, finished_at, rolled_back_at, logs FROM _prisma_migrations ORDER BY started_at DESC LIMIT 10;';

/** Changed or unknown: production must be brought into one known state before the next deploy. */
function settleProduction(run: Run): readonly Advice[] {
  const look: readonly Advice[] =
    reportedState({ ...run, restore: undefined }) === 'unknown'
      ? [
          {
            say: 'Look into production: which migrations are finished, and what did the others leave there?',
            run: HISTORY,
          },
        ]
      : [];
  const open = openMigration(run);
  const kept = 'If you keep production: undo by hand what the failed migration left there.';
  if (open === undefined) return [...look, { say: `${kept} Then deploy again.` }];
  return [
    ...look,
    {
      say: `${kept} Then mark the migration as rolled back; until then every deploy stops with P3009.`,
      run: resolveCommand(run, open),
    },
  ];
}

const leftWork = (run: Run): readonly Advice[] =>
  run.notices
    .filter((notice) => LEAVE_WORK.includes(notice.code))
    .flatMap((notice) => {
      const { next, run: command } = noticeWords(notice);
      if (next === undefined) return [];
      return [command === undefined ? { say: next } : { say: next, run: command }];
    });

function distinct(steps: readonly Advice[]): readonly Advice[] {
  const seen = new Set<string>();
  return steps.filter((step) => {
    const key = `${step.say}\n${step.run ?? ''}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
