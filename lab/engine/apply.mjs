/**
 * `applyMigrations`, written on the wire protocol and not on the WebAssembly build of the engine: that build hands scripts to
 * a driver adapter, which loses the SQLSTATE, pools sessions and splits differently. Order of effects: prisma-engines,
 * schema-engine/commands/src/commands/apply_migrations.rs.
 */
import {
  APPLY_SPAN,
  EngineError,
  failedRows,
  migrationSpans,
  schemaNotEmpty,
  scriptSpans,
} from './errors.mjs';
import { checkProvider, folderOf, scriptOf } from './folder.mjs';
import { createTable, insertStarted, isFailed, listRows, markFinished, writeLogs } from './history.mjs';
import { acquireLock } from './lock.mjs';

/** @typedef {import('./database.mjs').Session} Session */
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
  const failure = await session.run(directory.path, script, context.mode);
  if (failure === undefined) {
    await markFinished(session, id);
    return;
  }
  // In an aborted transaction this UPDATE fails in turn, and its code-less error hides the real one.
  await writeLogs(session, id, failure.withTrace(scriptSpans(directory.path)));
  throw failure;
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

/**
 * @param {Context} context
 * @param {Session} session
 * @param {readonly string[]} external
 */
async function initialize(context, session, external) {
  const names = await session.tables(context.datasource().schemas);
  if (names.includes('_prisma_migrations')) return;
  const ignored = (/** @type {string} */ name) =>
    external.some((table) => table === name || table.endsWith(`.${name}`));
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
