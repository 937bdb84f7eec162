import type { Dialect } from '../domain/dialect.ts';
import type { EnforcedLimit } from '../domain/event.ts';
import type { Activity, Backend } from '../domain/facts.ts';
import { applicationName } from '../domain/request.ts';
import type { Interventions } from '../ports/engine.ts';
import type { Guard } from './context.ts';

/**
 * Prisma waits ten seconds for its lock on MySQL and then goes on without it (`GET_LOCK('prisma_migrate', 10)`, its answer
 * is thrown away), so a stranger who holds it is given less.
 */
const TAKEN_FOR_MS = 4000;

interface Overdue {
  readonly limit: EnforcedLimit;
  readonly backend: Backend;
}

/**
 * A MySQL URL carries no limits and MySQL knows none for DDL: here the watcher keeps them, to its pace of one second.
 * PostgreSQL keeps them itself, so for it nothing is ever overdue.
 */
export class Limits {
  readonly #guard: Guard;
  readonly #isOurs: boolean;
  #waitingSince = new Map<string, number>();
  #told = new Set<string>();
  #takenSince: number | undefined;

  constructor(guard: Guard, dialect: Dialect | undefined) {
    this.#guard = guard;
    this.#isOurs = dialect === 'mysql';
  }

  /** The statement of ours that has had its time; undefined when there is none. */
  overdue({ ours }: Activity, now: number): Overdue | undefined {
    if (!this.#isOurs) return undefined;
    const { statementTimeoutMs, lockTimeoutMs } = this.#guard.request;
    const waiting = new Map<string, number>();
    let found: Overdue | undefined;
    for (const backend of ours.filter((each) => each.state !== 'idle')) {
      const key = keyOf(backend);
      if (backend.waiting !== null) waiting.set(key, this.#waitingSince.get(key) ?? now);
      const waitedMs = now - (waiting.get(key) ?? now);
      if (waitedMs >= lockTimeoutMs) found ??= { limit: 'lock-timeout', backend };
      if ((backend.ageMs ?? 0) >= statementTimeoutMs) found ??= { limit: 'statement-timeout', backend };
    }
    this.#waitingSince = waiting;
    return found;
  }

  async enforce(intervene: Interventions, { limit, backend }: Overdue): Promise<void> {
    const key = keyOf(backend);
    if (!this.#told.has(key)) this.#guard.emit({ type: 'limit-enforced', limit, backend });
    this.#told.add(key);
    await intervene.stop(applicationName(this.#guard.options.identity), 'cancel');
  }

  /** Somebody else holds Prisma's lock while our command is there. */
  isLockTaken({ ours, advisoryLockHolders }: Activity, now: number): boolean {
    if (!this.#isOurs) return false;
    const strangers = advisoryLockHolders.some(({ pid }) => !ours.some((each) => each.pid === pid));
    this.#takenSince = strangers ? (this.#takenSince ?? now) : undefined;
    return this.#takenSince !== undefined && now - this.#takenSince >= TAKEN_FOR_MS;
  }
}

const keyOf = ({ pid, query }: Backend): string => `${pid} ${query ?? ''}`;
