/**
 * The truth about a server, found without the product: every row of every table of every database, every definition, every
 * right, by brute force. Left out: the server's own bookkeeping and the history table of Prisma.
 */
import { createHash } from 'node:crypto';
import { type Connection, createConnection } from 'mysql2/promise';

export interface Truth {
  /** Object → digest of its definition or of its rows. */
  readonly digests: Readonly<Record<string, string>>;
  /** Table → its next key. */
  readonly keys: Readonly<Record<string, number>>;
}

const SYSTEM = `('mysql', 'information_schema', 'performance_schema', 'sys')`;
const HISTORY = '_prisma_migrations';

type Row = Readonly<Record<string, string | null>>;

const OBJECTS = `
SELECT TABLE_SCHEMA AS place, TABLE_NAME AS name, CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
  TABLE_TYPE = 'SYSTEM VERSIONED' AS versioned FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ${SYSTEM} AND TABLE_NAME <> '${HISTORY}'
UNION ALL SELECT TRIGGER_SCHEMA, TRIGGER_NAME, 'TRIGGER', 0 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ${SYSTEM}
UNION ALL SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, 0 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ${SYSTEM}
UNION ALL SELECT EVENT_SCHEMA, EVENT_NAME, 'EVENT', 0 FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN ${SYSTEM}
UNION ALL SELECT SCHEMA_NAME, '', 'DATABASE', 0 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ${SYSTEM}`;

const RIGHTS = ['USER_PRIVILEGES', 'SCHEMA_PRIVILEGES', 'TABLE_PRIVILEGES', 'COLUMN_PRIVILEGES'];
/** Settings of the whole server that no case changes and that move by themselves. */
const MOVING =
  /gtid|timestamp|^innodb_|binlog|last_|seed|identity|insert_id|pseudo|debug|error_count|warning_count/i;

const quoted = (name: string | null | undefined): string => `\`${(name ?? '').replaceAll('`', '``')}\``;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

async function ask(connection: Connection, sql: string): Promise<readonly Row[]> {
  const [rows] = await connection.query({ sql, typeCast: (field) => field.string('utf8') });
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

const listed = (rows: readonly Row[]): string =>
  rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join('\n');

async function definition(connection: Connection, { place, name, kind }: Row): Promise<string> {
  const full = kind === 'DATABASE' ? quoted(place) : `${quoted(place)}.${quoted(name)}`;
  try {
    const [row = {}] = await ask(connection, `SHOW CREATE ${kind} ${full}`);
    const { Created: _made, ...told } = row;
    return JSON.stringify(told);
  } catch (error) {
    // A view on something that is gone.
    return `broken: ${error instanceof Error ? error.message : ''}`;
  }
}

/** Rows that the application wrote are no work of the migration. */
async function rowsOf(connection: Connection, { place, name, versioned }: Row): Promise<string> {
  const full = `${quoted(place)}.${quoted(name)}${versioned === '1' ? ' FOR SYSTEM_TIME ALL' : ''}`;
  const rows = await ask(connection, `SELECT * FROM ${full}`);
  return listed(rows.filter((row) => row.origin !== 'app'));
}

async function around(connection: Connection): Promise<readonly [string, string][]> {
  const found: [string, string][] = [];
  for (const table of RIGHTS) {
    const rows = await ask(connection, `SELECT * FROM information_schema.${table}`);
    found.push([`rights ${table}`, digest(listed(rows))]);
  }
  const settings = await ask(connection, 'SHOW GLOBAL VARIABLES');
  const kept = settings.filter(({ Variable_name: name }) => !MOVING.test(name ?? ''));
  return [...found, ['settings', digest(listed(kept))]];
}

async function read(connection: Connection): Promise<Truth> {
  const digests: [string, string][] = [];
  const keys: [string, number][] = [];
  for (const object of await ask(connection, OBJECTS)) {
    const name = `${object.kind} ${object.place}.${object.name}`;
    const text = await definition(connection, object);
    const next = /AUTO_INCREMENT=(\d+)/.exec(text)?.[1];
    digests.push([name, digest(text.replace(/ AUTO_INCREMENT=\d+/, ''))]);
    if (object.kind === 'TABLE') keys.push([name, Number(next ?? 1)]);
    if (object.kind === 'TABLE' || object.kind === 'SEQUENCE')
      digests.push([`rows of ${name}`, digest(await rowsOf(connection, object))]);
  }
  digests.push(...(await around(connection)));
  return { digests: Object.fromEntries(digests), keys: Object.fromEntries(keys) };
}

export async function readTruth(superuserUrl: string): Promise<Truth> {
  const connection = await createConnection(superuserUrl);
  connection.on('error', () => undefined);
  try {
    return await read(connection);
  } finally {
    await connection.end().catch(() => undefined);
  }
}

/** No INSERT of a case or of the application beside it leaves a gap as wide as this. */
const WIDEST_GAP = 20_000;

/** Names of what differs. A key that only moved on left a gap, which is no difference: no rollback undoes it. */
export function compareTruths(before: Truth, after: Truth): readonly string[] {
  const names = new Set([...Object.keys(before.digests), ...Object.keys(after.digests)]);
  const moved = Object.entries(before.keys).filter(([name, key]) => {
    const now = after.keys[name] ?? key;
    return now < key || now > key + WIDEST_GAP;
  });
  return [
    ...[...names].filter((name) => before.digests[name] !== after.digests[name]),
    ...moved.map(([name]) => `next key of ${name}`),
  ];
}
