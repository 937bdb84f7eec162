import type { Status } from '../domain/event.ts';
import type { InstanceFacts, MigrationOnDisk, RestorePoint, TargetFacts } from '../domain/facts.ts';
import type { Plan } from '../domain/plan.ts';
import { firstProblem, GuardError, isProblem, type Problem, problem } from '../domain/problem.ts';
import type { Secret } from '../domain/secret.ts';
import type { ParsedFile } from '../domain/sql.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Session } from '../ports/engine.ts';
import { attemptAfter, failed, finish, migrationProblem } from './aftermath.ts';
import type { Guard } from './context.ts';
import { holdAlone } from './exclusive.ts';
import { type FirstLook, firstLook, guardSession } from './observe.ts';
import { finishPredecessor } from './predecessor.ts';
import { secondLook } from './second-look.ts';
import { attemptStep, isPlanned, takeStep, untold } from './step.ts';
import { tell } from './steps/alert.ts';
import { runCommand } from './steps/commands.ts';
import { type MigrateOrder, migrate } from './steps/migrate.ts';
import { markRestorePoint } from './steps/restore-point.ts';
import { takeSnapshot } from './steps/snapshot.ts';
import { urlIn } from './urls.ts';

/** What the planning floor decides; handed in, so that the guard never imports it. */
export interface Planner {
  refuseFirst(guard: Guard, first: FirstLook): readonly Problem[];
  refuseSecond(
    guard: Guard,
    first: FirstLook,
    second: Awaited<ReturnType<typeof secondLook>>,
  ): readonly Problem[];
  plan(
    guard: Guard,
    facts: { readonly first: FirstLook; readonly target: TargetFacts; readonly files: readonly ParsedFile[] },
  ): Plan;
}

/** The main job. Never throws: whatever happens ends in a status, and everything known is in the run. */
export async function deploy(guard: Guard, planner: Planner): Promise<Status> {
  try {
    return await story(guard, planner);
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: 'refused', problems });
    const planned = guard.run.plan !== undefined;
    await tell(guard, 'failure');
    if (isProblem(error, 'cancelled') || guard.options.cancelled.aborted) return 'cancelled';
    return planned ? 'failed' : 'refused';
  }
}

async function story(guard: Guard, planner: Planner): Promise<Status> {
  const first = await firstLook(guard);
  const refusals = planner.refuseFirst(guard, first);
  if (refusals.length > 0) {
    const finished = await finishPredecessor(guard, first);
    if (finished !== undefined) return finished;
  }
  refuse(refusals);
  if (first.comparison.pending.length === 0) return 'up-to-date';
  const alone = await holdAlone(guard, urlIn(first.urls, first.environment));
  try {
    return await deployAlone(guard, planner, alone.waited ? await lookAgain(guard, planner) : first);
  } finally {
    await alone.release();
  }
}

/** Another run was at work while this one waited: what was read before is old. */
async function lookAgain(guard: Guard, planner: Planner): Promise<FirstLook> {
  const first = await firstLook(guard);
  refuse(planner.refuseFirst(guard, first));
  return first;
}

async function deployAlone(guard: Guard, planner: Planner, first: FirstLook): Promise<Status> {
  if (first.comparison.pending.length === 0) return 'up-to-date';
  const second = await secondLook(guard, first);
  refuse([...second.problems, ...planner.refuseSecond(guard, first, second)]);
  const { target, files } = second;
  if (target === undefined) throw new GuardError(problem('unexpected', 'the DB instance was not described'));
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem('cancelled', 'cancelled before anything was touched'));
  const plan = planner.plan(guard, { first, target, files });
  guard.emit({ type: 'planned', plan });
  return execute(guard, { plan, source: target.instance, first, files });
}

const refuse = (problems: readonly Problem[]): void => {
  if (problems.length > 0) throw new GuardError(problems);
};

interface Work {
  readonly plan: Plan;
  readonly source: InstanceFacts;
  readonly first: FirstLook;
  readonly files: readonly ParsedFile[];
}

async function execute(guard: Guard, work: Work): Promise<Status> {
  const { plan, source } = work;
  if (isPlanned(guard, 'snapshot'))
    await takeStep(guard, 'snapshot', () => takeSnapshot(guard, plan, source));
  const url = urlIn(work.first.urls, work.first.environment);
  try {
    await command(guard, 'before-command', guard.request.beforeCommand);
    const point = await restorePoint(guard, url);
    const order: MigrateOrder = {
      project: work.first.project,
      pending: work.first.comparison.pending satisfies readonly MigrationOnDisk[],
      files: work.files,
      url,
      environment: work.first.environment,
      point,
    };
    const verdict = await migrateAndVerify(guard, order);
    if (verdict.ok) return await finish(guard, source);
    return await failed(guard, work, order, verdict);
  } finally {
    await attemptAfter(guard);
  }
}

const command = async (
  guard: Guard,
  step: 'before-command' | 'verify-command',
  script: string | undefined,
): Promise<void> => {
  if (script !== undefined) await takeStep(guard, step, () => runCommand(guard, step, script));
};

async function restorePoint(guard: Guard, url: Secret): Promise<RestorePoint> {
  let point: RestorePoint | undefined;
  await takeStep(guard, 'restore-point', async () => {
    const session: Session = await guardSession(guard, url);
    try {
      point = await markRestorePoint(guard, session);
      return point.time;
    } finally {
      await session.close().catch(() => undefined);
    }
  });
  if (point === undefined) throw new GuardError(problem('unexpected', 'no restore point'));
  return point;
}

async function migrateAndVerify(guard: Guard, order: MigrateOrder): Promise<Verdict> {
  guard.emit({ type: 'step-intended', step: 'migrate' });
  const verdict = await migrateOrUnknown(guard, order);
  guard.emit({ type: 'step-intended', step: 'verdict' });
  guard.emit({ type: 'verdict', verdict });
  guard.emit({
    type: 'step-done',
    step: 'verdict',
    note: verdict.ok ? 'applied and verified' : `failed, database ${verdict.state}`,
  });
  if (!verdict.ok) {
    guard.emit({ type: 'step-failed', step: 'migrate', problem: migrationProblem(guard, verdict) });
    return verdict;
  }
  guard.emit({ type: 'step-done', step: 'migrate', note: `${verdict.applied.length} applied` });
  const script = guard.request.verifyCommand;
  if (script === undefined) return verdict;
  const failure = await attemptStep(guard, 'verify-command', () =>
    runCommand(guard, 'verify-command', script),
  );
  if (failure === undefined) return verdict;
  const rejected: Verdict = {
    ...verdict,
    ok: false,
    error: { code: undefined, message: failure.detail },
    evidence: [...verdict.evidence, 'verify-command failed'],
  };
  guard.emit({ type: 'verdict', verdict: rejected });
  return rejected;
}

/** Once the migration has started, an error nobody foresaw is no refusal: it means that nobody knows the state. */
async function migrateOrUnknown(guard: Guard, order: MigrateOrder): Promise<Verdict> {
  try {
    return await migrate(guard, order);
  } catch (error) {
    if (guard.run.rounds === 0) {
      guard.emit({ type: 'step-failed', step: 'migrate', problem: firstProblem(error) });
      throw error;
    }
    const { code, detail } = firstProblem(error);
    return {
      ok: false,
      state: 'unknown',
      applied: [],
      failedMigration: undefined,
      error: { code: undefined, message: detail },
      statement: undefined,
      evidence: [`the guard itself failed while it watched or judged (${code}): ${detail}`],
      openRow: false,
      retryable: false,
    };
  }
}
