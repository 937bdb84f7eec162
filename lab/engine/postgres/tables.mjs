/** Which tables count when the engine asks whether a database without a history is empty. */

const POSTGIS = new Set([
  'spatial_ref_sys',
  'geography_columns',
  'geometry_columns',
  'raster_columns',
  'raster_overviews',
]);

/**
 * @param {import('./session.mjs').Session} session
 * @param {readonly string[]} schemas
 */
export async function tableNames(session, schemas) {
  const sql = `SELECT tbl.relname AS name FROM pg_class AS tbl
    INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace
    WHERE tbl.relkind = 'r' AND namespace.nspname = ANY ($1)`;
  const names = (await session.query(sql, [schemas])).map((row) => String(row.name));
  return names.filter((name) => !POSTGIS.has(name.toLowerCase()));
}
