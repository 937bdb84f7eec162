import type { Promotion } from '../../domain/going-back.ts';
import type { StepKind } from '../../domain/plan.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Run } from '../../domain/run.ts';
import { stepOf } from '../situation.ts';
import { took } from '../words.ts';

/** Problems of the cut-over itself; those of the migration and of the restore came before it was begun. */
export function cutOverProblems(run: Run): readonly Problem[] {
  if (run.promotion === undefined) return [];
  const earlier = run.steps.flatMap(({ kind, problem }) =>
    problem !== undefined && !CUT_OVER.has(kind) ? [problem] : [],
  );
  return run.problems.filter((each) => !earlier.includes(each) && !BEFORE.has(each.code));
}

const CUT_OVER: ReadonlySet<StepKind> = new Set([
  ...(['preflight', 'park', 'take-over', 'retarget'] as const),
  ...(['verify-promotion', 'settle', 'write-loss'] as const),
]);
/** Told by other words, step or not. */
const BEFORE: ReadonlySet<string> = new Set([
  'migration-failed',
  'migration-timeout',
  'command-failed',
  'cancelled',
]);

/** Slack is told before the run has its status: the last step of a cut-over, or of an undo, is the proof then. */
export const isSettled = (run: Run): boolean =>
  run.status === 'promoted' || (run.status === undefined && stepOf(run, 'settle')?.state === 'done');

/** For the log, while it happens. */
export function promotionLine(promotion: Promotion): string {
  const { production, parked, by, phase } = promotion;
  const lines: { readonly [P in Promotion['phase']]: string } = {
    'not-started': 'nothing is renamed or re-targeted yet',
    parking: `${production} gives up its name; applications lose it from now on`,
    outage: by === 'proxy' ? 'the proxy is between two databases' : `nobody has the name ${production}`,
    'taking-over':
      by === 'proxy'
        ? 'the proxy is sent to the restored database'
        : `the restored database takes the name ${production}`,
    promoted: `the restored database serves${outage(promotion)}`,
    undone: `the old database serves${outage(promotion)}`,
  };
  const kept = phase === 'promoted' && by === 'rename' ? `; the old one is ${parked}` : '';
  return `cut-over of ${production}: ${lines[phase]}${kept}`;
}

/** How long production did not answer; empty while that is not known. */
export const outage = ({ outageFrom, outageUntil }: Promotion): string =>
  outageFrom === undefined || outageUntil === undefined
    ? ''
    : `, after ${took(outageUntil - outageFrom)} without an answer (${iso(outageFrom)} to ${iso(outageUntil)})`;

export const since = ({ outageFrom }: Promotion): string =>
  outageFrom === undefined ? '' : `, since ${iso(outageFrom)}`;

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
