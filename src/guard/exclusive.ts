import { GuardError, isProblem, problem } from '../domain/problem.ts';
import { watchName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { LockAttempt, Session } from '../ports/engine.ts';
import type { Guard } from './context.ts';
import { waitUntil } from './wait.ts';

export interface Exclusive {
  /** True when another run was there first: what was read before may be old. */
  readonly waited: boolean;
  /**
   * The server drops the lock with the session, and the session can be cut. Takes it again where that happened;
   * throws `guard-running` when somebody else was faster, or what connecting throws.
   */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/**
 * One guarded deploy of a database at a time, for its whole length: Prisma's own lock is only held while it
 * applies. A session lock in a session of its own, without a transaction, gone with the process.
 * Throws `guard-running` with the holder, or `cancelled`.
 */
export async function holdAlone(guard: Guard, url: Secret): Promise<Exclusive> {
  const held = new HeldLock(guard, url);
  try {
    const first = await held.attempt();
    if (first.held) return held.asExclusive(false);
    if (guard.request.concurrency === 'refuse') throw new GuardError(taken(first));
    await waitForTurn(guard, held, first);
    return held.asExclusive(true);
  } catch (error) {
    await held.close();
    throw error;
  }
}

/**
 * For a cut-over: a deploy that is at work would lose its database in the middle of a migration. One that cuts over
 * after its own failure holds the lock itself. Throws `guard-running`; a production that does not answer stops nothing.
 */
export async function refuseWhileDeploying(guard: Guard, url: Secret): Promise<void> {
  if (guard.request.mode === 'deploy') return;
  const held = new HeldLock(guard, url);
  try {
    const attempt = await held.attempt();
    if (!attempt.held) {
      const { code, detail, fields } = taken(attempt);
      throw new GuardError(problem(code, detail, { ...fields, cutOver: 'yes' }));
    }
  } catch (error) {
    if (isProblem(error, 'guard-running')) throw error;
  } finally {
    await held.close();
  }
}

async function waitForTurn(guard: Guard, held: HeldLock, { holder }: LockAttempt): Promise<void> {
  const { request, ports, options } = guard;
  const longest = request.snapshotTimeoutMs + request.migrationTimeoutMs;
  const fields = {
    ...(holder === undefined ? {} : { pid: String(holder.pid), application: holder.applicationName }),
    limit: String(longest),
  };
  guard.emit({ type: 'notice', notice: { code: 'waits-for-turn', level: 'notice', fields } });
  const waited = await waitUntil<LockAttempt>({
    clock: ports.clock,
    signal: options.cancelled,
    deadline: ports.clock.now() + longest,
    look: () => held.attempt(),
    until: (attempt) => attempt.held,
  });
  if (waited.end === 'cancelled')
    throw new GuardError(problem('cancelled', 'cancelled while it waited for another run'));
  if (waited.end === 'deadline') throw new GuardError(taken(waited.seen));
}

/** The session that holds the lock, opened again when the server dropped it. */
class HeldLock {
  readonly #guard: Guard;
  readonly #url: Secret;
  #session: Session | undefined;

  constructor(guard: Guard, url: Secret) {
    this.#guard = guard;
    this.#url = url;
  }

  /** Taking a lock that the session has already is granted again by the server. */
  async attempt(): Promise<LockAttempt> {
    const known = this.#session;
    try {
      return await (await this.#open()).intervene.lock();
    } catch (error) {
      if (known === undefined || isProblem(error, 'database-error')) throw error;
      await this.close();
      return (await this.#open()).intervene.lock();
    }
  }

  asExclusive(waited: boolean): Exclusive {
    return {
      waited,
      confirm: async () => {
        const attempt = await this.attempt();
        if (!attempt.held) throw new GuardError(taken(attempt));
      },
      release: () => this.close(),
    };
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close().catch(() => undefined);
  }

  async #open(): Promise<Session> {
    const { ports, options } = this.#guard;
    this.#session ??= await (await ports.engine()).connect(this.#url, watchName(options.identity));
    return this.#session;
  }
}

const taken = ({ holder }: LockAttempt): ReturnType<typeof problem> =>
  problem('guard-running', 'another session holds the guard’s lock of this database', {
    pid: holder?.pid,
    application: holder?.applicationName,
    user: holder?.user ?? undefined,
    state: holder?.state ?? undefined,
    age: holder?.ageMs ?? undefined,
  });
