/**
 * The errors the native schema engine answers with, word for word where the words are part of its interface:
 * users, and the guard under test, read them. Texts: prisma-engines, libs/user-facing-errors (common, schema_engine).
 */

/** An answer of the engine that is not a result; `code` is a P-code, or absent for errors the engine has no name for. */
export class EngineError extends Error {
  /**
   * @param {string | undefined} code
   * @param {string} message
   * @param {Readonly<Record<string, unknown>>} [meta]
   */
  constructor(code, message, meta = {}) {
    super(message);
    this.code = code;
    this.meta = meta;
  }

  /**
   * What the engine writes into the `logs` column and prints for code-less errors: the message and its span trace.
   * @param {readonly Span[]} spans
   */
  withTrace(spans) {
    return spans.length === 0 ? this.message : `${this.message}\n${spanTrace(spans)}`;
  }
}

/** @typedef {{ readonly name: string, readonly at: string, readonly migration?: string }} Span */

/** @param {readonly Span[]} spans */
function spanTrace(spans) {
  const lines = spans.map((span, index) => {
    const field = span.migration === undefined ? '' : `\n           with migration_name="${span.migration}"`;
    return `   ${index}: ${span.name}${field}\n             at ${span.at}`;
  });
  return lines.join('\n');
}

/** @type {Span} */
export const APPLY_SPAN = {
  name: 'schema_core::state::ApplyMigrations',
  at: 'schema-engine/core/src/state.rs:260',
};

/**
 * @param {string} migration
 * @returns {readonly Span[]}
 */
export function migrationSpans(migration) {
  const name = 'schema_commands::commands::apply_migrations::Applying migration';
  return [{ name, at: 'schema-engine/commands/src/commands/apply_migrations.rs:95', migration }, APPLY_SPAN];
}

/**
 * @param {string} migration
 * @returns {readonly Span[]}
 */
export function scriptSpans(migration) {
  const at = 'schema-engine/connectors/sql-schema-connector/src/apply_migration.rs:113';
  return [
    { name: 'sql_schema_connector::apply_migration::apply_script', at, migration },
    ...migrationSpans(migration),
  ];
}

const RESOLVE =
  'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve';

/**
 * P3018, the failing script.
 * @param {string} migration
 * @param {string} databaseCode SQLSTATE, or `none` when the server said nothing
 * @param {string} databaseError
 */
export function scriptFailed(migration, databaseCode, databaseError) {
  const head = `A migration failed to apply. New migrations cannot be applied before the error is recovered from. ${RESOLVE}`;
  return new EngineError(
    'P3018',
    `${head}\n\nMigration name: ${migration}\n\nDatabase error code: ${databaseCode}\n\nDatabase error:\n${databaseError}\n`,
    { migration_name: migration, database_error_code: databaseCode, database_error: databaseError },
  );
}

/** @param {string} details one line per failed row */
export function failedRows(details) {
  const head = `migrate found failed migrations in the target database, new migrations will not be applied. ${RESOLVE}`;
  return new EngineError('P3009', `${head}\n${details}`, { details });
}

export function schemaNotEmpty() {
  const link = 'https://pris.ly/d/migrate-baseline';
  return new EngineError(
    'P3005',
    `The database schema is not empty. Read more about how to baseline an existing production database: ${link}`,
  );
}

/** @param {string} path */
export function fileMissing(path) {
  const advice = 'Please delete the directory or restore the migration file.';
  return new EngineError('P3015', `Could not find the migration file at ${path}. ${advice}`, {
    migration_file_path: path,
  });
}

/**
 * @param {string} provider of the Prisma schema
 * @param {string} expected of migration_lock.toml
 */
export function providerSwitched(provider, expected) {
  const advice =
    'Please remove your current migration directory and start a new migration history with prisma migrate dev. Read more: https://pris.ly/d/migrate-provider-switch';
  return new EngineError(
    'P3019',
    `The datasource provider \`${provider}\` specified in your schema does not match the one specified in the migration_lock.toml, \`${expected}\`. ${advice}`,
    { provider, expected_provider: expected },
  );
}

/** @param {string} migration */
export function alreadyApplied(migration) {
  const text = `The migration \`${migration}\` is already recorded as applied in the database.`;
  return new EngineError('P3008', text, { migration_name: migration });
}

/** @param {string} migration */
export function neverApplied(migration) {
  const hint =
    'Hint: did you pass in the whole migration name? (example: "20201207184859_initial_migration")';
  const text = `Migration \`${migration}\` cannot be rolled back because it was never applied to the database. ${hint}`;
  return new EngineError('P3011', text, { migration_name: migration });
}

/** @param {string} migration */
export function notFailed(migration) {
  const text = `Migration \`${migration}\` cannot be rolled back because it is not in a failed state.`;
  return new EngineError('P3012', text, { migration_name: migration });
}

/** @param {string} migration */
export function migrationUnknown(migration) {
  const hint =
    'Please make sure that the migration exists, and that you included the whole name of the directory.';
  const text = `The migration ${migration} could not be found. ${hint} (example: "20201207184859_initial_migration")`;
  return new EngineError('P3017', text, { migration_name: migration });
}
