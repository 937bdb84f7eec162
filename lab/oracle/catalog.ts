import type pg from 'pg';
import type { CatalogFacts, ColumnDependent, ConstraintFacts, TableFacts } from '../../src/domain/hazard.ts';

const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;
const KEY = `n.nspname || '.' || c.relname`;

const TABLES = `
SELECT ${KEY} AS key, pg_relation_size(c.oid)::float8 AS bytes, nullif(c.reltuples, -1)::float8 AS rows,
  coalesce((SELECT json_object_agg(a.attname, json_build_object('type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull))
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '{}') AS columns,
  coalesce((SELECT json_agg(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid), '[]') AS indexes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm') AND ${OURS}`;

const CONSTRAINTS = `
SELECT ${KEY} AS key, k.conname AS name, k.contype AS kind, k.convalidated AS validated,
  CASE WHEN k.confrelid <> 0 THEN (SELECT pn.nspname || '.' || p.relname FROM pg_class p JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid = k.confrelid) END AS parent,
  coalesce((SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)), '[]') AS columns,
  pg_get_constraintdef(k.oid) AS text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}`;

const DEPENDENTS = `
SELECT DISTINCT ${KEY} AS key, a.attname AS column,
  CASE d.classid WHEN 'pg_rewrite'::regclass THEN 'view' WHEN 'pg_policy'::regclass THEN 'policy' WHEN 'pg_trigger'::regclass THEN 'trigger'
    WHEN 'pg_attrdef'::regclass THEN 'generated-column' ELSE CASE WHEN i.indpred IS NOT NULL THEN 'partial-index' ELSE 'expression-index' END END AS kind,
  coalesce(x.relname, w.ev_class::regclass::text, d.objid::text) AS name
FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid LEFT JOIN pg_class x ON x.oid = i.indexrelid
LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND ${OURS} AND (
  d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass)
  OR (d.classid = 'pg_attrdef'::regclass AND f.adrelid = c.oid AND f.adnum <> d.refobjsubid)
  OR (i.indexrelid IS NOT NULL AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL)))`;

const TYPES = `
SELECT n.nspname || '.' || t.typname AS key, CASE t.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END AS kind,
  EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid) AS checked
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd') AND ${OURS}`;

const FUNCTIONS = `
SELECT CASE WHEN n.nspname = 'pg_catalog' THEN p.proname ELSE n.nspname || '.' || p.proname END AS key,
  max(CASE p.provolatile WHEN 'i' THEN 0 WHEN 's' THEN 1 ELSE 2 END) AS volatility
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname <> 'information_schema' GROUP BY 1`;

const SERVER = `
SELECT current_setting('server_version_num')::int AS version, current_schema() AS schema, current_setting('TimeZone') AS zone`;

const KINDS: Readonly<Record<string, ConstraintFacts['kind']>> = {
  c: 'check',
  f: 'foreign',
  p: 'primary',
  u: 'unique',
  x: 'exclusion',
  n: 'not-null',
};

interface ConstraintRow {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly validated: boolean;
  readonly parent: string | null;
  readonly columns: readonly string[];
  readonly text: string;
}
type TableRow = Pick<TableFacts, 'columns' | 'indexes' | 'bytes'> & {
  readonly key: string;
  readonly rows: number | null;
};

const isNotNullProof = ({ kind, validated, text, columns }: ConstraintRow): boolean =>
  kind === 'c' && validated && columns.length === 1 && /^CHECK \(\("?[^()]+"? IS NOT NULL\)\)$/.test(text);

function tableOf(
  row: TableRow,
  constraints: readonly ConstraintRow[],
  dependents: readonly (ColumnDependent & { readonly key: string })[],
): TableFacts {
  const own = constraints.filter(({ key, kind }) => key === row.key && kind in KINDS);
  const parents = own.flatMap(({ parent }) => parent ?? []);
  const checks = own.filter(({ kind }) => kind === 'c');
  return {
    rows: row.rows ?? undefined,
    bytes: row.bytes,
    columns: row.columns,
    indexes: row.indexes,
    checkedNotNull: own.filter(isNotNullProof).flatMap(({ columns }) => columns),
    parents,
    children: constraints.filter(({ parent }) => parent === row.key).map(({ key }) => key),
    dependents: [
      ...dependents
        .filter(({ key }) => key === row.key)
        .map(({ column, kind, name }) => ({ column, kind, name })),
      ...checks.flatMap(({ columns, name }) =>
        columns.map((column) => ({ column, kind: 'check' as const, name })),
      ),
    ],
    constraints: Object.fromEntries(
      own.map(({ name, kind, validated, parent }) => [
        name,
        { kind: KINDS[kind] ?? 'check', validated, ...(parent === null ? {} : { parent }) },
      ]),
    ),
  };
}

/** What the product will read from a real database, read from a server of the lab. Functions can be left out: they cost most. */
export async function readCatalog(
  client: pg.Client,
  functions: CatalogFacts['functions'] = {},
): Promise<CatalogFacts> {
  const rows = async <T extends pg.QueryResultRow>(sql: string): Promise<readonly T[]> =>
    (await client.query<T>(sql)).rows;
  const [server] = await rows<{ version: number; schema: string; zone: string }>(SERVER);
  const constraints = await rows<ConstraintRow>(CONSTRAINTS);
  const dependents = await rows<ColumnDependent & { readonly key: string }>(DEPENDENTS);
  const tables = await rows<TableRow>(TABLES);
  const types = await rows<{ key: string; kind: 'enum' | 'domain'; checked: boolean }>(TYPES);
  return {
    serverVersion: server?.version ?? 0,
    schema: server?.schema ?? 'public',
    timeZone: server?.zone ?? '',
    tables: Object.fromEntries(tables.map((row) => [row.key, tableOf(row, constraints, dependents)])),
    types: Object.fromEntries(types.map(({ key, kind, checked }) => [key, { kind, checked }])),
    functions,
    oldestTransactionMs: 0,
  };
}

const VOLATILITY = ['immutable', 'stable', 'volatile'] as const;

export async function readFunctions(client: pg.Client): Promise<CatalogFacts['functions']> {
  const { rows } = await client.query<{ key: string; volatility: number }>(FUNCTIONS);
  return Object.fromEntries(rows.map(({ key, volatility }) => [key, VOLATILITY[volatility] ?? 'volatile']));
}
