import type { ForeignTables } from '../../src/domain/checkup.ts';
import { parseConnectionUrl } from '../../src/domain/connection-url.ts';
import type { DatabaseFacts } from '../../src/domain/facts.ts';
import type { LiveAnswer, LiveQuestion } from '../../src/domain/live-check.ts';
import { GuardError, type ProblemCode, problem } from '../../src/domain/problem.ts';
import type { Secret } from '../../src/domain/secret.ts';
import type { Engine, Interventions, ReplayedError, Session } from '../../src/ports/engine.ts';
import type { FakeClock } from './clock.ts';
import type { FakeDatabase } from './database.ts';

/** A round trip. */
const TRIP_MS = 2;

export const fault = (code: ProblemCode, detail = `scripted ${code}`): GuardError =>
  new GuardError(problem(code, detail));

export const optionOf = (options: string, name: string): number =>
  Number(new RegExp(`${name}=(\\d+)`).exec(options)?.[1] ?? 0);

/** Servers by host name, as DNS has them; an unknown host is a mistake of the test. */
export class FakeEngine implements Engine {
  readonly databases = new Map<string, FakeDatabase>();
  readonly calls: string[] = [];
  /** Thrown by `connect` for that host. */
  readonly refusals = new Map<string, ProblemCode>();
  /** Answer of a replay; a replay nobody scripted is a mistake of the test. */
  replayed: ReplayedError | 'nothing' | undefined;
  /** What the rows say; nobody knows unless a test says so. */
  rows: (question: LiveQuestion) => LiveAnswer = () => ({ state: 'unknown', why: 'nobody scripted it' });
  foreign: ForeignTables = { count: 0, names: [], owners: [] };
  opened = 0;
  closed = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async connect(url: Secret, applicationName?: string): Promise<Session> {
    const { host, parameters, user, database: name } = parseConnectionUrl(url.reveal());
    await this.#clock.sleep(TRIP_MS);
    const refusal = this.refusals.get(host);
    if (refusal !== undefined) throw fault(refusal);
    const database = this.databases.get(host);
    if (database === undefined) throw new Error(`the test knows no server ${host}`);
    if (database.down) throw fault('database-unreachable', 'connection refused');
    this.opened += 1;
    const options = database.dropsOptions ? '' : (parameters.options ?? '');
    const facts = (): DatabaseFacts => ({
      exactCounters: true,
      serverVersion: database.version,
      database: name,
      user,
      isReplica: database.isReplica,
      schema: 'public',
      historyTable: database.image.history === null ? null : 'public._prisma_migrations',
      tables: database.tables,
      canCreateInSchema: database.canCreate,
      settings: {
        statementTimeoutMs: optionOf(options, 'statement_timeout'),
        lockTimeoutMs: optionOf(options, 'lock_timeout'),
        applicationName: applicationName ?? parameters.application_name ?? '',
        connectionCheckIntervalMs: optionOf(options, 'client_connection_check_interval'),
      },
      tls: true,
    });
    return new FakeSession(this, database, facts, this.#clock.now());
  }
}

class FakeSession implements Session {
  readonly intervene: Interventions;
  readonly study: Session['study'];
  readonly #engine: FakeEngine;
  readonly #database: FakeDatabase;
  readonly #facts: () => DatabaseFacts;
  readonly #since: number;
  #open = true;

  constructor(engine: FakeEngine, database: FakeDatabase, facts: () => DatabaseFacts, since: number) {
    this.#engine = engine;
    this.#database = database;
    this.#facts = facts;
    this.#since = since;
    this.intervene = {
      lock: () => this.#ask('lock', () => this.#database.lock()),
      stop: (name, how) => this.#ask(`stop ${how}`, () => this.#stop(name, how)),
      dropInvalidIndex: (name) => this.#ask(`drop ${name}`, () => this.#drop(name)),
      replay: () => this.#ask('replay', () => this.#replay()),
    };
    this.study = {
      catalog: () =>
        Promise.resolve({
          serverVersion: 180_004,
          schema: 'public',
          timeZone: 'UTC',
          tables: {},
          types: {},
          functions: {},
          oldestTransactionMs: 0,
        }),
      ask: (question) => Promise.resolve(this.#engine.rows(question)),
      foreignTables: () => this.#ask('owners', () => this.#engine.foreign),
    };
  }

  facts = (): Promise<DatabaseFacts> => this.#ask('facts', this.#facts);
  history = (): Promise<Awaited<ReturnType<Session['history']>>> =>
    this.#ask('history', () => this.#database.image.history);
  clock = (): ReturnType<Session['clock']> => this.#ask('clock', () => this.#database.reading());
  writes = (): ReturnType<Session['writes']> => this.#ask('writes', () => this.#database.reading());
  state = (): ReturnType<Session['state']> => this.#ask('state', () => this.#database.snapshot());
  identity = (): ReturnType<Session['identity']> => this.#ask('identity', () => this.#database.identity());
  activity = (name: string): ReturnType<Session['activity']> =>
    this.#ask('activity', () => this.#database.activity(name));

  async close(): Promise<void> {
    if (!this.#open) throw new Error('a session was closed twice');
    this.#open = false;
    this.#engine.closed += 1;
  }

  async #ask<T>(call: string, answer: () => T): Promise<T> {
    if (!this.#open) throw new Error(`${call} on a closed session`);
    this.#engine.calls.push(call);
    await this.#database.clock.sleep(TRIP_MS);
    const { outages, clock } = this.#database;
    // An outage cuts every session that was open when it began.
    if (outages.some(({ from }) => from >= this.#since && clock.now() >= from)) throw fault('database-lost');
    return answer();
  }

  #stop(name: string, how: 'cancel' | 'terminate'): number {
    const ours = this.#database.backends.filter((each) => each.applicationName === name);
    for (const each of ours) {
      if (how === 'terminate') each.gone = true;
      if (how === 'terminate' || !this.#database.deafToCancel) each.cancel?.();
      if (how === 'terminate') this.#database.close(each);
    }
    return ours.length;
  }

  #drop(name: string): boolean {
    const { image } = this.#database;
    if (!image.invalid.includes(name)) return false;
    const objects = Object.fromEntries(
      Object.entries(image.objects).filter(([key]) => key !== `index ${name}`),
    );
    this.#database.commit('application', {
      ...image,
      objects,
      invalid: image.invalid.filter((each) => each !== name),
    });
    return true;
  }

  #replay(): ReplayedError | undefined {
    if (this.#engine.replayed === undefined) throw new Error('nobody scripted a replay');
    return this.#engine.replayed === 'nothing' ? undefined : this.#engine.replayed;
  }
}
