import type { ForeignTables } from '../../../domain/checkup.ts';
import type { Link } from '../link.ts';

/**
 * ALTER TABLE wants the owner, or a role that has the owner's rights (`USAGE` of pg_has_role; membership alone is not
 * enough with NOINHERIT). Tables that belong to an extension are not the migrations' business.
 */
const FOREIGN = `
WITH foreign_tables AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() AND NOT pg_has_role(c.relowner, 'USAGE')
     AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT json_build_object('count', count(*),
         'names', coalesce((SELECT json_agg(f.name) FROM (SELECT name FROM foreign_tables ORDER BY name LIMIT 20) f), '[]'),
         'owners', coalesce((SELECT json_agg(DISTINCT owner) FROM foreign_tables), '[]'))::text AS answer
  FROM foreign_tables`;

export async function readForeignTables(link: Link): Promise<ForeignTables> {
  const [row] = await link.rows(FOREIGN, [], { purpose: 'read who owns the tables' });
  return JSON.parse(row?.answer ?? '{"count":0,"names":[],"owners":[]}') as ForeignTables;
}
