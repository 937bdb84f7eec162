import type { DatabaseFacts } from '../../domain/facts.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { WriteReading } from '../../domain/write-reading.ts';
import { clockOf, clockQuery } from './clock.ts';
import { NO_SETTINGS, type Opened } from './connect.ts';
import { type Counting, countersOf, RENEWED } from './counters.ts';
import { demandsTls, mayCreate } from './grants.ts';
import { HISTORY_FOUND } from './history.ts';
import type { Link, Row } from './link.ts';
import type { Server } from './server.ts';
import { HISTORY_TABLE, quoted, TABLE_TYPES } from './words.ts';

const MAIN = `
SELECT DATABASE() AS db, CURRENT_USER() AS account, @@GLOBAL.sql_mode AS mode,
       (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ${TABLE_TYPES}
           AND TABLE_NAME <> '${HISTORY_TABLE}') AS tables`;

/** `read_only` spares accounts with SUPER, but a migration written past it would part the replica from its source. */
const READ_ONLY = `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'innodb_read_only')`;
const ONLY_TLS = `SHOW GLOBAL VARIABLES WHERE Variable_name = 'require_secure_transport'`;
const CIPHER = `SHOW SESSION STATUS WHERE Variable_name = 'Ssl_cipher'`;

const isOn = ({ Value }: Row): boolean => Value !== 'OFF' && Value !== '0';

/** The name in `name@host`; a name may hold an @ itself. */
const nameIn = (account: string): string => account.slice(0, Math.max(0, account.lastIndexOf('@')));

/** In these a text is cut into statements in another way than our scanner does it. Prisma's session has the server's mode. */
const OTHER_RULES = ['ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES'];

function refuseMode(mode: string): void {
  const found = mode.split(',').filter((each) => OTHER_RULES.includes(each));
  if (found.length === 0) return;
  const names = found.join(' and ');
  throw new GuardError(problem('sql-mode', `the server's sql_mode holds ${names}`, { mode: names }));
}

export async function readFacts(
  { link, server, plainForPrisma, takesPlain }: Opened,
  counting: Counting,
): Promise<DatabaseFacts> {
  const [main = [], readOnly = [], onlyTls = [], cipher = [], history = [], ...counters] = await link.batch(
    [MAIN, READ_ONLY, ONLY_TLS, CIPHER, HISTORY_FOUND, ...counting.queries],
    { purpose: 'read the facts of the database' },
  );
  const [row = {}] = main;
  const database = row.db ?? '';
  refuseMode(row.mode ?? '');
  const { source, complete } = counting;
  const tls = (cipher[0]?.Value ?? '') !== '';
  const refusesPlain =
    tls && plainForPrisma && (onlyTls.some(isOn) || (await demandsTls(link))) && !(await takesPlain());
  return {
    dialect: 'mysql',
    product: server.product,
    serverVersion: server.version,
    exactCounters: source !== 'none' && complete && countersOf(counters, database, counting).truncationsShow,
    database,
    user: nameIn(row.account ?? ''),
    isReplica: readOnly.some(isOn),
    schema: row.db ?? null,
    historyTable: history.length === 0 ? null : `${quoted(database)}.${quoted(HISTORY_TABLE)}`,
    tables: Number(row.tables),
    canCreateInSchema: await mayCreate(link, database),
    settings: NO_SETTINGS,
    tls,
    ...(refusesPlain ? { refusesPlain } : {}),
  };
}

/** The clock first: what is counted after it only makes the loss look larger. The counters live as long as the server. */
export async function readWrites(link: Link, server: Server, counting: Counting): Promise<WriteReading> {
  const perTable = counting.source === 'performance-schema';
  const [[database] = [], status = [], ...rest] = await link.batch(
    [
      'SELECT DATABASE() AS name',
      clockQuery(server),
      ...counting.queries,
      // Last, so that no change comes between it and the counters unseen.
      ...(perTable ? [RENEWED] : []),
    ],
    { purpose: 'read the write counters' },
  );
  const { startedAt, ...clock } = clockOf(status);
  const name = database?.name ?? '';
  const counters = rest.slice(0, counting.queries.length);
  const renewed = perTable ? (rest.at(-1) ?? []) : [];
  return {
    ...clock,
    resetAt: startedAt,
    tables: countersOf(counters, name, counting).writes,
    ...(perTable
      ? { renewed: Object.fromEntries(renewed.map((row) => [`${name}.${row.name}`, Number(row.changed)])) }
      : {}),
    ...(counting.source === 'none' ? { uncounted: true } : {}),
  };
}
