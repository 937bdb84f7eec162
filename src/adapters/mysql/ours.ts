import type { Link, Row } from './link.ts';
import { PRISMA_LOCK } from './words.ts';

/** Where two sessions come from, as the server sees them. */
interface Origin {
  readonly user: string | null;
  readonly host: string | null;
  readonly db: string | null;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i;

/** `HOST` without its port; one word for every way to this very machine. */
function clientOf(host: string | null): string {
  const client = (host ?? '').replace(/:\d+$/, '');
  return LOOPBACK.test(client) ? 'localhost' : client;
}

const originOf = (row: Row): Origin => ({
  user: row.user ?? null,
  host: clientOf(row.host ?? null),
  db: row.db ?? null,
});

/** Every account sees its own sessions; those of others need PROCESS. `time` is in seconds, MariaDB adds milliseconds. */
export const SESSION_COLUMNS = (isMariadb: boolean): string => `
  p.ID AS pid, p.USER AS user, p.HOST AS host, p.DB AS db, p.COMMAND AS command, p.STATE AS state, LEFT(p.INFO, 2000) AS query,
  ${isMariadb ? 'ROUND(p.TIME_MS)' : 'p.TIME * 1000'} AS age`;

const LOOK = 'SET @guarded_holder = IS_USED_LOCK';

/** The guard's own session and the holder of Prisma's lock, in one look. */
const holderQueries = (isMariadb: boolean): readonly string[] => [
  `${LOOK}('${PRISMA_LOCK}')`,
  'SELECT @guarded_holder AS holder, CONNECTION_ID() AS me',
  `SELECT ${SESSION_COLUMNS(isMariadb)} FROM information_schema.PROCESSLIST p WHERE p.ID IN (@guarded_holder, CONNECTION_ID())`,
];

export interface Holder {
  readonly pid: number;
  /** Undefined when this account may not see it, or when it has just gone. */
  readonly row: Row | undefined;
  readonly isOurs: boolean;
}

/**
 * Tells the migration's session: it holds Prisma's lock, and has the account, the client host and the database of the
 * guard's own session. Once told, it stays ours while it holds the lock, whatever a `USE` in a migration does. MySQL
 * has no `application_name`.
 */
export class Ours {
  readonly #isMariadb: boolean;
  #known: number | undefined;

  constructor(isMariadb: boolean) {
    this.#isMariadb = isMariadb;
  }

  /** Call it inside `alone`. Undefined when nobody holds the lock. */
  async find(link: Link, purpose: string): Promise<Holder | undefined> {
    const [, [who] = [], rows = []] = await link.batch(holderQueries(this.#isMariadb), { purpose });
    if (who?.holder === null || who?.holder === undefined) {
      this.#known = undefined;
      return undefined;
    }
    const row = rows.find((each) => each.pid === who.holder);
    const me = rows.find((each) => each.pid === who.me);
    const pid = Number(who.holder);
    const isOurs =
      row !== undefined && (this.#known === pid || (me !== undefined && same(originOf(row), originOf(me))));
    this.#known = isOurs ? pid : undefined;
    return { pid, row, isOurs };
  }
}

const same = (a: Origin, b: Origin): boolean => a.user === b.user && a.host === b.host && a.db === b.db;
