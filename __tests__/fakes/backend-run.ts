import { type Change, changed, type FakeBackend, type FakeDatabase, type Image } from './database.ts';
import { optionOf } from './engine.ts';
import type { ServerError } from './output.ts';

/** One statement of a migration file, and what it does to the server. */
export interface Act {
  readonly sql: string;
  /** How long it runs; Infinity until somebody stops it. */
  readonly ms?: number;
  readonly change?: Change;
  /** It fails after `ms` with this. */
  readonly error?: ServerError;
  /** Virtual runner time until which another session keeps a lock it needs. */
  readonly lockedUntil?: number;
  /** A failed or cancelled CREATE INDEX CONCURRENTLY leaves this behind. */
  readonly leaves?: Change;
}

type Edit = (image: Image) => Image;

/** Prisma's session on the server: runs a file as one batch, or statement by statement, under its limits. */
export class FakeBackendRun {
  readonly #database: FakeDatabase;
  readonly #backend: FakeBackend;
  readonly #splits: boolean;
  readonly #clientLives: () => boolean;
  readonly #limits: { statement: number; lock: number };
  /** Edits of the open transaction; undefined in autocommit. */
  #open: Edit[] | undefined;
  #explicit = false;
  #batch = false;
  /** The transaction failed and was not ended: everything but ROLLBACK is refused now. */
  aborted = false;

  constructor(
    database: FakeDatabase,
    parameters: Readonly<Record<string, string>>,
    splits: boolean,
    clientLives: () => boolean,
  ) {
    this.#database = database;
    this.#backend = database.open(parameters.application_name ?? '');
    this.#splits = splits;
    this.#clientLives = clientLives;
    const options = parameters.options ?? '';
    this.#limits = {
      statement: optionOf(options, 'statement_timeout'),
      lock: optionOf(options, 'lock_timeout'),
    };
  }

  get lost(): boolean {
    return this.#backend.gone;
  }

  close(): void {
    if (!this.#backend.gone) this.#database.close(this.#backend);
    this.#open = undefined;
  }

  write(edit: Edit): void {
    if (this.lost) return;
    if (this.#open === undefined) this.#database.commit('migration', edit(this.#database.image));
    else this.#open.push(edit);
  }

  /** Runs a file; undefined when it went through. */
  async play(acts: readonly Act[]): Promise<ServerError | 'closed' | undefined> {
    // From 7.4 on a file with its own transaction is still sent as a whole.
    this.#batch = !this.#splits || acts.some((act) => /^(begin|commit|rollback)\b/i.test(act.sql));
    if (this.#batch && !this.#explicit) this.#open = [];
    for (const act of acts) {
      if (!this.#batch && !this.#clientLives()) return 'closed';
      const error = await this.#statement(act);
      if (this.lost) return 'closed';
      if (error === undefined) continue;
      if (act.leaves !== undefined)
        this.#database.commit('migration', changed(this.#database.image, act.leaves));
      this.aborted = this.#explicit;
      this.#open = undefined;
      return error;
    }
    if (this.#batch && !this.#explicit) this.#commit();
    this.#backend.state = this.#explicit ? 'idle in transaction' : 'idle';
    return undefined;
  }

  #commit(): void {
    const edits = this.#open ?? [];
    this.#open = undefined;
    this.#explicit = false;
    if (edits.length > 0)
      this.#database.commit(
        'migration',
        edits.reduce((image, edit) => edit(image), this.#database.image),
      );
  }

  async #statement(act: Act): Promise<ServerError | undefined> {
    this.#backend.state = 'active';
    this.#backend.query = act.sql;
    if (/^begin\b/i.test(act.sql)) {
      // Inside a batch BEGIN takes the statements before it along.
      this.#open ??= [];
      this.#explicit = true;
    }
    const error = (await this.#wait(act)) ?? (await this.#work(act)) ?? act.error;
    this.#backend.state = 'idle';
    if (error !== undefined || this.lost) return error;
    if (/^commit\b/i.test(act.sql)) this.#commit();
    if (/^(commit|rollback)\b/i.test(act.sql)) {
      this.#open = this.#batch ? [] : undefined;
      this.#explicit = false;
    }
    if (/^set statement_timeout/i.test(act.sql)) this.#limits.statement = 0;
    const { change } = act;
    if (change !== undefined) this.write((image) => changed(image, change));
    return undefined;
  }

  async #wait({ lockedUntil = 0 }: Act): Promise<ServerError | undefined> {
    const ms = lockedUntil - this.#database.clock.now();
    if (ms <= 0) return undefined;
    const blocker = this.#database.open('nightly-export');
    this.#backend.blockedBy = [blocker.pid];
    const end = await this.#pass(ms, this.#limits.lock);
    this.#backend.blockedBy = [];
    this.#database.close(blocker);
    if (end === 'limit') return { code: '55P03', message: 'canceling statement due to lock timeout' };
    return end === 'cancelled' ? CANCELLED : undefined;
  }

  async #work(act: Act): Promise<ServerError | undefined> {
    const end = await this.#pass(act.ms ?? 5, this.#limits.statement);
    this.#database.count(act.change?.rows ?? []);
    if (end === 'limit') return { code: '57014', message: 'canceling statement due to statement timeout' };
    return end === 'cancelled' ? CANCELLED : undefined;
  }

  /** Lets time pass until the work is done, the limit passes, or somebody cancels. */
  async #pass(ms: number, limit: number): Promise<'done' | 'limit' | 'cancelled'> {
    const cancelled = new AbortController();
    this.#backend.cancel = () => cancelled.abort();
    const capped = limit > 0 && ms > limit;
    await this.#database.clock.sleep(capped ? limit : ms, cancelled.signal);
    this.#backend.cancel = undefined;
    if (cancelled.signal.aborted) return 'cancelled';
    return capped ? 'limit' : 'done';
  }
}

const CANCELLED: ServerError = { code: '57014', message: 'canceling statement due to user request' };
