import {
  digestOf,
  FIRST_USER_OID,
  grants,
  HISTORY_TABLE,
  named,
  notMember,
  owner,
  rest,
  row,
  sorted,
  userSchema,
} from './words.ts';

const THIS_DATABASE = '(SELECT oid FROM pg_database WHERE datname = current_database())';

const schemas = `
SELECT ${named('schema', 'n.nspname')}, ${row(owner('n.nspowner'), grants('n.nspacl', 'n', 'n.nspowner'))} AS digest
  FROM pg_namespace n WHERE ${userSchema('n.nspname')} AND ${notMember('pg_namespace', 'n.oid')}`;

const extensions = `
SELECT ${named('extension', 'e.extname')},
  ${row('e.extversion, e.extrelocatable, e.extnamespace::regnamespace, e.extcondition', owner('e.extowner'))} AS digest
  FROM pg_extension e`;

const statistics = `
SELECT ${named('statistics', 'n.nspname', 's.stxname')},
  ${row('pg_get_statisticsobjdef(s.oid)', `to_jsonb(s) -> 'stxstattarget'`, owner('s.stxowner'))} AS digest
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${userSchema('n.nspname')}`;

const eventTriggers = `
SELECT ${named('event trigger', 't.evtname')}, ${row(rest('t', 'evtowner', 'evtfoid'), 't.evtfoid::regproc', owner('t.evtowner'))} AS digest
  FROM pg_event_trigger t WHERE ${notMember('pg_event_trigger', 't.oid')}`;

const publications = (version: number): string => `
SELECT ${named('publication', 'p.pubname')}, ${row(rest('p', 'pubowner'), owner('p.pubowner'))} AS digest FROM pg_publication p
UNION ALL
SELECT 'publication ' || format('%I', p.pubname) || ' table ' || r.prrelid::regclass::text, ${row(
  version >= 150000 ? 'pg_get_expr(r.prqual, r.prrelid)' : 'NULL',
  version >= 150000
    ? `(SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))`
    : 'NULL',
)}
  FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid${
    version < 150000
      ? ''
      : `
UNION ALL
SELECT 'publication ' || format('%I', p.pubname) || ' schema ' || r.pnnspid::regnamespace::text, ${digestOf(`''`)}
  FROM pg_publication_namespace r JOIN pg_publication p ON p.oid = r.pnpubid`
  }`;

/** Only the columns that every role may read; never the connection string. */
const subscriptions = `
SELECT ${named('subscription', 's.subname')}, ${row('s.subenabled, s.subslotname, s.subpublications', owner('s.subowner'))} AS digest
  FROM pg_subscription s WHERE s.subdbid = ${THIS_DATABASE}`;

/** Of a user mapping only the names of its options: the values hold passwords. */
const foreignData = `
SELECT ${named('foreign-data wrapper', 'w.fdwname')},
  ${row('w.fdwhandler::regproc, w.fdwvalidator::regproc', sorted('w.fdwoptions'), owner('w.fdwowner'), grants('w.fdwacl', 'F', 'w.fdwowner'))} AS digest
  FROM pg_foreign_data_wrapper w WHERE ${notMember('pg_foreign_data_wrapper', 'w.oid')}
UNION ALL
SELECT ${named('server', 's.srvname')},
  ${row(
    's.srvtype, s.srvversion, (SELECT fdwname FROM pg_foreign_data_wrapper WHERE oid = s.srvfdw)',
    sorted('s.srvoptions'),
    owner('s.srvowner'),
    grants('s.srvacl', 'S', 's.srvowner'),
  )}
  FROM pg_foreign_server s
UNION ALL
SELECT ${named('user mapping', 'm.srvname', 'm.usename')},
  ${digestOf(`coalesce((SELECT string_agg(split_part(o, '=', 1), ',' ORDER BY o COLLATE "C") FROM unnest(m.umoptions) o), '')`)}
  FROM pg_user_mappings m`;

const languages = `
SELECT ${named('language', 'l.lanname')},
  ${row('l.lanpltrusted, l.lanplcallfoid::regproc, l.laninline::regproc, l.lanvalidator::regproc', owner('l.lanowner'), grants('l.lanacl', 'l', 'l.lanowner'))} AS digest
  FROM pg_language l WHERE ${notMember('pg_language', 'l.oid')}
UNION ALL
SELECT ${named('access method', 'm.amname')}, ${row('m.amtype, m.amhandler::regproc')}
  FROM pg_am m WHERE m.oid >= ${FIRST_USER_OID} AND ${notMember('pg_am', 'm.oid')}
UNION ALL
SELECT 'transform ' || format_type(t.trftype, NULL) || ' ' || (SELECT lanname FROM pg_language WHERE oid = t.trflang),
  ${row('t.trffromsql::regproc, t.trftosql::regproc')}
  FROM pg_transform t WHERE ${notMember('pg_transform', 't.oid')}`;

const privileges = `
SELECT 'default privileges ' || ${owner('a.defaclrole')} || coalesce(' in ' || n.nspname, '') || ' on ' || a.defaclobjtype::text AS object,
  ${digestOf(`(SELECT coalesce(string_agg(g::text, ',' ORDER BY g::text COLLATE "C"), '') FROM unnest(a.defaclacl) g)`)} AS digest
  FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
UNION ALL
SELECT 'settings ' || CASE WHEN s.setrole = 0 THEN 'of the database' ELSE 'of ' || ${owner('s.setrole')} || ' in the database' END,
  ${digestOf(sorted('s.setconfig'))}
  FROM pg_db_role_setting s WHERE s.setdatabase = ${THIS_DATABASE}
UNION ALL
SELECT 'database', ${row('d.datconnlimit, d.datallowconn, d.datistemplate', owner('d.datdba'), grants('d.datacl', 'd', 'd.datdba'))}
  FROM pg_database d WHERE d.datname = current_database()`;

/** Roles belong to the whole server, but a half-applied file may have made one. */
const roles = `
SELECT ${named('role', 'r.rolname')}, ${row(rest('r', 'rolpassword', 'rolconfig'), sorted('r.rolconfig'))} AS digest
  FROM pg_roles r WHERE r.rolname !~ '^pg_'
UNION ALL
SELECT ${named('membership', 'r.rolname', 'u.rolname')} , ${digestOf(
  `string_agg(ROW(${rest('m', 'roleid', 'member', 'grantor')}, ${owner('m.grantor')})::text, ',' ORDER BY ${owner('m.grantor')})`,
)}
  FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
 GROUP BY r.rolname, u.rolname`;

const notHistory = (catalog: string, oid: string): string =>
  `NOT (${catalog} = 'pg_class'::regclass AND ${oid} IN (SELECT oid FROM pg_class WHERE relname = '${HISTORY_TABLE}'))`;
const notMemberOf = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = ${catalog} AND e.objid = ${oid} AND e.deptype = 'e')`;
const ofUsers = (alias: string): string =>
  `(${alias}.objoid >= ${FIRST_USER_OID} OR ${alias}.classoid = 'pg_namespace'::regclass)
   AND ${notHistory(`${alias}.classoid`, `${alias}.objoid`)} AND ${notMemberOf(`${alias}.classoid`, `${alias}.objoid`)}`;

const comments = `
SELECT 'comment on ' || i.type || ' ' || i.identity AS object, ${digestOf('d.description')} AS digest
  FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i WHERE ${ofUsers('d')} AND i.identity IS NOT NULL
UNION ALL
SELECT 'comment on ' || i.type || ' ' || i.identity, ${digestOf('d.description')}
  FROM pg_shdescription d, pg_identify_object(d.classoid, d.objoid, 0) i
 WHERE i.identity IS NOT NULL AND (d.classoid = 'pg_authid'::regclass AND d.objoid >= ${FIRST_USER_OID} OR d.objoid = ${THIS_DATABASE})
UNION ALL
SELECT 'security label ' || l.provider || ' on ' || i.type || ' ' || i.identity, ${digestOf('l.label')}
  FROM pg_seclabel l, pg_identify_object(l.classoid, l.objoid, l.objsubid) i WHERE ${ofUsers('l')} AND i.identity IS NOT NULL`;

/** Schemas, extensions, grants, roles and the rest of the database. */
export const databaseQueries = (version: number): readonly string[] => [
  schemas,
  extensions,
  statistics,
  eventTriggers,
  publications(version),
  subscriptions,
  foreignData,
  languages,
  privileges,
  roles,
  comments,
];
