/**
 * The truth about a database, found without the product: every row of every catalog and of every table, by brute
 * force. What differs by itself is left out: statistics, files, transaction ids, and the history table of Prisma.
 */
import pg from 'pg';

export interface Truth {
  /** Catalog or table → digest of all its rows. */
  readonly digests: Readonly<Record<string, string>>;
  /** Sequence → the value it stands at. */
  readonly sequences: Readonly<Record<string, number>>;
}

const LEFT_OUT = ['pg_statistic', 'pg_statistic_ext_data'];

/** Columns that the server itself moves, also in a transaction that is rolled back (`relhasindex`, `relpages`). */
const VOLATILE = [
  ...['relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid', 'relfilenode'],
  ...['relhasindex', 'relhastriggers', 'relhasrules', 'relhassubclass', 'indcheckxmin'],
  ...['datfrozenxid', 'datminmxid'],
];

/** Of the catalogs that all databases of a server share, only what belongs to this one. */
const SHARED: Readonly<Record<string, string>> = {
  pg_database: 'datname = current_database()',
  pg_shdepend: 'dbid = (SELECT oid FROM pg_database WHERE datname = current_database())',
  pg_db_role_setting: 'setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))',
};

const CATALOGS = `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace
  AND relname <> ALL ($1) ORDER BY 1`;

const TABLES = `SELECT format('%I.%I', n.nspname, c.relname) AS name,
    EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'origin' AND NOT attisdropped) AS marked
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.relispopulated
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_temp_' ORDER BY 1`;

const SEQUENCES = `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND n.nspname !~ '^pg_temp_'`;

const digest = (text: string, from: string): string =>
  `SELECT md5(coalesce(string_agg(r, chr(10) ORDER BY r COLLATE "C"), '')) AS digest FROM (SELECT ${text} AS r FROM ${from}) x`;

const catalogDigest = (name: string): string =>
  digest(
    `(to_jsonb(t) - ARRAY['${VOLATILE.join("','")}'])::text`,
    `pg_catalog.${name} t${SHARED[name] === undefined ? '' : ` WHERE ${SHARED[name]}`}`,
  );

export async function readTruth(superuserUrl: string): Promise<Truth> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'truth' });
  client.on('error', () => undefined);
  await client.connect();
  const one = async (sql: string): Promise<string> => String((await client.query(sql)).rows[0]?.digest);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    // Gone for the eyes of this transaction, with its indexes, types and dependencies; rolled back below.
    await client.query('DROP TABLE IF EXISTS _prisma_migrations');
    const digests: Record<string, string> = {};
    for (const { name } of (await client.query(CATALOGS, [LEFT_OUT])).rows)
      digests[name] = await one(catalogDigest(name));
    for (const { name, marked } of (await client.query(TABLES)).rows)
      digests[name] = await one(digest('t::text', `${name} t${marked ? ` WHERE origin IS DISTINCT FROM 'app'` : ''}`));
    const sequences: Record<string, number> = {};
    for (const { name } of (await client.query(SEQUENCES)).rows) {
      const [row] = (await client.query(`SELECT last_value, is_called FROM ${name}`)).rows;
      sequences[name] = Number(row.last_value) * 2 + (row.is_called ? 1 : 0);
    }
    return { digests, sequences };
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end();
  }
}

/** Names of what differs. A sequence that only moved on left a gap, which is no difference: no rollback undoes it. */
export function compareTruths(before: Truth, after: Truth): readonly string[] {
  const names = new Set([...Object.keys(before.digests), ...Object.keys(after.digests)]);
  const moved = Object.keys(before.sequences).filter(
    (name) => (after.sequences[name] ?? Number.NEGATIVE_INFINITY) < (before.sequences[name] ?? 0),
  );
  return [
    ...[...names].filter((name) => before.digests[name] !== after.digests[name]),
    ...moved.map((name) => `sequence ${name}`),
  ];
}
