import { type Check, type ForeignTables, failing, passed, skipped } from '../../domain/checkup.ts';
import type { DatabaseFacts } from '../../domain/facts.ts';
import { problem } from '../../domain/problem.ts';
import type { DoctorRules, Look } from './look.ts';

export function rights(rules: DoctorRules, database: DatabaseFacts | undefined): Check {
  if (database === undefined) return skipped('database-rights', 'needs-connection');
  const { user, schema, historyTable, canCreateInSchema, dialect } = database;
  // MySQL has no schemas within a database.
  const place = `${dialect === 'mysql' ? 'database' : 'schema'} ${schema ?? ''}`;
  const refused = rules.databaseRefusals(database).filter(({ code }) => code !== 'history-missing-baseline');
  if (refused.length > 0) return failing('database-rights', refused);
  if (schema === null || canCreateInSchema)
    return passed('database-rights', { user, place: schema === null ? undefined : place });
  const lacking = problem('database-rights', `${user} may not create tables in ${place}`, {
    user,
    dialect,
    schema,
    right: 'CREATE',
    historyTable: historyTable ?? undefined,
  });
  return failing('database-rights', [lacking]);
}

/** ALTER TABLE is for the owner alone: CREATE on the schema does not help with a table of somebody else. */
export function ownership(
  database: DatabaseFacts | undefined,
  foreign: Look<ForeignTables> | undefined,
): Check {
  if (database === undefined || foreign === undefined) return skipped('table-ownership', 'needs-connection');
  // MySQL knows no owners: what a user may alter is a matter of grants.
  if (database.dialect === 'mysql') return skipped('table-ownership', 'cannot-be-told');
  if (foreign.value === undefined) return failing('table-ownership', foreign.problems);
  const { count, names, owners } = foreign.value;
  const facts = { user: database.user, schema: database.schema ?? undefined, tables: database.tables, count };
  if (count === 0) return passed('table-ownership', facts);
  return failing('table-ownership', [], {
    ...facts,
    names: names.join(', '),
    owners: owners.slice(0, 5).join(' | '),
  });
}
