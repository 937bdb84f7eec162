import type { MigratorEnd, StopReason } from '../domain/event.ts';
import type { Activity, Backend, ProjectFacts } from '../domain/facts.ts';
import { isApplied } from '../domain/history.ts';
import { applicationName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { MigratorProcess, UrlEnvironment } from '../ports/migrator.ts';
import type { Guard } from './context.ts';
import { Limits } from './limits.ts';
import { stopMigration } from './stop.ts';
import { every } from './wait.ts';
import { WatchSession } from './watch-session.ts';

const PACE_MS = 1000;
/** A blocker that stays is named again this often. */
const REPEAT_BLOCKER_MS = 15_000;
/** A CLI that is still there this long after its work is done hangs (prisma#29169). */
const HUNG_AFTER_MS = 10_000;
/** The history is not read again and again while a migration is at work. */
const QUIET_FOR_MS = 2000;
/** A CLI whose session was seen at work and has been gone this long does nothing any more, after a failure either. */
const GONE_AFTER_MS = 30_000;
const SWEEP_GRACE_MS = 1000;

export interface Watched {
  readonly end: MigratorEnd;
  readonly stopReason: StopReason | undefined;
  /** Query text of our backend when it was last seen at work. */
  readonly lastQuery: string | undefined;
}

export interface WatchedRun extends Watched {
  /**
   * Ends what the command left in its process group, for example an engine that outlives a killed CLI. Called after
   * the database was looked at: a backend is to be cancelled before its client dies.
   */
  readonly sweep: () => Promise<void>;
}

export interface WatchOrder {
  readonly project: ProjectFacts;
  readonly url: Secret;
  readonly environment: UrlEnvironment;
  readonly pending: readonly string[];
  readonly round: number;
  readonly deadline: number;
}

/** Runs `prisma migrate deploy` with someone watching, and stops it for good when it must be stopped. */
export async function runWatched(guard: Guard, order: WatchOrder): Promise<WatchedRun> {
  const { clock } = guard.ports;
  const migrator = await guard.ports.migrator();
  const sessions = new WatchSession(guard, order.url);
  const started = clock.now();
  const cli = migrator.deploy(order.project, order.environment, (line) =>
    guard.emit({ type: 'migrator-line', line }),
  );
  guard.emit({ type: 'migrator-started', pid: cli.pid, round: order.round });
  const watch = new Watch(guard, order, cli, sessions);
  let over = false;
  try {
    const ended = Promise.race([cli.ended, aborted(guard.options.cancelled)]);
    await every(clock, PACE_MS, () => watch.look(), ended);
    if (guard.options.cancelled.aborted && watch.stopReason === undefined) await watch.stop('cancelled');
    const end = await cli.ended;
    over = true;
    guard.emit({ type: 'migrator-ended', end, tookMs: clock.now() - started });
    const { stopReason, lastQuery } = watch;
    return { end, stopReason, lastQuery, sweep: () => cli.kill(SWEEP_GRACE_MS) };
  } finally {
    // Nobody watches any more: a migration without a watcher must not run on.
    if (!over) await watch.stop('watch-lost').catch(() => undefined);
    await sessions.close();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

class Watch {
  stopReason: StopReason | undefined;
  lastQuery: string | undefined;
  readonly #guard: Guard;
  readonly #order: WatchOrder;
  readonly #cli: MigratorProcess;
  readonly #sessions: WatchSession;
  readonly #limits: Limits;
  #named = new Map<string, number>();
  #idleSince: number | undefined;
  #doneSince: number | undefined;
  #worked = false;

  constructor(guard: Guard, order: WatchOrder, cli: MigratorProcess, sessions: WatchSession) {
    this.#guard = guard;
    this.#order = order;
    this.#cli = cli;
    this.#sessions = sessions;
    this.#limits = new Limits(guard, order.project.dialect);
  }

  async look(): Promise<'again' | 'stop'> {
    const app = applicationName(this.#guard.options.identity);
    const activity = await this.#sessions.use((session) => session.activity(app));
    const now = this.#guard.ports.clock.now();
    if (activity !== undefined) this.#note(activity, now);
    if (now >= this.#order.deadline) return this.#end('migration-timeout');
    if (activity !== undefined && (await this.#keepLimits(activity, now))) return this.#end('lock-taken');
    if (activity !== undefined && (await this.#hangs(activity, now))) return this.#end('cli-hung');
    return 'again';
  }

  async stop(reason: StopReason): Promise<void> {
    if (this.stopReason !== undefined) return;
    this.stopReason = reason;
    this.#guard.emit({ type: 'stopping', reason });
    const app = applicationName(this.#guard.options.identity);
    const stopped = await this.#sessions.use((session) =>
      stopMigration(this.#guard.ports.clock, session, app, this.#cli),
    );
    await this.#cli.kill(0);
    if (stopped !== undefined) this.#guard.emit({ type: 'stopped', ...stopped });
  }

  /** True when another deploy came between. */
  async #keepLimits(activity: Activity, now: number): Promise<boolean> {
    const late = this.#limits.overdue(activity, now);
    if (late !== undefined)
      await this.#sessions.use((session) => this.#limits.enforce(session.intervene, late));
    return this.#limits.isLockTaken(activity, now);
  }

  async #end(reason: StopReason): Promise<'stop'> {
    await this.stop(reason);
    return 'stop';
  }

  #note(activity: Activity, now: number): void {
    for (const ours of activity.ours) {
      if (
        ours.state === 'active' &&
        ours.query !== null &&
        !/advisory_lock|_prisma_migrations/.test(ours.query)
      )
        this.lastQuery = ours.query;
      if (ours.blockedBy.length > 0) this.#name(ours, activity, now);
    }
  }

  #name(waiting: Backend, activity: Activity, now: number): void {
    const blockers = activity.blockers.filter((each) => waiting.blockedBy.includes(each.pid));
    const key = `${waiting.pid}:${waiting.blockedBy.join(',')}`;
    if (now - (this.#named.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_BLOCKER_MS) return;
    this.#named.set(key, now);
    this.#guard.emit({ type: 'blocked', waiting, blockers });
  }

  /** Nothing of ours is at work any more, all files finished or the connection gone for good, and the CLI still there. */
  async #hangs(activity: Activity, now: number): Promise<boolean> {
    if (activity.ours.some((each) => each.state !== 'idle')) {
      this.#worked = true;
      this.#idleSince = undefined;
      this.#doneSince = undefined;
      return false;
    }
    this.#idleSince ??= now;
    if (now - this.#idleSince < QUIET_FOR_MS) return false;
    const rows = (await this.#sessions.use((session) => session.history())) ?? [];
    const done = this.#order.pending.every((name) => rows.some((row) => row.name === name && isApplied(row)));
    // Counted from the end of the work: a slow CLI may be idle for long before it begins.
    this.#doneSince = done ? (this.#doneSince ?? now) : undefined;
    if (this.#doneSince !== undefined) return now - this.#doneSince >= HUNG_AFTER_MS;
    return this.#worked && activity.ours.length === 0 && now - this.#idleSince >= GONE_AFTER_MS;
  }
}
