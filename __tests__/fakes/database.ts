import { createHash } from 'node:crypto';
import type {
  Activity,
  Backend,
  DatabaseSnapshot,
  HistoryRow,
  WriteCounter,
} from '../../src/domain/facts.ts';
import type { ServerIdentity } from '../../src/domain/server-identity.ts';
import type { WriteReading } from '../../src/domain/write-reading.ts';
import type { FakeClock } from './clock.ts';

/** What is in the database after a commit. */
export interface Image {
  /** Object of the catalog → its definition. */
  readonly objects: Readonly<Record<string, string>>;
  /** Table → a number that changes whenever its rows do. */
  readonly rows: Readonly<Record<string, number>>;
  readonly invalid: readonly string[];
  readonly history: readonly HistoryRow[] | null;
}

/** What a statement does; null removes an object. */
export interface Change {
  readonly objects?: Readonly<Record<string, string | null>>;
  /** Tables whose rows change. */
  readonly rows?: readonly string[];
  readonly invalid?: string;
}

export interface Commit {
  /** The server's clock, epoch milliseconds. */
  readonly at: number;
  readonly by: 'migration' | 'application';
  readonly image: Image;
}

export interface FakeBackend {
  readonly pid: number;
  readonly applicationName: string;
  state: 'idle' | 'active' | 'idle in transaction';
  query: string | null;
  blockedBy: readonly number[];
  /** Set by pg_cancel_backend; the running statement ends with 57014. */
  cancel: (() => void) | undefined;
  gone: boolean;
}

export const changed = (image: Image, change: Change): Image => ({
  ...image,
  objects: Object.fromEntries(
    Object.entries({ ...image.objects, ...change.objects }).flatMap(([name, definition]) =>
      definition === null ? [] : [[name, definition]],
    ),
  ),
  rows: {
    ...image.rows,
    ...Object.fromEntries((change.rows ?? []).map((table) => [table, (image.rows[table] ?? 0) + 1])),
  },
  invalid: change.invalid === undefined ? image.invalid : [...image.invalid, change.invalid],
});

const EMPTY: Image = {
  objects: { 'table public.users': 'id int', 'table public.orders': 'id int' },
  rows: { users: 10, orders: 10 },
  invalid: [],
  history: [],
};

let servers = 0;

/** One PostgreSQL server with one database: commits over time, backends, counters. */
export class FakeDatabase {
  readonly clock: FakeClock;
  /** Server clock minus runner clock. */
  readonly skewMs: number;
  readonly commits: Commit[];
  readonly backends: FakeBackend[] = [];
  readonly counters: Record<string, WriteCounter> = {};
  /** Virtual runner times between which nobody can connect and sessions die. */
  readonly outages: { readonly from: number; readonly to: number }[] = [];
  version = 180_004;
  isReplica = false;
  tables = 2;
  canCreate = true;
  /** A pooler that swallows startup options. */
  dropsOptions = false;
  /** Cancels without effect, as of a backend stuck in a system call. */
  deafToCancel = false;
  /** Start of the server; a restart would change it. */
  startedAt: string | undefined;
  timeline: string | undefined = '00000001';
  #pid = 100;

  constructor(clock: FakeClock, { skewMs = 0, image = EMPTY }: { skewMs?: number; image?: Image } = {}) {
    this.clock = clock;
    this.skewMs = skewMs;
    servers += 1;
    this.startedAt = `${this.now() / 1000}${String(servers).padStart(6, '0')}`;
    this.commits = [{ at: this.now() - 86_400_000, by: 'application', image }];
    for (const table of Object.keys(image.rows))
      this.counters[`public.${table}`] = { inserted: 10, updated: 0, deleted: 0, file: '1' };
  }

  now(): number {
    return this.clock.now() + this.skewMs;
  }

  get image(): Image {
    const last = this.commits.at(-1);
    if (last === undefined) throw new Error('a database without a first commit');
    return last.image;
  }

  get down(): boolean {
    return this.outages.some(({ from, to }) => this.clock.now() >= from && this.clock.now() < to);
  }

  commit(by: Commit['by'], image: Image): void {
    this.commits.push({ at: this.now(), by, image });
  }

  /** Counters move when a statement writes, whether or not its transaction commits. */
  count(tables: readonly string[]): void {
    for (const table of tables) {
      const now = this.counters[`public.${table}`] ?? { inserted: 0, updated: 0, deleted: 0, file: '1' };
      this.counters[`public.${table}`] = { ...now, updated: now.updated + 1 };
    }
  }

  /** The database as a restore to that moment shows it: every commit up to it, that second included. */
  asOf(time: number): Image {
    const image = this.commits.findLast((each) => each.at <= time)?.image;
    if (image === undefined) throw new Error('restored to a time before the first commit');
    return image;
  }

  history(
    change: (rows: readonly HistoryRow[]) => readonly HistoryRow[],
    by: Commit['by'] = 'migration',
  ): void {
    this.commit(by, { ...this.image, history: change(this.image.history ?? []) });
  }

  open(applicationName: string): FakeBackend {
    this.#pid += 1;
    const backend: FakeBackend = {
      pid: this.#pid,
      applicationName,
      state: 'idle',
      query: null,
      blockedBy: [],
      cancel: undefined,
      gone: false,
    };
    this.backends.push(backend);
    return backend;
  }

  close(backend: FakeBackend): void {
    backend.gone = true;
    const index = this.backends.indexOf(backend);
    if (index >= 0) this.backends.splice(index, 1);
  }

  /** Who holds the guard's own lock, when it is not the run under test. */
  lockHolder: FakeBackend | undefined;

  lock(): { readonly held: boolean; readonly holder: Backend | undefined } {
    return this.lockHolder === undefined
      ? { held: true, holder: undefined }
      : { held: false, holder: this.#seen(this.lockHolder) };
  }

  activity(applicationName: string): Activity {
    const ours = this.backends.filter((each) => each.applicationName === applicationName);
    const blocking = new Set(ours.flatMap((each) => each.blockedBy));
    return {
      ours: ours.map((each) => this.#seen(each)),
      blockers: this.backends.filter((each) => blocking.has(each.pid)).map((each) => this.#seen(each)),
      advisoryLockHolders: this.backends
        .filter((each) => each.query === 'SELECT pg_advisory_lock(72707369)')
        .map((each) => this.#seen(each)),
    };
  }

  identity(): ServerIdentity {
    return {
      startedAt: this.startedAt,
      timeline: this.timeline,
      address: undefined,
      history: this.image.history?.map((row) => `${row.id} ${row.finishedAt} ${row.rolledBackAt}`),
    };
  }

  snapshot(): DatabaseSnapshot {
    const { objects, invalid, history } = this.image;
    const digest = createHash('sha256')
      .update(JSON.stringify(Object.entries(objects).toSorted()))
      .digest('hex');
    return {
      fingerprint: { digest, objects },
      writes: { ...this.counters },
      invalidIndexes: invalid,
      history,
    };
  }

  /** When the statistics began anew, in the server's clock. */
  resetAt: number | undefined;

  reading(): WriteReading {
    return {
      now: this.now(),
      lsn: `0/${this.commits.length.toString(16)}`,
      commits: this.commits.length,
      resetAt: this.resetAt,
      tables: { ...this.counters },
    };
  }

  #seen({ pid, applicationName, state, query, blockedBy }: FakeBackend): Backend {
    return { pid, applicationName, user: 'app', state, query, waiting: null, ageMs: 1000, blockedBy };
  }
}
