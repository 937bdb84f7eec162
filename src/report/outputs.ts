import type { WriteLoss } from '../domain/going-back.ts';
import { isGood, reportedState } from '../domain/outcome.ts';
import { restoredNow } from '../domain/restored-now.ts';
import type { Run } from '../domain/run.ts';
import { explain } from './explain.ts';
import { hazardOutputs } from './hazards.ts';
import { isUnjudged } from './looked.ts';
import { wordsIn } from './text.ts';
import { clip, plain } from './words.ts';

const MAX_MESSAGE = 2_000;
const MAX_LIST = 200_000;

/** A JSON array that says so when it had to be cut: a job's outputs share one megabyte. */
export function jsonList(names: readonly string[], max = MAX_LIST): string {
  const whole = JSON.stringify(names);
  if (whole.length <= max) return whole;
  const kept: string[] = [];
  let size = 60;
  for (const name of names) {
    size += JSON.stringify(name).length + 1;
    if (size > max) break;
    kept.push(name);
  }
  return JSON.stringify([...kept, `... and ${names.length - kept.length} more`]);
}

/** The step's outputs. A fact that is not known has no key. */
export function outputs(
  run: Run,
  reportPath: string | undefined,
  planPath?: string,
): Readonly<Record<string, string>> {
  const verdict = run.verdict;
  const restore = restoredNow(run);
  const failed = !isGood(run, run.request?.mode ?? 'deploy');
  const isLooked = run.plan?.basis !== undefined && !isUnjudged(run);
  const found = hazardOutputs(isLooked ? run.plan?.hazards : undefined, planPath);
  const known: Readonly<Record<string, string | number | undefined>> = {
    status: run.status,
    'pending-migrations': run.pending === undefined ? undefined : jsonList(run.pending),
    'applied-migrations': applied(run),
    'failed-migration': short(verdict?.failedMigration),
    'error-code': short(verdict?.error?.code) ?? historyCode(run),
    'error-message': failed && run.status !== undefined ? errorMessage(run) : undefined,
    'database-state': reportedState(run),
    'snapshot-identifier': run.snapshot?.identifier,
    'snapshot-arn': run.snapshot?.arn,
    'restore-time': run.restorePoint?.time ?? run.goal?.time,
    'restored-identifier': restore?.identifier,
    'restored-endpoint': restore?.endpoint?.address,
    'restored-port': restore?.endpoint?.port,
    'restored-resource-id': restore?.resourceId,
    'write-loss': run.writeLoss === undefined ? undefined : writeLossJson(run.writeLoss),
    'migration-duration-ms': run.migrationMs === undefined ? undefined : Math.round(run.migrationMs),
    'duration-ms': run.endedAt === undefined ? undefined : Math.round(run.endedAt - run.startedAt),
    hazards: found.hazards,
    'highest-hazard': found['highest-hazard'],
    'plan-path': planPath,
    'report-path': reportPath,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  );
}

const MAX_TABLES = 200;

/** What a later step can decide by; the report has every table. */
const writeLossJson = ({ until, tables, ...loss }: WriteLoss): string =>
  JSON.stringify({ ...loss, until: new Date(until).toISOString(), tables: tables.slice(0, MAX_TABLES) });

function applied(run: Run): string | undefined {
  if (run.verdict !== undefined) return jsonList(run.verdict.applied);
  // Once the migration was started and nobody could look, "none" would be a guess.
  return run.rounds === 0 && run.status !== undefined ? '[]' : undefined;
}

/** The codes that Prisma itself would have given. */
function historyCode(run: Run): string | undefined {
  if (run.problems.some((problem) => problem.code === 'history-failed')) return 'P3009';
  return run.problems.some((problem) => problem.code === 'history-missing-baseline') ? 'P3005' : undefined;
}

const short = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : clip(text, MAX_MESSAGE);

const errorMessage = (run: Run): string =>
  clip(plain(run.verdict?.error?.message ?? told(run)).trim(), MAX_MESSAGE);

/** Before a migration the problems are the message, and a headline counts them when there are several. */
function told(run: Run): string {
  const { headline } = explain(run);
  const whats = run.rounds > 0 ? [] : run.problems.map((each) => wordsIn(run, each).what);
  return [headline, ...whats.filter((each) => !headline.includes(each))].join(' ');
}
