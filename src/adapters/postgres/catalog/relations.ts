import {
  digestOf,
  FIRST_USER_OID,
  grants,
  HISTORY_TABLE,
  named,
  notMember,
  owner,
  row,
  sorted,
  userSchema,
} from './words.ts';

const KINDS = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view'
  WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'sequence' END`;

/** Relations of users under the aliases `c` and `n`. */
const userRelation = `${userSchema('n.nspname')} AND c.relname <> '${HISTORY_TABLE}' AND ${notMember('pg_class', 'c.oid')}`;
const PARENTS = `
SELECT h.inhrelid, string_agg(h.inhparent::regclass::text, ',' ORDER BY h.inhseqno) AS parents FROM pg_inherits h GROUP BY h.inhrelid`;

/**
 * `pg_get_expr` waits behind whoever holds the table, unless it is told that no column occurs (relation 0). Only a
 * generated column's expression names columns.
 */
const DEFAULT_OF = `CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END`;

/** Columns in their order; positions left by dropped columns do not show. */
const columns = (version: number): string => `
SELECT a.attrelid, ${digestOf(`string_agg(ROW(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, ${DEFAULT_OF}) END, a.attidentity, a.attgenerated, co.collname, co.collnamespace::regnamespace,
    a.attstorage, ${version >= 140000 ? 'a.attcompression' : 'NULL'}, nullif(a.attstattarget, -1), a.attislocal, a.attinhcount,
    ${sorted('a.attoptions')}, ${sorted('a.attfdwoptions')}, ${sorted('a.attacl::text[]')})::text, ',' ORDER BY a.attnum)`)} AS columns
  FROM pg_attribute a JOIN pg_class k ON k.oid = a.attrelid AND k.relkind IN ('r', 'p', 'v', 'm', 'f')
  JOIN pg_namespace kn ON kn.oid = k.relnamespace AND ${userSchema('kn.nspname')}
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
 WHERE a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid`;

const relations = (version: number): string => `
SELECT ${KINDS} || ' ' || format('%I.%I', n.nspname, c.relname) AS object,
  ${row(
    'c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispartition',
    owner('c.relowner'),
    grants('c.relacl', 'r', 'c.relowner'),
    sorted('c.reloptions'),
    sorted('toast.reloptions'),
    'CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, 0) END',
    `CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END`,
    'h.parents, sp.spcname, m.amname, fs.srvname',
    `CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END`,
    `CASE WHEN c.relkind = 'm' THEN c.relispopulated END`,
    `CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END`,
    sorted('f.ftoptions'),
    'k.columns',
  )} AS digest
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (${columns(version)}) k ON k.attrelid = c.oid
  LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
  LEFT JOIN (${PARENTS}) h ON h.inhrelid = c.oid LEFT JOIN pg_tablespace sp ON sp.oid = c.reltablespace
  LEFT JOIN pg_am m ON m.oid = c.relam LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
  LEFT JOIN pg_foreign_server fs ON fs.oid = f.ftserver
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${userRelation}`;

/** The column that owns a sequence, for all at once: asked one by one it takes as long as the rest of the sequences. */
const OWNED = `
SELECT d.objid, string_agg(d.deptype::text || d.refobjid::regclass::text || '.' || a.attname, ',' ORDER BY d.refobjid::regclass::text, a.attname) AS owner
  FROM pg_depend d JOIN pg_sequence q ON q.seqrelid = d.objid
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
 GROUP BY d.objid`;

/** Without `last_value`: it moves with every insert and never rolls back. */
const sequences = `
SELECT ${named('sequence', 'n.nspname', 'c.relname')},
  ${row(
    owner('c.relowner'),
    grants('c.relacl', 's', 'c.relowner'),
    'c.relpersistence, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle',
    'w.owner',
  )} AS digest
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (${OWNED}) w ON w.objid = c.oid
 WHERE ${userRelation}`;

/**
 * Key columns by name with operator class, collation and order: what `pg_get_indexdef` would print, which takes
 * 50 microseconds for each index and so half a second for 10,000.
 */
const KEYS = `
SELECT i.indexrelid, string_agg(ROW(a.attname, oc.opcname, oc.opcnamespace::regnamespace, co.collname, co.collnamespace::regnamespace, k.flags)::text, ',' ORDER BY k.position) AS keys
  FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[])
       WITH ORDINALITY AS k(attribute, opclass, coll, flags, position)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attribute
  LEFT JOIN pg_opclass oc ON oc.oid = k.opclass LEFT JOIN pg_collation co ON co.oid = k.coll
 WHERE i.indexrelid >= ${FIRST_USER_OID} GROUP BY i.indexrelid`;

/** Statistics targets and operator class parameters of index columns; few indexes have any. */
const KEY_SETTINGS = `
SELECT a.attrelid, string_agg(ROW(a.attnum, a.attstattarget, a.attoptions)::text, ',' ORDER BY a.attnum) AS settings
  FROM pg_attribute a JOIN pg_class x ON x.oid = a.attrelid AND x.relkind IN ('i', 'I')
 WHERE a.attstattarget >= 0 AND a.attrelid >= ${FIRST_USER_OID} OR a.attoptions IS NOT NULL GROUP BY a.attrelid`;

const indexes = (version: number): string => `
SELECT ${named('index', 'n.nspname', 'x.relname')},
  ${row(
    'c.relname, m.amname, k.keys, s.settings, i.indnkeyatts, i.indisunique, i.indisprimary, i.indisexclusion, i.indimmediate',
    'i.indisvalid, i.indisready, i.indislive, i.indisclustered, i.indisreplident',
    version >= 150000 ? 'i.indnullsnotdistinct' : 'NULL',
    'CASE WHEN i.indexprs IS NOT NULL THEN pg_get_expr(i.indexprs, i.indrelid) END',
    'CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END',
    sorted('x.reloptions'),
    'sp.spcname, h.parents',
  )} AS digest
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = x.relnamespace JOIN pg_am m ON m.oid = x.relam
  LEFT JOIN (${KEYS}) k ON k.indexrelid = i.indexrelid LEFT JOIN (${KEY_SETTINGS}) s ON s.attrelid = i.indexrelid
  LEFT JOIN (${PARENTS}) h ON h.inhrelid = i.indexrelid LEFT JOIN pg_tablespace sp ON sp.oid = x.reltablespace
 WHERE ${userRelation}`;

const constraints = `
SELECT ${named('constraint', 'n.nspname', 'c.relname', 'o.conname')},
  ${row(
    'o.contype, pg_get_constraintdef(o.oid), o.convalidated, o.condeferrable, o.condeferred, o.connoinherit, o.conislocal, o.coninhcount',
    'CASE WHEN o.conparentid <> 0 THEN (SELECT p.conname FROM pg_constraint p WHERE p.oid = o.conparentid) END',
  )} AS digest
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE ${userRelation}
UNION ALL
SELECT ${named('constraint', 'n.nspname', 't.typname', 'o.conname')},
  ${row('o.contype, pg_get_constraintdef(o.oid), o.convalidated')}
  FROM pg_constraint o JOIN pg_type t ON t.oid = o.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_type', 't.oid')}`;

const triggers = `
SELECT ${named('trigger', 'n.nspname', 'c.relname', 't.tgname')},
  ${row('pg_get_triggerdef(t.oid), t.tgenabled')} AS digest
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND ${userRelation}
UNION ALL
SELECT ${named('disabled constraint triggers', 'n.nspname', 'c.relname')},
  ${digestOf(`string_agg(ROW(o.conname, t.tgfoid::regproc, t.tgenabled)::text, ',' ORDER BY o.conname COLLATE "C", t.tgfoid::regproc::text COLLATE "C")`)}
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_constraint o ON o.oid = t.tgconstraint
 WHERE t.tgisinternal AND t.tgenabled <> 'O' AND ${userRelation} GROUP BY n.nspname, c.relname`;

const rules = `
SELECT ${named('rule', 'n.nspname', 'c.relname', 'r.rulename')}, ${row('pg_get_ruledef(r.oid), r.ev_enabled')} AS digest
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND ${userRelation}`;

const policies = `
SELECT ${named('policy', 'n.nspname', 'c.relname', 'p.polname')},
  ${row(
    'p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)',
    `(SELECT string_agg(CASE WHEN u = 0 THEN 'public' ELSE ${owner('u')} END, ',' ORDER BY ${owner('u')}) FROM unnest(p.polroles) u)`,
  )} AS digest
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE ${userRelation}`;

/** Tables, views and what hangs on them. */
export const relationQueries = (version: number): readonly string[] => [
  relations(version),
  sequences,
  indexes(version),
  constraints,
  triggers,
  rules,
  policies,
];
