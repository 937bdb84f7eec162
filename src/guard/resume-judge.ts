import type { StopReason } from '../domain/event.ts';
import type { InstanceFacts, MigrationOnDisk, ProjectFacts, RestorePoint } from '../domain/facts.ts';
import { isOpen } from '../domain/history.ts';
import type { Plan } from '../domain/plan.ts';
import { GuardError, isProblem, problem } from '../domain/problem.ts';
import { applicationName, watchName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { ParsedFile } from '../domain/sql.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Session } from '../ports/engine.ts';
import type { MigratorProcess, UrlEnvironment } from '../ports/migrator.ts';
import { migrationProblem } from './aftermath.ts';
import type { Guard } from './context.ts';
import { guardSession } from './observe.ts';
import { stopMigration } from './stop.ts';
import { guardedEnvironment, readUrls, sessionLimits, urlIn } from './urls.ts';
import { weigh } from './weigh.ts';

/** What a judgement rests on when main is gone: told by the journal, or put together from tags. */
export interface Remains {
  readonly project: ProjectFacts;
  readonly plan: Plan;
  readonly source: InstanceFacts;
  readonly point: RestorePoint;
  /** Nothing is known of the schema at the restore point, so nothing can be said about what differs from it. */
  readonly isBlind?: boolean;
}

export interface Settled {
  readonly verdict: Verdict;
  readonly environment: UrlEnvironment;
  /** The failed row stands in the history now. */
  readonly openRow: boolean;
}

/** The post step ends within a minute. */
const RECONNECT_FOR_MS = 15_000;
const CLI_GRACE_MS = 1000;

/** Ends what is left of the dead main and says what the database is: by main's own verdict, or by a late one. */
export async function settleLate(guard: Guard, remains: Remains): Promise<Settled> {
  const urls = await readUrls(guard);
  const environment = guardedEnvironment(urls, sessionLimits(guard, guard.run.database?.serverVersion ?? 0));
  const url = urlIn(urls, environment);
  const cli = (await guard.ports.migrator()).adopt(guard.run.migratorPid);
  if (guard.run.rounds === 0) guard.emit({ type: 'migrator-started', pid: cli.pid, round: 1 });
  const known = guard.run.verdict;
  // With a verdict nothing migrates any more, but `migrate resolve` may be at work.
  if (known !== undefined) await cli.kill(CLI_GRACE_MS);
  const verdict = known ?? (await judgeLate(guard, remains, { url, cli }));
  return { verdict, environment, openRow: verdict.openRow && (await rowIsOpen(guard, url, verdict)) };
}

interface Left {
  readonly url: Secret;
  readonly cli: MigratorProcess;
}

async function judgeLate(guard: Guard, remains: Remains, left: Left): Promise<Verdict> {
  const reason = guard.run.stopReason ?? (guard.run.migrator === undefined ? 'cancelled' : undefined);
  if (reason !== undefined && guard.run.stopReason === undefined) guard.emit({ type: 'stopping', reason });
  await stopLate(guard, left);
  const { plan, project, point } = remains;
  const order = {
    project,
    pending: plan.pending,
    files: await filesOf(guard, remains),
    url: left.url,
    point,
  };
  const seen = await weigh(guard, order, seenBy(guard, reason), RECONNECT_FOR_MS);
  const verdict = remains.isBlind === true && !seen.ok ? blindly(seen) : seen;
  guard.emit({ type: 'verdict', verdict });
  if (!verdict.ok)
    guard.emit({ type: 'step-failed', step: 'migrate', problem: migrationProblem(guard, verdict) });
  return verdict;
}

const blindly = (verdict: Verdict): Verdict => ({
  ...verdict,
  state: 'unknown',
  evidence: ['neither a journal nor tags tell what the database was before the migration'],
});

/** What main had seen of the command: its end, or the lines until main died. */
const seenBy = ({ run }: Guard, stopReason: StopReason | undefined): Parameters<typeof weigh>[2] => ({
  end: run.migrator ?? { exitCode: null, signal: 'SIGKILL', output: run.lines.join('\n') },
  stopReason,
  lastQuery: undefined,
});

async function stopLate(guard: Guard, { url, cli }: Left): Promise<void> {
  const name = applicationName(guard.options.identity);
  try {
    const session = await guardSession(guard, url);
    try {
      guard.emit({ type: 'stopped', ...(await stopMigration(guard.ports.clock, session, name, cli)) });
      await mustBeAlone(guard, session);
    } finally {
      await session.close().catch(() => undefined);
    }
  } catch (error) {
    if (isProblem(error, 'guard-running')) throw error;
    // The judgement says `unknown` when the database does not answer; the process group must end anyway.
    await cli.kill(0);
  }
}

/** Main's lock went with main. When another run took it since, what the database shows is no longer ours alone. */
async function mustBeAlone({ options }: Guard, session: Session): Promise<void> {
  const { held, holder } = await session.intervene.lock();
  if (held || holder === undefined || holder.applicationName === watchName(options.identity)) return;
  const detail = 'another guarded deploy began after this one was killed; it finishes what this one left';
  throw new GuardError(
    problem('guard-running', detail, { pid: holder.pid, application: holder.applicationName }),
  );
}

/** A file that cannot be read any more makes the judgement poorer, not impossible. */
async function filesOf(guard: Guard, { plan, project }: Remains): Promise<readonly ParsedFile[]> {
  const [migrator, parser] = await Promise.all([
    guard.ports.migrator(),
    guard.ports.parser(project.dialect ?? 'postgresql'),
  ]);
  const pending: readonly Pick<MigrationOnDisk, 'name'>[] = plan.pending;
  const files = await Promise.allSettled(
    pending.map(async ({ name }) => parser.parse(name, await migrator.script(project, name))),
  );
  return files.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

/** Main may have marked it rolled back in its last moment. */
async function rowIsOpen(guard: Guard, url: Secret, verdict: Verdict): Promise<boolean> {
  try {
    const session = await guardSession(guard, url);
    try {
      const rows = (await session.history()) ?? [];
      return rows.some((row) => row.name === verdict.failedMigration && isOpen(row));
    } finally {
      await session.close().catch(() => undefined);
    }
  } catch {
    return true;
  }
}
