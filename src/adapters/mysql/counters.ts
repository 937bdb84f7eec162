import { WHOLE_SERVER, type WriteCounter } from '../../domain/facts.ts';
import type { Asked, Link, Row } from './link.ts';
import { errnoOf, isDenied } from './problems.ts';
import type { Flavor, Server } from './server.ts';
import { HISTORY_TABLE, TABLE_TYPES } from './words.ts';

/** Where the server counts rows written, as far as this account may look. */
export interface Counting {
  readonly source: 'performance-schema' | 'user-statistics' | 'server' | 'none';
  /**
   * The queries of one reading; {@link countersOf} takes their answers. None when nothing is counted. The ids of InnoDB's
   * tables are left out where this account may not ask them (they need PROCESS).
   */
  readonly queries: readonly string[];
  /** Nothing that counts is switched off, filtered out or lost. */
  readonly complete: boolean;
}

/** MariaDB can read its own names of files. */
const decoded = (name: string): string => `CONVERT(CONVERT(${name} USING binary) USING filename)`;

/** Names only: the time of creation makes MariaDB open every table. */
const TABLES = `
SELECT TABLE_NAME AS name FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ${TABLE_TYPES} AND TABLE_NAME <> '${HISTORY_TABLE}'`;

/**
 * A number for the file of each table and partition: TRUNCATE gives a new one, while it leaves the counters and even
 * CREATE_TIME (measured on both). MySQL's view is made from its dictionary; INNODB_TABLES would open every table, ten
 * seconds for 5,000. MariaDB keeps the names as it writes them on disk. Tables in a shared tablespace have no number.
 */
const IDS: Readonly<Record<Flavor, string>> = {
  mysql: `
SELECT SUBSTRING(NAME, CHAR_LENGTH(DATABASE()) + 2) AS name, SPACE AS file
  FROM information_schema.INNODB_TABLESPACES_BRIEF WHERE LEFT(NAME, CHAR_LENGTH(DATABASE()) + 1) = CONCAT(DATABASE(), '/')`,
  mariadb: `
SELECT ${decoded(`SUBSTRING_INDEX(SUBSTRING_INDEX(NAME, '/', -1), '#', 1)`)} AS name, TABLE_ID AS file
  FROM information_schema.INNODB_SYS_TABLES WHERE ${decoded(`SUBSTRING_INDEX(NAME, '/', 1)`)} = DATABASE()`,
};

/**
 * Measured on MySQL 9.7 and MariaDB 10.11. The performance schema counts at once and every row, also those rolled back
 * or refused as duplicates; an UPDATE that changes nothing counts nothing. A table that was copied or renamed begins at
 * zero. Rows deleted by a foreign key's cascade count on the child only from MySQL 9.6 on, on the parent always.
 */
const SCHEMA_COUNTS = `
SELECT OBJECT_NAME AS name, COUNT_INSERT AS inserted, COUNT_UPDATE AS updated, COUNT_DELETE AS deleted
  FROM performance_schema.table_io_waits_summary_by_table WHERE OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA = DATABASE()`;

/** MariaDB with `userstat = 1`: one sum for all kinds of change, told as updates. */
const USER_COUNTS = `
SELECT TABLE_NAME AS name, 0 AS inserted, ROWS_CHANGED AS updated, 0 AS deleted
  FROM information_schema.TABLE_STATISTICS WHERE TABLE_SCHEMA = DATABASE()`;

/** Switches and losses of the performance schema; `off` is 0 when it counts every session and every table. */
const SCHEMA_GAPS = (status: string): string => `
SELECT (SELECT COUNT(*) FROM performance_schema.setup_instruments WHERE NAME = 'wait/io/table/sql/handler' AND ENABLED <> 'YES')
     + (SELECT COUNT(*) FROM performance_schema.setup_consumers WHERE NAME = 'global_instrumentation' AND ENABLED <> 'YES')
     + (SELECT COUNT(*) FROM performance_schema.setup_objects WHERE OBJECT_TYPE = 'TABLE' AND ENABLED <> 'YES'
           AND OBJECT_SCHEMA IN ('%', DATABASE()))
     + (SELECT COUNT(*) = 0 FROM performance_schema.setup_objects WHERE OBJECT_TYPE = 'TABLE' AND ENABLED = 'YES'
           AND OBJECT_SCHEMA IN ('%', DATABASE()) AND OBJECT_NAME = '%')
     + (SELECT SUM(ENABLED <> 'YES') + (SUM(USER = '%' AND HOST = '%') = 0) FROM performance_schema.setup_actors)
     + (SELECT SUM(VARIABLE_VALUE) FROM ${status} WHERE VARIABLE_NAME IN ('Performance_schema_table_instances_lost',
           'Performance_schema_table_handles_lost', 'Performance_schema_thread_instances_lost')) AS off`;

/**
 * What MySQL always counts, and Aurora with the performance schema off, which is its default: rows of all databases
 * together, those of Prisma's history, too. Good for an upper bound of a loss, never for a proof.
 */
const SERVER_COUNTS = (status: string): string => `
SELECT SUM(IF(VARIABLE_NAME = 'Innodb_rows_inserted', VARIABLE_VALUE, 0)) AS inserted,
       SUM(IF(VARIABLE_NAME = 'Innodb_rows_updated', VARIABLE_VALUE, 0)) AS updated,
       SUM(IF(VARIABLE_NAME = 'Innodb_rows_deleted', VARIABLE_VALUE, 0)) AS deleted, COUNT(*) AS counters
  FROM ${status} WHERE VARIABLE_NAME IN ('Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted')`;

/** When each table was last made or changed, in epoch milliseconds (a whole second); RENAME leaves it on MySQL. */
export const RENEWED = `
SELECT TABLE_NAME AS name, UNIX_TIMESTAMP(CREATE_TIME) * 1000 AS changed FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ${TABLE_TYPES} AND TABLE_NAME <> '${HISTORY_TABLE}' AND CREATE_TIME IS NOT NULL`;

/** Rows, or undefined when the account may not ask or the server knows no such table. */
async function ifReadable(link: Link, sql: string, asked: Asked): Promise<readonly Row[] | undefined> {
  try {
    return await link.rows(sql, asked);
  } catch (error) {
    const code = errnoOf(error);
    // 1109 and 1146: no such table; 1054: no such column.
    if (isDenied(code) || ['1109', '1146', '1054'].includes(code)) return undefined;
    throw error;
  }
}

/** Asked once in a session: what is switched on, and what this account may read. */
export async function readCounting(link: Link, server: Server): Promise<Counting> {
  const asked = { purpose: 'find the write counters' };
  const idsQuery = IDS[server.flavor];
  const ids = (await ifReadable(link, idsQuery, asked)) === undefined ? [] : [idsQuery];
  let found: Counting | undefined;
  if (server.performanceSchema && (await ifReadable(link, SCHEMA_COUNTS, asked)) !== undefined) {
    const gaps = await ifReadable(link, SCHEMA_GAPS(server.status), asked);
    const complete = gaps?.[0]?.off === '0';
    const whole = SERVER_COUNTS(server.status);
    found = { source: 'performance-schema', queries: [TABLES, SCHEMA_COUNTS, whole, ...ids], complete };
  }
  if (found?.complete !== true && server.flavor === 'mariadb') {
    const [row] = await link.rows('SELECT @@GLOBAL.userstat AS counted', asked);
    if (row?.counted === '1')
      return { source: 'user-statistics', queries: [TABLES, USER_COUNTS, ...ids], complete: true };
  }
  return found ?? (await withoutTables(link, server));
}

async function withoutTables(link: Link, server: Server): Promise<Counting> {
  const query = SERVER_COUNTS(server.status);
  const [row] = (await ifReadable(link, query, { purpose: 'find the write counters' })) ?? [];
  return row?.counters === '3'
    ? { source: 'server', queries: [query], complete: false }
    : { source: 'none', queries: [], complete: false };
}

/** Table → number of its file, or count and sum of those of its partitions. Numbers only grow. */
function filesOf(rows: readonly Row[]): ReadonlyMap<string, string> {
  const found = new Map<string, { count: number; sum: bigint }>();
  for (const { name, file } of rows) {
    const table = name?.split(/#p#/i)[0] ?? '';
    const { count, sum } = found.get(table) ?? { count: 0, sum: 0n };
    found.set(table, { count: count + 1, sum: sum + BigInt(file ?? 0) });
  }
  return new Map(
    [...found].map(([table, { count, sum }]) => [table, count === 1 ? `${sum}` : `${count}x${sum}`]),
  );
}

const counterOf = (row: Row | undefined): WriteCounter => ({
  inserted: Number(row?.inserted ?? 0),
  updated: Number(row?.updated ?? 0),
  deleted: Number(row?.deleted ?? 0),
});

export interface Counted {
  /** `schema.table` → counters; every table of the database has an entry, also one never written to. */
  readonly writes: Readonly<Record<string, WriteCounter>>;
  /** Every table has the number of its file, so that no TRUNCATE goes unseen. */
  readonly truncationsShow: boolean;
}

export function countersOf(
  answers: readonly (readonly Row[])[],
  database: string,
  { source }: Pick<Counting, 'source'>,
): Counted {
  if (source === 'server')
    return { writes: { [WHOLE_SERVER]: counterOf(answers[0]?.[0]) }, truncationsShow: false };
  const hasWhole = source === 'performance-schema';
  const [tables = [], counts = [], third = [], fourth = []] = answers;
  const [whole] = hasWhole ? third : [];
  const ids = hasWhole ? fourth : third;
  const counted = new Map(counts.map((row) => [row.name, row]));
  const files = filesOf(ids);
  const writes = tables.map(({ name }): [string, WriteCounter] => {
    const row = counted.get(name);
    const file = files.get(name ?? '');
    const counter = counterOf(row);
    return [`${database}.${name}`, file === undefined ? counter : { ...counter, file }];
  });
  return {
    // MariaDB has no such counters any more.
    writes: Object.fromEntries(
      whole?.counters === '3' ? [...writes, [WHOLE_SERVER, counterOf(whole)]] : writes,
    ),
    truncationsShow: writes.every(([, { file }]) => file !== undefined),
  };
}
