/**
 * `applyMigrations`, written on the wire protocol and not on the WebAssembly build of the engine: that build hands scripts to
 * a driver adapter, which loses the SQLSTATE, pools sessions and splits differently. Order of effects: prisma-engines,
 * schema-engine/commands/src/commands/apply_migrations.rs.
 */
import { describeDatabaseError } from './database-error.mjs';
import {
  APPLY_SPAN,
  EngineError,
  failedRows,
  migrationSpans,
  schemaNotEmpty,
  scriptFailed,
  scriptSpans,
} from './errors.mjs';
import { checkProvider, folderOf, scriptOf } from './folder.mjs';
import { createTable, insertStarted, isFailed, listRows, markFinished, writeLogs } from './history.mjs';
import { acquireLock } from './lock.mjs';
import { statementsOf } from './split.mjs';

/** @typedef {import('./session.mjs').Session} Session */
/** @typedef {import('./folder.mjs').FolderInput & { readonly filters?: { readonly externalTables?: readonly string[] } }} ApplyInput */
/** @typedef {import('./engine-context.mjs').Context} Context */

/**
 * @param {Context} context
 * @param {ApplyInput} input
 */
export async function applyMigrations(context, input) {
  const folder = folderOf(input);
  const { provider } = context.datasource();
  checkProvider(folder, provider);
  const session = await context.session();
  const rows = await traced([APPLY_SPAN], async () => {
    await acquireLock(session);
    await initialize(context, session, input.filters?.externalTables ?? []);
    return (await listRows(session)) ?? [];
  });
  refuseFailedRows(rows);
  const taken = new Set(rows.filter((row) => !row.rolledBack).map((row) => row.name));
  const applied = [];
  for (const directory of folder.migrationDirectories.filter(({ path }) => !taken.has(path))) {
    await traced(migrationSpans(directory.path), () => applyOne(context, session, directory));
    applied.push(directory.path);
  }
  return { appliedMigrationNames: applied };
}

/**
 * @param {Context} context
 * @param {Session} session
 * @param {import('./folder.mjs').Directory} directory
 */
async function applyOne(context, session, directory) {
  const script = scriptOf(directory);
  const id = await insertStarted(session, directory.path, script);
  await context.print(`Applying migration \`${directory.path}\``);
  const failure = await run(context.mode, session, directory.path, script);
  if (failure === undefined) {
    await markFinished(session, id);
    return;
  }
  // In an aborted transaction this UPDATE fails in turn, and its code-less error hides the real one.
  await writeLogs(session, id, failure.withTrace(scriptSpans(directory.path)));
  throw failure;
}

/**
 * @param {import('./cli-version.mjs').Mode} mode
 * @param {Session} session
 * @param {string} name
 * @param {string} script
 * @returns {Promise<EngineError | undefined>}
 */
async function run(mode, session, name, script) {
  // The native driver refuses a NUL byte before anything is sent.
  if (script.includes('\0')) return scriptFailed(name, 'none', 'error encoding message to server');
  const pieces = mode === 'whole-file' ? [script] : await statementsOf(script);
  for (const piece of pieces) {
    try {
      await session.script(piece);
    } catch (error) {
      return scriptError(name, piece, error);
    }
  }
  return undefined;
}

/**
 * @param {string} name
 * @param {string} piece
 * @param {unknown} error
 */
function scriptError(name, piece, error) {
  const cause = /** @type {import('pg').DatabaseError} */ (error);
  if (cause.severity === undefined) return scriptFailed(name, 'none', 'connection closed');
  return scriptFailed(name, cause.code ?? 'none', describeDatabaseError(cause, piece));
}

/** @param {readonly import('./history.mjs').Row[]} rows */
function refuseFailedRows(rows) {
  const failed = rows.filter(isFailed);
  if (failed.length === 0) return;
  // The engine loads the rows without their logs, so the reason is never part of this text.
  throw failedRows(
    failed.map((row) => `The \`${row.name}\` migration started at ${row.startedAt} failed\n`).join(''),
  );
}

const POSTGIS = new Set([
  'spatial_ref_sys',
  'geography_columns',
  'geometry_columns',
  'raster_columns',
  'raster_overviews',
]);

/**
 * @param {Context} context
 * @param {Session} session
 * @param {readonly string[]} external
 */
async function initialize(context, session, external) {
  const schemas = [...context.datasource().schemas, context.target().schema ?? 'public'];
  const sql = `SELECT tbl.relname AS name FROM pg_class AS tbl
    INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace
    WHERE tbl.relkind = 'r' AND namespace.nspname = ANY ($1)`;
  const names = (await session.query(sql, [schemas])).map((row) => String(row.name));
  if (names.includes('_prisma_migrations')) return;
  const ignored = (/** @type {string} */ name) =>
    POSTGIS.has(name.toLowerCase()) || external.some((table) => table === name || table.endsWith(`.${name}`));
  if (names.some((name) => !ignored(name))) throw schemaNotEmpty();
  await createTable(session);
}

/**
 * Code-less errors are printed with their span trace.
 * @template T
 * @param {readonly import('./errors.mjs').Span[]} spans
 * @param {() => Promise<T>} action
 */
async function traced(spans, action) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof EngineError && error.code === undefined) {
      throw new EngineError(undefined, error.withTrace(spans));
    }
    throw error;
  }
}
