import { digestOf, FIRST_USER_OID, grants, named, notMember, owner, rest, row, userSchema } from './words.ts';

const functions = (version: number): string => `
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END
    || format(' %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS object,
  ${row(
    rest(
      'p',
      ...[
        'pronamespace',
        'proowner',
        'prolang',
        'provariadic',
        'prosupport',
        'prorettype',
        'proargtypes',
        'proallargtypes',
      ],
      ...['proargdefaults', 'protrftypes', 'prosqlbody', 'proacl'],
    ),
    `(SELECT lanname FROM pg_language WHERE oid = p.prolang)`,
    'pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.prosupport::text',
    version >= 140000 ? 'pg_get_function_sqlbody(p.oid)' : 'NULL',
    owner('p.proowner'),
    grants('p.proacl', 'f', 'p.proowner'),
    `(SELECT ROW(${rest('a', 'aggfnoid', 'aggtranstype', 'aggmtranstype', 'aggsortop')}, format_type(a.aggtranstype, NULL),
        format_type(a.aggmtranstype, NULL), a.aggsortop::regoperator)::text FROM pg_aggregate a WHERE a.aggfnoid = p.oid)`,
  )} AS digest
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_proc', 'p.oid')}`;

const attributes = `(SELECT string_agg(ROW(a.attname, format_type(a.atttypid, a.atttypmod), co.collname)::text, ',' ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_collation co ON co.oid = a.attcollation
   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)`;

const types = `
SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'type' END
    || format(' %I.%I', n.nspname, t.typname) AS object,
  ${row(
    't.typtype, t.typlen, t.typbyval, t.typcategory, t.typispreferred, t.typisdefined, t.typdelim, t.typalign, t.typstorage',
    't.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze',
    `CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END, t.typnotnull, t.typdefault, t.typndims`,
    '(SELECT collname FROM pg_collation WHERE oid = t.typcollation)',
    owner('t.typowner'),
    grants('t.typacl', 'T', 't.typowner'),
    `(SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)`,
    `CASE WHEN t.typtype = 'c' THEN ${attributes} END`,
    `(SELECT ROW(format_type(r.rngsubtype, NULL), r.rngcanonical, r.rngsubdiff, oc.opcname,
        (SELECT collname FROM pg_collation WHERE oid = r.rngcollation))::text
        FROM pg_range r JOIN pg_opclass oc ON oc.oid = r.rngsubopc WHERE r.rngtypid = t.oid)`,
  )} AS digest
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE ${userSchema('n.nspname')} AND (t.typrelid = 0 OR c.relkind = 'c') AND t.typtype <> 'm'
   AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND ${notMember('pg_type', 't.oid')}`;

const operators = `
SELECT 'operator ' || o.oid::regoperator::text AS object,
  ${row(
    rest('o', 'oprnamespace', 'oprowner', 'oprleft', 'oprright', 'oprresult', 'oprcom', 'oprnegate'),
    `format_type(o.oprresult, NULL), o.oprcom::regoperator, o.oprnegate::regoperator`,
    owner('o.oprowner'),
  )} AS digest
  FROM pg_operator o WHERE o.oid >= ${FIRST_USER_OID} AND ${notMember('pg_operator', 'o.oid')}`;

const operatorClasses = `
SELECT ${named('operator class', 'n.nspname', 'm.amname', 'o.opcname')},
  ${row(`o.opcdefault, format_type(o.opcintype, NULL), format_type(o.opckeytype, NULL), f.opfname`, owner('o.opcowner'))} AS digest
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod
  JOIN pg_opfamily f ON f.oid = o.opcfamily
 WHERE o.oid >= ${FIRST_USER_OID} AND ${notMember('pg_opclass', 'o.oid')}
UNION ALL
SELECT ${named('operator family', 'n.nspname', 'm.amname', 'f.opfname')},
  ${row(
    owner('f.opfowner'),
    `(SELECT string_agg(ROW(p.amopstrategy, p.amoppurpose, p.amopopr::regoperator)::text, ',' ORDER BY p.amopstrategy, p.amopopr::regoperator::text)
        FROM pg_amop p WHERE p.amopfamily = f.oid)`,
    `(SELECT string_agg(ROW(p.amprocnum, p.amproc)::text, ',' ORDER BY p.amprocnum, p.amproc::text) FROM pg_amproc p WHERE p.amprocfamily = f.oid)`,
  )}
  FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
 WHERE f.oid >= ${FIRST_USER_OID} AND ${notMember('pg_opfamily', 'f.oid')}`;

const casts = `
SELECT 'cast (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')' AS object,
  ${row('c.castcontext, c.castmethod, c.castfunc::regprocedure')} AS digest
  FROM pg_cast c WHERE c.oid >= ${FIRST_USER_OID} AND ${notMember('pg_cast', 'c.oid')}`;

const collations = `
SELECT ${named('collation', 'n.nspname', 'c.collname')},
  ${row(rest('c', 'collnamespace', 'collowner'), owner('c.collowner'))} AS digest
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_collation', 'c.oid')}
UNION ALL
SELECT ${named('conversion', 'n.nspname', 'c.conname')},
  ${row(rest('c', 'connamespace', 'conowner'), owner('c.conowner'))}
  FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_conversion', 'c.oid')}`;

const textSearch = `
SELECT ${named('text search configuration', 'n.nspname', 'c.cfgname')},
  ${row(
    owner('c.cfgowner'),
    '(SELECT prsname FROM pg_ts_parser WHERE oid = c.cfgparser)',
    `(SELECT string_agg(ROW(m.maptokentype, m.mapseqno, m.mapdict::regdictionary)::text, ',' ORDER BY m.maptokentype, m.mapseqno)
        FROM pg_ts_config_map m WHERE m.mapcfg = c.oid)`,
  )} AS digest
  FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_ts_config', 'c.oid')}
UNION ALL
SELECT ${named('text search dictionary', 'n.nspname', 'd.dictname')},
  ${row(owner('d.dictowner'), 'd.dictinitoption', '(SELECT tmplname FROM pg_ts_template WHERE oid = d.dicttemplate)')}
  FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_ts_dict', 'd.oid')}
UNION ALL
SELECT ${named('text search parser', 'n.nspname', 'p.prsname')}, ${digestOf(`(${rest('p', 'prsnamespace')})::text`)}
  FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_ts_parser', 'p.oid')}
UNION ALL
SELECT ${named('text search template', 'n.nspname', 't.tmplname')}, ${digestOf(`(${rest('t', 'tmplnamespace')})::text`)}
  FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
 WHERE ${userSchema('n.nspname')} AND ${notMember('pg_ts_template', 't.oid')}`;

/** Functions, types and what is built from them. */
export const routineQueries = (version: number): readonly string[] => [
  functions(version),
  types,
  operators,
  operatorClasses,
  casts,
  collations,
  textSearch,
];
