/** The commands behind `migrate resolve` and `migrate status`. */
import {
  APPLY_SPAN,
  alreadyApplied,
  EngineError,
  migrationUnknown,
  neverApplied,
  notFailed,
} from './errors.mjs';
import { checkProvider, folderOf, namesIn, scriptOf } from './folder.mjs';
import {
  createTable,
  insertApplied,
  isFailed,
  listRows,
  markRolledBack,
  matchesChecksum,
} from './history.mjs';
import { acquireLock } from './lock.mjs';

/** @typedef {import('./engine-context.mjs').Context} Context */
/** @typedef {import('./folder.mjs').FolderInput} FolderInput */

/**
 * @param {Context} context
 * @param {FolderInput & { readonly migrationName: string }} input
 */
export async function markMigrationApplied(context, input) {
  const folder = folderOf(input);
  checkProvider(folder, context.datasource().provider);
  const session = await context.session();
  await acquireLock(session);
  const directory = folder.migrationDirectories.find(({ path }) => path === input.migrationName);
  if (directory?.migrationFile.content.tag !== 'ok') throw migrationUnknown(input.migrationName);
  const found = await listRows(session);
  if (found === undefined) await createTable(session);
  const rows = (found ?? []).filter((row) => row.name === input.migrationName);
  if (rows.some((row) => row.finished)) throw alreadyApplied(input.migrationName);
  for (const row of rows.filter(isFailed)) await markRolledBack(session, row.id);
  await insertApplied(session, input.migrationName, scriptOf(directory));
  return {};
}

/**
 * @param {Context} context
 * @param {{ readonly migrationName: string }} input
 */
export async function markMigrationRolledBack(context, input) {
  const session = await context.session();
  await acquireLock(session);
  const found = await listRows(session);
  if (found === undefined) {
    const message =
      'Invariant violation: called markMigrationRolledBack on a database without migrations table.';
    const span = { ...APPLY_SPAN, name: 'schema_core::state::MarkMigrationRolledBack' };
    throw new EngineError(undefined, new EngineError(undefined, message).withTrace([span]));
  }
  const rows = found.filter((row) => row.name === input.migrationName);
  if (rows.length === 0) throw neverApplied(input.migrationName);
  if (rows.every((row) => row.finished)) throw notFailed(input.migrationName);
  for (const row of rows.filter(isFailed)) await markRolledBack(session, row.id);
  return {};
}

/** @param {{ readonly migrationsDirectoryPath: string }} input */
export function listMigrationDirectories(input) {
  return { migrations: namesIn(input.migrationsDirectoryPath) };
}

/**
 * @param {Context} context
 * @param {FolderInput} input
 */
export async function diagnoseMigrationHistory(context, input) {
  const folder = folderOf(input);
  checkProvider(folder, context.datasource().provider);
  const session = await context.session();
  const found = await listRows(session);
  const rows = found ?? [];
  const directories = folder.migrationDirectories;
  const counts = (/** @type {import('./history.mjs').Row} */ row) =>
    !(context.habits.rolledBackIsPending && row.rolledBack);
  const rowOf = (/** @type {string} */ path) => rows.find((row) => row.name === path && counts(row));
  const edited = directories.filter((directory) => {
    const row = rowOf(directory.path);
    return row !== undefined && !matchesChecksum(scriptOf(directory), row.checksum);
  });
  const names = new Set(directories.map(({ path }) => path));
  return {
    history: historyOf(
      directories.map(({ path }) => path),
      directories.filter(({ path }) => rowOf(path) === undefined).map(({ path }) => path),
      rows.filter((row) => !names.has(row.name)).map((row) => row.name),
    ),
    failedMigrationNames: rows.filter(isFailed).map((row) => row.name),
    editedMigrationNames: edited.map(({ path }) => path),
    hasMigrationsTable: found !== undefined,
  };
}

/**
 * @param {readonly string[]} all
 * @param {readonly string[]} unapplied in the folder, not in the table
 * @param {readonly string[]} unpersisted in the table, not in the folder
 */
function historyOf(all, unapplied, unpersisted) {
  if (unapplied.length === 0 && unpersisted.length === 0) return null;
  if (unpersisted.length === 0) return { diagnostic: 'databaseIsBehind', unappliedMigrationNames: unapplied };
  if (unapplied.length === 0)
    return { diagnostic: 'migrationsDirectoryIsBehind', unpersistedMigrationNames: unpersisted };
  return {
    diagnostic: 'historiesDiverge',
    lastCommonMigrationName: all[all.indexOf(unapplied[0] ?? '') - 1] ?? null,
    unpersistedMigrationNames: unpersisted,
    unappliedMigrationNames: unapplied,
  };
}

/** @param {Context} context */
export async function getDatabaseVersion(context) {
  return await (await context.session()).version();
}
