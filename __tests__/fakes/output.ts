/** What Prisma prints, word for word (prisma 7.9, prisma-engines `libs/user-facing-errors`). */

export const opening = (found: number): readonly string[] => [
  'Prisma schema loaded from prisma/schema.prisma.',
  'Datasource "db": PostgreSQL database "shop", schema "public" at "db.example:5432"',
  '',
  found === 0
    ? 'No migration found in prisma/migrations'
    : `${found} migration${found === 1 ? '' : 's'} found in prisma/migrations`,
  '',
];

export const NOTHING = ['', 'No pending migrations to apply.'];

export const applying = (name: string): string => `Applying migration \`${name}\``;

export const success = (names: readonly string[]): readonly string[] => [
  '',
  'The following migration(s) have been applied:',
  '',
  'migrations/',
  ...names.flatMap((name) => [`  └─ ${name}/`, '    └─ migration.sql']),
  '      ',
  'All migrations have been successfully applied.',
];

export interface ServerError {
  readonly code: string;
  readonly message: string;
  /** 1-based, in the text that was sent. */
  readonly position?: number;
}

export const p3018 = (name: string, { code, message, position }: ServerError): readonly string[] => [
  'Error: P3018',
  '',
  'A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve',
  '',
  `Migration name: ${name}`,
  '',
  `Database error code: ${code}`,
  '',
  'Database error:',
  `ERROR: ${message}`,
  '',
  ...(position === undefined
    ? []
    : ['Position:', '\u001b[1m  0\u001b[0m', '\u001b[1;31m  1 here\u001b[0m', '']),
  `DbError { severity: "ERROR", parsed_severity: Some(Error), code: SqlState(E${code}), message: ${JSON.stringify(message)}, detail: None, hint: None, position: ${position === undefined ? 'None' : `Some(Original(${position}))`}, where_: None, schema: None, table: None, column: None, datatype: None, constraint: None, file: Some("x.c"), line: Some(1), routine: Some("x") }`,
];

/** A file with its own BEGIN fails: the error of the history's UPDATE hides the first one (prisma#15295). */
export const hidden = (name: string): readonly string[] => [
  'Error: ERROR: current transaction is aborted, commands ignored until end of transaction block',
  '   0: schema_commands::commands::apply_migrations::Applying migration',
  `           with migration_name="${name}"`,
  '             at schema-engine/commands/src/commands/apply_migrations.rs:95',
  '   1: schema_core::state::ApplyMigrations',
  '             at schema-engine/core/src/state.rs:226',
];

export const CLOSED = ['Error: P1017', '', 'Server has closed the connection.'];
