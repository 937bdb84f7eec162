import { HISTORY_TABLE, quoted } from './words.ts';

/** An object of the database whose definition the server can print. */
export interface DatabaseObject {
  /** As in the fingerprint: `table shop.users`. */
  readonly object: string;
  readonly show: string;
  /** What SHOW leaves out. */
  readonly also: string;
}

const row = (kind: string, name: string, also: string): string =>
  `SELECT ${kind} AS kind, ${name} AS name, ${also} AS also`;

/** The default collation of a column's names is not case-sensitive, so the order is made by the guard. */
export const OBJECTS = [
  `${row('TABLE_TYPE', 'TABLE_NAME', "''")} FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> '${HISTORY_TABLE}'`,
  // SHOW CREATE TRIGGER does not tell the order of two triggers of one event.
  `${row("'TRIGGER'", 'TRIGGER_NAME', 'ACTION_ORDER')} FROM information_schema.TRIGGERS
    WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE <> '${HISTORY_TABLE}'`,
  // Without the right to see a routine's body SHOW prints NULL; then at least a change shows.
  `${row('ROUTINE_TYPE', 'ROUTINE_NAME', "CASE WHEN ROUTINE_DEFINITION IS NULL THEN LAST_ALTERED ELSE '' END")}
     FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()`,
  `${row("'EVENT'", 'EVENT_NAME', "''")} FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`,
] as const;

/** `TABLE_TYPE` or `ROUTINE_TYPE` → the word after SHOW CREATE. */
const KINDS: Readonly<Record<string, string>> = {
  VIEW: 'VIEW',
  'SYSTEM VIEW': 'VIEW',
  SEQUENCE: 'SEQUENCE',
  TRIGGER: 'TRIGGER',
  EVENT: 'EVENT',
  PROCEDURE: 'PROCEDURE',
  FUNCTION: 'FUNCTION',
  PACKAGE: 'PACKAGE',
  'PACKAGE BODY': 'PACKAGE BODY',
};

export function objectOf(
  database: string,
  row: Readonly<Record<string, string | null | undefined>>,
): DatabaseObject {
  const kind = KINDS[row.kind ?? ''] ?? 'TABLE';
  const name = row.name ?? '';
  return {
    object: `${kind.toLowerCase()} ${database}.${name}`,
    show: `SHOW CREATE ${kind} ${quoted(name)}`,
    also: row.also ?? '',
  };
}

/** A pattern protects `_` and `%` by a backslash; one that covers several databases is no matter of this one. */
const ofDatabase = `(TABLE_SCHEMA = DATABASE() OR REPLACE(TABLE_SCHEMA, '\\\\', '') = DATABASE())`;

/** Rights on the database and its tables, as far as this account sees them: its own, or all. */
export const GRANTS = `
SELECT GRANTEE AS grantee, '' AS place, PRIVILEGE_TYPE AS right_to, IS_GRANTABLE AS grantable
  FROM information_schema.SCHEMA_PRIVILEGES WHERE ${ofDatabase}
UNION ALL
SELECT GRANTEE, TABLE_NAME, PRIVILEGE_TYPE, IS_GRANTABLE
  FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> '${HISTORY_TABLE}'
UNION ALL
SELECT GRANTEE, CONCAT(TABLE_NAME, '.', COLUMN_NAME), PRIVILEGE_TYPE, IS_GRANTABLE
  FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> '${HISTORY_TABLE}'`;
