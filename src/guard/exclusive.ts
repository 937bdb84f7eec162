import { GuardError, problem } from '../domain/problem.ts';
import { watchName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { LockAttempt, Session } from '../ports/engine.ts';
import type { Guard } from './context.ts';
import { waitUntil } from './wait.ts';

export interface Exclusive {
  /** True when another run was there first: what was read before may be old. */
  readonly waited: boolean;
  release(): Promise<void>;
}

/**
 * One guarded deploy of a database at a time, for its whole length: Prisma's own lock is only held while it
 * applies. A session lock in a session of its own, without a transaction, gone with the process.
 * Throws `guard-running` with the holder, or `cancelled`.
 */
export async function holdAlone(guard: Guard, url: Secret): Promise<Exclusive> {
  const { request, ports, options } = guard;
  const engine = await ports.engine();
  const session: Session = await engine.connect(url, watchName(options.identity));
  try {
    const first = await session.intervene.lock();
    if (first.held) return { waited: false, release: () => session.close().catch(() => undefined) };
    if (request.concurrency === 'refuse') throw new GuardError(held(first));
    const waited = await waitUntil<LockAttempt>({
      clock: ports.clock,
      signal: options.cancelled,
      deadline: ports.clock.now() + request.snapshotTimeoutMs + request.migrationTimeoutMs,
      look: () => session.intervene.lock(),
      until: (attempt) => attempt.held,
    });
    if (waited.end === 'cancelled')
      throw new GuardError(problem('cancelled', 'cancelled while it waited for another run'));
    if (waited.end === 'deadline') throw new GuardError(held(waited.seen));
    return { waited: true, release: () => session.close().catch(() => undefined) };
  } catch (error) {
    await session.close().catch(() => undefined);
    throw error;
  }
}

const held = ({ holder }: LockAttempt): ReturnType<typeof problem> =>
  problem('guard-running', 'another session holds the guard’s lock of this database', {
    pid: holder?.pid,
    application: holder?.applicationName,
    user: holder?.user ?? undefined,
    state: holder?.state ?? undefined,
    age: holder?.ageMs ?? undefined,
  });
