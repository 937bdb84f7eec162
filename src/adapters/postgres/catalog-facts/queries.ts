import { userSchema } from '../catalog/words.ts';

/** Each query answers one row with one JSON text, so that a whole catalog is one message there and back. */
const key = (schema: string, name: string): string => `${schema} || '.' || ${name}`;
const USER = userSchema('n.nspname');

/** Every table with its leaves: `root` is the table that people name. */
const TREES = `WITH RECURSIVE t AS (
  SELECT c.oid AS root, c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'm') AND ${USER}
  UNION ALL
  SELECT t.root, i.inhrelid, c.relkind FROM t JOIN pg_inherits i ON i.inhparent = t.oid JOIN pg_class c ON c.oid = i.inhrelid
   WHERE t.relkind = 'p')`;

/**
 * Sizes by `pg_class`: readable for every role, and unlike `pg_relation_size` it does not wait behind an ACCESS
 * EXCLUSIVE holder. Leaves of a partitioned table are summed; one that was never analysed makes the sum unknown.
 */
export const SIZES = `
${TREES}
SELECT coalesce(json_object_agg(${key('n.nspname', 'r.relname')}, json_build_object(
         'rows', CASE WHEN s.unknown THEN NULL ELSE s.rows END, 'bytes', CASE WHEN s.unknown THEN NULL ELSE s.pages * 8192 END)), '{}')::text AS answer
  FROM (SELECT t.root, sum(greatest(c.reltuples, 0))::bigint AS rows, sum(c.relpages)::bigint AS pages,
               bool_or(c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0)) AS unknown
          FROM t JOIN pg_class c ON c.oid = t.oid WHERE t.relkind <> 'p' OR NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = t.oid)
         GROUP BY t.root) s
  JOIN pg_class r ON r.oid = s.root JOIN pg_namespace n ON n.oid = r.relnamespace`;

/** True sizes of tables that were never analysed. This one waits behind an ACCESS EXCLUSIVE holder, so it is asked by itself. */
export const UNANALYSED = `
${TREES},
held AS (SELECT l.relation FROM pg_locks l WHERE l.granted AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid()),
unknown AS (SELECT t.root FROM t JOIN pg_class c ON c.oid = t.oid WHERE t.relkind <> 'p' AND t.oid NOT IN (SELECT relation FROM held WHERE relation IS NOT NULL)
   GROUP BY t.root HAVING bool_or(c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0)) LIMIT 2000)
SELECT coalesce(json_object_agg(s.name, s.bytes), '{}')::text AS answer FROM (
  SELECT ${key('n.nspname', 'r.relname')} AS name, sum(pg_relation_size(t.oid))::bigint AS bytes
    FROM unknown u JOIN t ON t.root = u.root AND t.relkind <> 'p' JOIN pg_class r ON r.oid = u.root JOIN pg_namespace n ON n.oid = r.relnamespace
   GROUP BY 1) s`;

export const COLUMNS = `
SELECT coalesce(json_object_agg(t.name, t.columns), '{}')::text AS answer FROM (
  SELECT ${key('n.nspname', 'c.relname')} AS name,
         json_object_agg(a.attname, json_build_object('type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull)) AS columns
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm') JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${USER} AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1) t`;

const KIND = `CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign' WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' ELSE 'not-null' END`;

/**
 * `nullCheck`: the column of a validated single-column CHECK that says nothing but IS NOT NULL. Read from the stored tree:
 * `pg_get_constraintdef` waits behind whoever holds the table.
 */
export const CONSTRAINTS = `
SELECT coalesce(json_agg(json_build_object('table', ${key('n.nspname', 'c.relname')}, 'name', k.conname, 'kind', ${KIND}, 'validated', k.convalidated,
         'parent', CASE WHEN k.contype = 'f' THEN (SELECT ${key('pn.nspname', 'p.relname')} FROM pg_class p JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid = k.confrelid) END,
         'nullCheck', CASE WHEN k.contype = 'c' AND k.convalidated AND cardinality(k.conkey) = 1 AND k.conbin::text ~ '^\\{NULLTEST :arg \\{VAR [^{}]*\\} :nulltesttype 1 '
           THEN (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]) END,
         'columns', CASE WHEN k.contype = 'c' THEN (SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) END)), '[]')::text AS answer
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE ${USER} AND k.contype IN ('c', 'f', 'p', 'u', 'x', 'n')`;

/** Indexes of each table, and the columns that expressions and predicates of an index read. */
export const INDEXES = `
SELECT coalesce(json_agg(json_build_object('table', ${key('n.nspname', 'c.relname')}, 'name', x.relname,
         'expression', i.indexprs IS NOT NULL, 'partial', i.indpred IS NOT NULL,
         'columns', CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL THEN
           (SELECT json_agg(DISTINCT a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0) END)), '[]')::text AS answer
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE ${USER}`;

/** Views, generated columns, policies and triggers that hang on a column (`pg_depend`). */
export const DEPENDENTS = `
SELECT coalesce(json_agg(DISTINCT jsonb_build_object('table', ${key('n.nspname', 'c.relname')}, 'column', a.attname,
         'kind', CASE d.classid WHEN 'pg_rewrite'::regclass THEN 'view' WHEN 'pg_policy'::regclass THEN 'policy' WHEN 'pg_trigger'::regclass THEN 'trigger' ELSE 'generated-column' END,
         'name', coalesce(v.relname, p.polname, t.tgname, g.attname))), '[]')::text AS answer
  FROM pg_depend d JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid AND d.refobjsubid > 0
  JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid LEFT JOIN pg_class v ON v.oid = w.ev_class
  LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
  LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
  LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_attribute g ON g.attrelid = f.adrelid AND g.attnum = f.adnum AND g.attgenerated <> '' AND g.attnum <> d.refobjsubid
 WHERE ${USER} AND c.relkind IN ('r', 'p', 'm') AND coalesce(v.relname, p.polname, t.tgname, g.attname) IS NOT NULL AND v.oid IS DISTINCT FROM c.oid`;

export const TYPES = `
SELECT coalesce(json_object_agg(${key('n.nspname', 't.typname')}, json_build_object('kind', CASE t.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END,
         'checked', t.typtype = 'd' AND (t.typnotnull OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = t.oid)))), '{}')::text AS answer
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd') AND ${USER}`;

/** The most volatile overload of a name counts. Functions of pg_catalog and of the default schema also without their schema. */
export const FUNCTIONS = `
SELECT coalesce(json_object_agg(f.name, f.volatility), '{}')::text AS answer FROM (
  SELECT u.name, CASE max(CASE p.provolatile WHEN 'i' THEN 1 WHEN 's' THEN 2 ELSE 3 END) WHEN 1 THEN 'immutable' WHEN 2 THEN 'stable' ELSE 'volatile' END AS volatility
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (SELECT ${key('n.nspname', 'p.proname')} AS name WHERE n.nspname <> 'pg_catalog'
                        UNION ALL SELECT p.proname WHERE n.nspname = 'pg_catalog' OR n.nspname = current_schema()) u
   WHERE p.prokind = 'f' AND (n.nspname = 'pg_catalog' OR ${USER}) GROUP BY u.name) f`;

/** Other sessions only: our own are named `guarded-migrate/...`. */
export const SURROUNDINGS = `
SELECT json_build_object('serverVersion', current_setting('server_version_num')::int, 'schema', coalesce(current_schema(), 'public'),
         'timeZone', current_setting('TimeZone'),
         'oldestTransactionMs', (SELECT coalesce(floor(extract(epoch FROM max(clock_timestamp() - a.xact_start)) * 1000), 0) FROM pg_stat_activity a
            WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL AND a.application_name NOT LIKE 'guarded-migrate/%'))::text AS answer`;
