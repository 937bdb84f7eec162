import type { Status } from '../domain/event.ts';
import type { InstanceFacts, MigrationOnDisk, ProjectFacts, RestorePoint } from '../domain/facts.ts';
import type { Plan } from '../domain/plan.ts';
import { firstProblem, problem } from '../domain/problem.ts';
import { applicationName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { Verdict } from '../domain/verdict.ts';
import {
  alertOnce,
  attemptAfter,
  failedPhase,
  freeNextDeploy,
  migrationProblem,
  wantsRestore,
} from './aftermath.ts';
import type { Guard } from './context.ts';
import { guardSession } from './observe.ts';
import { attemptStep } from './step.ts';
import { tell } from './steps/alert.ts';
import { requestRestore } from './steps/restore.ts';
import { tagPhase } from './steps/snapshot.ts';
import { stopMigration } from './stop.ts';
import { guardedEnvironment, readUrls, sessionLimits, urlIn } from './urls.ts';
import { weigh } from './weigh.ts';

/** The post step ends within a minute: what takes longer is left to the next run. */
const RECONNECT_FOR_MS = 15_000;
const LOG_FOR_MS = 15_000;

/** What the journal must hold for a judgement; absent when the process died before the migration. */
interface Remains {
  readonly project: ProjectFacts;
  readonly plan: Plan;
  readonly source: InstanceFacts;
  readonly point: RestorePoint;
}

/**
 * Finishes what a killed or cancelled main left: stops what still runs, judges, tells people, and starts the
 * restore when the policy asks for it. It never waits for a restore. Never throws.
 */
export async function resume(guard: Guard): Promise<Status> {
  try {
    const remains = remainsOf(guard);
    return remains === undefined ? await neverStarted(guard) : await finish(guard, remains);
  } catch (error) {
    guard.emit({ type: 'refused', problems: [firstProblem(error)] });
    await alertOnce(guard);
    return 'cancelled';
  }
}

function remainsOf({ run }: Guard): Remains | undefined {
  const { project, plan, instance, restorePoint } = run;
  if (project === undefined || plan === undefined || instance === undefined || restorePoint === undefined)
    return undefined;
  return run.rounds === 0 ? undefined : { project, plan, source: instance, point: restorePoint };
}

/** Prisma was never started, so nothing can have changed. */
async function neverStarted(guard: Guard): Promise<Status> {
  if (!guard.run.problems.some((each) => each.code === 'cancelled')) {
    guard.emit({
      type: 'refused',
      problems: [problem('cancelled', 'the step was killed before the migration was started')],
    });
  }
  await alertOnce(guard);
  await attemptAfter(guard);
  return 'cancelled';
}

async function finish(guard: Guard, remains: Remains): Promise<Status> {
  const urls = await readUrls(guard);
  const environment = guardedEnvironment(urls, sessionLimits(guard, guard.run.database?.serverVersion ?? 0));
  const url = urlIn(urls, environment);
  const verdict = guard.run.verdict ?? (await judgeLate(guard, remains, url));
  if (verdict.ok) {
    await tagPhase(guard, guard.run.snapshot?.arn, 'applied');
    await alertOnce(guard);
    await attemptAfter(guard);
    return 'cancelled';
  }
  await freeNextDeploy(guard, { project: remains.project, environment }, verdict);
  await alertOnce(guard);
  await tagPhase(guard, guard.run.snapshot?.arn, failedPhase(verdict));
  await attemptAfter(guard);
  return restoreIfAsked(guard, remains, verdict);
}

/** Stops the session and the process group of the dead main, and asks the database what happened. */
async function judgeLate(guard: Guard, remains: Remains, url: Secret): Promise<Verdict> {
  const { clock } = guard.ports;
  const migrator = await guard.ports.migrator();
  const { migratorPid } = guard.run;
  const cli = migratorPid === undefined ? undefined : migrator.adopt(migratorPid);
  try {
    const session = await guardSession(guard, url);
    try {
      const stopped = await stopMigration(clock, session, applicationName(guard.options.identity), cli);
      guard.emit({ type: 'stopped', ...stopped });
    } finally {
      await session.close().catch(() => undefined);
    }
  } catch {
    // The judgement below says `unknown` when the database does not answer; the process group must end anyway.
    await cli?.kill(0);
  }
  const pending: readonly Pick<MigrationOnDisk, 'name' | 'path'>[] = remains.plan.pending;
  const parser = await guard.ports.parser();
  const files = await Promise.all(
    pending.map(async ({ name }) => parser.parse(name, await migrator.script(remains.project, name))),
  );
  const end = guard.run.migrator ?? { exitCode: null, signal: 'SIGKILL', output: guard.run.lines.join('\n') };
  const verdict = await weigh(
    guard,
    { project: remains.project, pending, files, url, point: remains.point },
    { end, stopReason: 'cancelled', lastQuery: undefined },
    RECONNECT_FOR_MS,
  );
  guard.emit({ type: 'verdict', verdict });
  if (!verdict.ok)
    guard.emit({ type: 'step-failed', step: 'migrate', problem: migrationProblem(guard, verdict) });
  return verdict;
}

async function restoreIfAsked(guard: Guard, remains: Remains, verdict: Verdict): Promise<Status> {
  if (!wantsRestore(guard, verdict)) return 'cancelled';
  if (guard.run.restore !== undefined) return 'restoring';
  const deadline = guard.ports.clock.now() + LOG_FOR_MS;
  const failure = await attemptStep(guard, 'restore', () =>
    requestRestore(
      guard,
      {
        identifier: remains.plan.restoredIdentifier,
        source: remains.source,
        time: remains.point.time,
        identity: guard.options.identity,
      },
      deadline,
    ),
  );
  await tell(guard, 'end');
  return failure === undefined ? 'restoring' : 'cancelled';
}
