/**
 * Building blocks of the fingerprint's queries. Every query gives `object` (kind and qualified name) and `digest`
 * of a canonical text without OIDs, so that dropping and recreating the same thing gives the same digest. They
 * run with `search_path = pg_catalog`, which makes PostgreSQL qualify every name it prints.
 */

/** Prisma's own table: it changes with every migration, so it is no part of the fingerprint. */
export const HISTORY_TABLE = '_prisma_migrations';

/** The first OID that is not part of the server itself (`FirstNormalObjectId`). */
export const FIRST_USER_OID = 16384;

/** sha256 instead of md5, because md5 fails on servers in FIPS mode; 128 bits of it are plenty. */
export const digestOf = (text: string): string =>
  `left(encode(sha256(convert_to(${text}, getdatabaseencoding())), 'hex'), 32)`;

export const row = (...columns: readonly string[]): string => digestOf(`ROW(${columns.join(', ')})::text`);

/** True for a schema whose name is in `column` and that belongs to users. */
export const userSchema = (column: string): string =>
  `${column} NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND ${column} !~ '^pg_(toast_)?temp_'`;

/** True unless an extension owns the object; the extension's version stands for all its members. */
export const notMember = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/**
 * Grants in a fixed order; an absent list is the default one, as after GRANT and REVOKE. Most lists have one entry,
 * and sorting that in a query of its own would take a tenth of the whole fingerprint.
 */
export const grants = (acl: string, kind: string, owner: string): string => {
  const list = `coalesce(${acl}, acldefault('${kind}', ${owner}))`;
  return `CASE WHEN cardinality(${list}) = 1 THEN (${list})[1]::text
    ELSE (SELECT coalesce(string_agg(g::text, ',' ORDER BY g::text COLLATE "C"), '') FROM unnest(${list}) g) END`;
};

/** A text[] such as `reloptions` in a fixed order; empty when absent. */
export const sorted = (list: string): string =>
  `CASE WHEN ${list} IS NULL THEN '' ELSE (SELECT coalesce(string_agg(o, ',' ORDER BY o COLLATE "C"), '') FROM unnest(${list}) o) END`;

export const owner = (oid: string): string => `pg_get_userbyid(${oid})`;

/** A catalog row as jsonb without the columns that hold OIDs; it knows the columns of every server version. */
export const rest = (alias: string, ...without: readonly string[]): string =>
  `to_jsonb(${alias}) - ARRAY[${['oid', ...without].map((name) => `'${name}'`).join(', ')}]`;

export const named = (kind: string, ...parts: readonly string[]): string =>
  `'${kind} ' || format('${parts.map(() => '%I').join('.')}', ${parts.join(', ')}) AS object`;
