import type { Status } from '../domain/event.ts';
import type { InstanceFacts, MigrationOnDisk, RestorePoint } from '../domain/facts.ts';
import { halfDone } from '../domain/half-done.ts';
import type { Plan } from '../domain/plan.ts';
import { GuardError, isProblem, type Problem, problem } from '../domain/problem.ts';
import { findPair, isHalfDone } from '../domain/promotion-pair.ts';
import type { Secret } from '../domain/secret.ts';
import type { ParsedFile } from '../domain/sql.ts';
import type { Session } from '../ports/engine.ts';
import { attemptAfter, failed, finish } from './aftermath.ts';
import type { Guard } from './context.ts';
import { endBadly } from './ending.ts';
import { type Exclusive, holdAlone } from './exclusive.ts';
import { type FirstLook, firstLook, guardSession } from './observe.ts';
import type { Planner } from './planner.ts';
import { finishPredecessor } from './predecessor.ts';
import { secondLook } from './second-look.ts';
import { isPlanned, takeStep } from './step.ts';
import { runCommand } from './steps/commands.ts';
import type { MigrateOrder } from './steps/migrate.ts';
import { markRestorePoint } from './steps/restore-point.ts';
import { takeSnapshot } from './steps/snapshot.ts';
import { urlIn } from './urls.ts';
import { migrateAndVerify } from './verified.ts';

/** The main job. Never throws: whatever happens ends in a status, and everything known is in the run. */
export async function deploy(guard: Guard, planner: Planner): Promise<Status> {
  try {
    return await story(guard, planner);
  } catch (error) {
    return endBadly(guard, error, await promotionBehind(guard, error));
  }
}

/**
 * Nobody answers where production should: a promotion between its two renames looks like that, and only the tags tell.
 * Asks AWS only then; what AWS does not answer is not missed.
 */
async function promotionBehind(guard: Guard, error: unknown): Promise<readonly Problem[]> {
  if (guard.run.plan !== undefined || !isProblem(error, 'database-unreachable', 'instance-not-found'))
    return [];
  const name = guard.request.instance;
  try {
    const pair = findPair(await (await guard.ports.fleet()).all(), name);
    if (pair === undefined || !isHalfDone(pair)) return [];
    const { kind, tags } = pair.new ?? pair.old ?? { tags: {} };
    return [halfDone(kind === undefined ? { identifier: name } : { identifier: name, kind }, tags)];
  } catch {
    return [];
  }
}

async function story(guard: Guard, planner: Planner): Promise<Status> {
  const seen = await look(guard, planner);
  const left = isLeftBehind(seen);
  if (!left) refuse(seen.refusals);
  if (!left && seen.first.comparison.pending.length === 0) return 'up-to-date';
  const alone = await holdAlone(guard, urlIn(seen.first.urls, seen.first.environment));
  try {
    // Another run may have been at work until now: what was read before is old.
    const now = alone.waited || left ? await look(guard, planner) : seen;
    const finished = isLeftBehind(now) ? await finishPredecessor(guard, now.first) : undefined;
    if (finished !== undefined) return finished;
    refuse(now.refusals);
    return await deployAlone(guard, planner, now.first, alone);
  } finally {
    await alone.release();
  }
}

interface Look {
  readonly first: FirstLook;
  readonly refusals: readonly Problem[];
}

async function look(guard: Guard, planner: Planner): Promise<Look> {
  const first = await firstLook(guard);
  return { first, refusals: planner.refuseFirst(guard, first) };
}

/** What a run that is at work right now shows, too. */
const OF_ANOTHER_RUN: ReadonlySet<string> = new Set(['history-failed', 'migration-running']);

/**
 * A failed row or Prisma's lock in use, and nothing else. The run it belongs to may be alive, in its migration or between
 * its failure and its restore, so it is finished for that run only under the guard's lock.
 */
const isLeftBehind = ({ refusals }: Look): boolean =>
  refusals.length > 0 && refusals.every((each) => OF_ANOTHER_RUN.has(each.code));

async function deployAlone(
  guard: Guard,
  planner: Planner,
  first: FirstLook,
  alone: Exclusive,
): Promise<Status> {
  if (first.comparison.pending.length === 0) return 'up-to-date';
  const second = await secondLook(guard, first, planner.hazards);
  refuse([...second.problems, ...planner.refuseSecond(guard, first, second)]);
  const { target, files, hazards } = second;
  if (target === undefined) throw new GuardError(problem('unexpected', 'the DB instance was not described'));
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem('cancelled', 'cancelled before anything was touched'));
  const plan = planner.plan(guard, { first, target, files, hazards });
  guard.emit({ type: 'planned', plan });
  return execute(guard, { plan, source: target.instance, first, files, alone });
}

const refuse = (problems: readonly Problem[]): void => {
  if (problems.length > 0) throw new GuardError(problems);
};

interface Work {
  readonly plan: Plan;
  readonly source: InstanceFacts;
  readonly first: FirstLook;
  readonly files: readonly ParsedFile[];
  readonly alone: Exclusive;
}

async function execute(guard: Guard, work: Work): Promise<Status> {
  const { plan, source } = work;
  if (isPlanned(guard, 'snapshot'))
    await takeStep(guard, 'snapshot', () => takeSnapshot(guard, plan, source));
  const url = urlIn(work.first.urls, work.first.environment);
  try {
    await command(guard, 'before-command', guard.request.beforeCommand);
    const point = await restorePoint(guard, url, work.first.comparison.pending);
    // Its session may have been cut meanwhile, and the lock went with it.
    await work.alone.confirm();
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

async function restorePoint(
  guard: Guard,
  url: Secret,
  pending: readonly MigrationOnDisk[],
): Promise<RestorePoint> {
  let point: RestorePoint | undefined;
  await takeStep(guard, 'restore-point', async () => {
    const session: Session = await guardSession(guard, url);
    try {
      point = await markRestorePoint(guard, session, pending);
      return point.time;
    } finally {
      await session.close().catch(() => undefined);
    }
  });
  if (point === undefined) throw new GuardError(problem('unexpected', 'no restore point'));
  return point;
}
