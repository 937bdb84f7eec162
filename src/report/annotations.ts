import type { Annotation } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { explain } from './explain.ts';
import { hazardAnnotations, withinLimits } from './hazards.ts';
import { migrationFailed } from './situation.ts';
import { noticeWords, wordsIn } from './text.ts';
import { subject } from './title.ts';
import { clip, oneLine, plain } from './words.ts';

/** GitHub shows at most ten annotations of each level per step. */
const MAX_PER_LEVEL = 10;
const MAX_TITLE = 120;
const MAX_MESSAGE = 4_000;
const LEVELS = ['error', 'warning', 'notice'] as const;

/** Errors first; the failing file and line where they are known. */
export function annotations(run: Run): readonly Annotation[] {
  const failures = errors(run);
  const told = LEVELS.flatMap((level) => [
    ...failures.filter((each) => each.level === level),
    ...run.notices
      .filter((each) => each.level === level)
      .slice(0, MAX_PER_LEVEL)
      .map((notice) => fromNotice(run, notice)),
  ]);
  return withinLimits([...told, ...hazardAnnotations(run.plan?.hazards ?? [])]);
}

function errors(run: Run): readonly Annotation[] {
  if (run.status === 'up-to-date' || run.status === 'applied' || run.status === 'planned') return [];
  if (migrationFailed(run)) return [failure(run)];
  const { data } = explain(run);
  // A hazard has an annotation of its own, with its rule.
  const shown = (run.plan?.hazards.length ?? 0) > 0;
  const problems = run.problems.filter((each) => !(shown && each.code === 'hazard-refused'));
  return problems.slice(0, MAX_PER_LEVEL).map((problem) => {
    const words = wordsIn(run, problem);
    const message = `${words.what} ${data} ${words.next}`;
    return annotation('error', titleOf(run), message, place(run, problem.fields));
  });
}

const titleOf = (run: Run): string => {
  const what = subject(run);
  return `${what === 'Migration' ? 'Deploy' : what} ${run.status === 'refused' ? 'refused' : 'stopped'}`;
};

function failure(run: Run): Annotation {
  const told = explain(run);
  const first = told.next
    .slice(0, 3)
    .map((each) => (each.run === undefined ? each.say : `${each.say}\n${each.run}`));
  const message = [told.headline, ...told.why, told.data, told.did, ...first].join('\n');
  const verdict = run.verdict;
  const title =
    verdict?.failedMigration === undefined
      ? 'Migration failed'
      : `Migration ${verdict.failedMigration} failed`;
  const statement = verdict?.statement;
  if (statement !== undefined) return annotation('error', title, message, statement);
  return annotation('error', title, message, place(run, { migration: verdict?.failedMigration ?? '' }));
}

function fromNotice(run: Run, notice: Run['notices'][number]): Annotation {
  const words = noticeWords(notice);
  const message = words.next === undefined ? words.what : `${words.what} ${words.next}`;
  return annotation(notice.level, 'Guarded Migrate', message, place(run, notice.fields));
}

interface Place {
  readonly path: string;
  readonly line: number;
}

/** The migration file that a problem or a notice is about. */
function place(run: Run, fields: Readonly<Record<string, string>>): Place | undefined {
  const name = fields.migration ?? '';
  const pending = run.plan?.pending.find((each) => each.name === name)?.path;
  const path = pending ?? run.project?.migrations.find((each) => each.name === name)?.path;
  if (path === undefined) return undefined;
  const line = Number(fields.line ?? '1');
  return { path, line: Number.isInteger(line) && line > 0 ? line : 1 };
}

function annotation(
  level: Annotation['level'],
  title: string,
  message: string,
  at: Place | undefined,
): Annotation {
  const base = { level, title: oneLine(title, MAX_TITLE), message: clip(plain(message), MAX_MESSAGE) };
  return at === undefined ? base : { ...base, file: at.path, line: at.line };
}
