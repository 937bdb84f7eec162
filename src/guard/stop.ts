import type { Activity } from '../domain/facts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Session } from '../ports/engine.ts';
import type { MigratorProcess } from '../ports/migrator.ts';

const PACE_MS = 100;
const CANCEL_FOR_MS = 4000;
const TERMINATE_FOR_MS = 3000;
const CLI_GRACE_MS = 1500;

export interface Stopped {
  readonly activity: Activity;
  readonly tookMs: number;
}

/**
 * Stops the migration for good: cancels its backend until it is gone (a cancel between two statements misses),
 * terminates it when cancelling does not help, ends the process group, and looks once more. Killing the CLI
 * alone would leave the server running, and it would even commit (facts: prisma.md section 5).
 */
export async function stopMigration(
  clock: Clock,
  session: Session,
  applicationName: string,
  cli: MigratorProcess | undefined,
): Promise<Stopped> {
  const start = clock.now();
  const terminate = { applicationName, how: 'terminate', budgetMs: TERMINATE_FOR_MS } as const;
  await silence(clock, session, {
    applicationName,
    how: 'cancel',
    budgetMs: CANCEL_FOR_MS,
    ended: cli?.ended,
  });
  await silence(clock, session, terminate);
  await cli?.kill(CLI_GRACE_MS);
  // An engine that was between two files may have opened a statement meanwhile.
  await silence(clock, session, terminate);
  return { activity: await session.activity(applicationName), tookMs: clock.now() - start };
}

interface Silence {
  readonly applicationName: string;
  readonly how: 'cancel' | 'terminate';
  readonly budgetMs: number;
  /** Resolves when the command has ended: an idle session is waited for no longer. */
  readonly ended?: Promise<unknown> | undefined;
}

/** Asks the backends to stop until none is at work, or the budget is spent. */
async function silence(
  clock: Clock,
  session: Session,
  { applicationName, how, budgetMs, ended }: Silence,
): Promise<void> {
  const deadline = clock.now() + budgetMs;
  const over = new AbortController();
  void ended?.then(() => over.abort());
  for (;;) {
    const { ours } = await session.activity(applicationName);
    const busy = how === 'cancel' ? ours.filter((each) => each.state !== 'idle') : ours;
    if (busy.length === 0 && (how === 'terminate' || ours.length === 0 || over.signal.aborted)) return;
    if (busy.length > 0) await session.intervene.stop(applicationName, how);
    if (clock.now() >= deadline) return;
    await clock.sleep(PACE_MS);
  }
}

/** Waits until no backend of ours is left after the CLI ended by itself; stops what lingers. */
export async function settle(clock: Clock, session: Session, applicationName: string): Promise<Activity> {
  const deadline = clock.now() + CANCEL_FOR_MS;
  for (;;) {
    const activity = await session.activity(applicationName);
    if (activity.ours.length === 0) return activity;
    if (clock.now() >= deadline)
      return (await stopMigration(clock, session, applicationName, undefined)).activity;
    await clock.sleep(PACE_MS);
  }
}
