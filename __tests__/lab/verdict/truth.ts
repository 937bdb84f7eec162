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

/** The first OID that does not come with the server. */
const FIRST = 16_384;

/**
 * Of the catalogs that all databases of a server share, only what belongs to this one. Of the long ones, what came
 * with the server only where a grant was made on it: it cannot be changed otherwise, and there are 20,000 rows.
 */
const PART: Readonly<Record<string, string>> = {
  pg_namespace: `nspname !~ '^pg_(toast_)?temp_'`,
  pg_proc: `oid >= ${FIRST} OR proacl IS NOT NULL`,
  pg_type: `oid >= ${FIRST} OR typacl IS NOT NULL`,
  pg_attribute: `attrelid >= ${FIRST} OR attacl IS NOT NULL`,
  pg_description: `objoid >= ${FIRST}`,
  pg_depend: `objid >= ${FIRST} OR refobjid >= ${FIRST}`,
  pg_operator: `oid >= ${FIRST}`,
  pg_collation: `oid >= ${FIRST}`,
  pg_amop: `oid >= ${FIRST}`,
  pg_amproc: `oid >= ${FIRST}`,
  pg_database: 'datname = current_database()',
  pg_shdepend: 'dbid = (SELECT oid FROM pg_database WHERE datname = current_database())',
  pg_db_role_setting: 'setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))',
};

const CATALOGS = `SELECT c.relname AS name, string_agg('t.' || quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relkind = 'r' AND c.relnamespace = 'pg_catalog'::regnamespace AND c.relname <> ALL ($1) AND a.attname <> ALL ($2)
 GROUP BY c.relname ORDER BY 1`;

const TABLES = `SELECT format('%I.%I', n.nspname, c.relname) AS name,
    EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'origin' AND NOT attisdropped) AS marked
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.relispopulated
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_temp_' ORDER BY 1`;

const SEQUENCES = `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND n.nspname !~ '^pg_temp_'`;

/** A digest that does not depend on the order of the rows, so that ten thousand of them need no sorting. */
const digest = (name: string, text: string, from: string): string =>
  `SELECT '${name.replaceAll("'", "''")}' AS name, count(*) || ' ' || coalesce(sum(hashtextextended(${text}, 1)), 0) AS digest FROM ${from}`;

let catalogs: string | undefined;

/** One statement for all catalogs; the same for every database of a server version. */
async function catalogDigests(client: pg.Client): Promise<string> {
  const found = await client.query(CATALOGS, [LEFT_OUT, VOLATILE]);
  return found.rows
    .map(({ name, columns }) => {
      const where = PART[name] === undefined ? '' : ` WHERE ${PART[name]}`;
      return digest(name, `ROW(${columns})::text`, `pg_catalog.${name} t${where}`);
    })
    .join(' UNION ALL ');
}

async function tableDigests(client: pg.Client): Promise<string> {
  const { rows } = await client.query(TABLES);
  const queries = rows.map(({ name, marked }) =>
    digest(name, 't::text', `${name} t${marked ? ` WHERE origin IS DISTINCT FROM 'app'` : ''}`),
  );
  return [`SELECT '' AS name, '' AS digest`, ...queries].join(' UNION ALL ');
}

async function sequenceValues(client: pg.Client): Promise<Truth['sequences']> {
  const { rows } = await client.query(SEQUENCES);
  const values = rows.map(({ name }) => `SELECT '${name}' AS name, last_value, is_called FROM ${name}`);
  if (values.length === 0) return {};
  const found = await client.query(values.join(' UNION ALL '));
  return Object.fromEntries(
    found.rows.map((row) => [row.name, Number(row.last_value) * 2 + (row.is_called ? 1 : 0)]),
  );
}

export async function readTruth(superuserUrl: string): Promise<Truth> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'truth' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE');
    // Gone for the eyes of this transaction, with its indexes, types and dependencies; rolled back below.
    await client.query('DROP TABLE IF EXISTS _prisma_migrations');
    catalogs ??= await catalogDigests(client);
    const found = await client.query(`${catalogs} UNION ALL ${await tableDigests(client)}`);
    return {
      digests: Object.fromEntries(found.rows.map(({ name, digest: value }) => [name, value])),
      sequences: await sequenceValues(client),
    };
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
