/** The one-shot commands: `cli can-connect-to-database`, `cli create-database`, `cli drop-database`. */

import { habits } from './cli-version.mjs';
import { fromDatabase } from './connection-errors.mjs';
import { readUrl } from './connection-url.mjs';
import { EngineError } from './errors.mjs';
import { openSession } from './session.mjs';

/**
 * @param {string} command
 * @param {string} url
 * @param {boolean} newest the CLI spoke the dialect of version 7
 * @returns {Promise<number>} exit code; the reason of a failure is a JSON line on stderr
 */
export async function probe(command, url, newest) {
  // The CLI throws the first line of stderr away and parses the rest.
  log('INFO', 'Starting schema engine CLI');
  try {
    const { hidesAddress } = habits(newest);
    log('INFO', await run(command, url, hidesAddress));
    return 0;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    const code =
      failure instanceof EngineError && failure.code !== undefined ? { error_code: failure.code } : {};
    log('ERROR', failure.message, { is_panic: false, ...code });
    return 1;
  }
}

/**
 * @param {string} command
 * @param {string} url
 * @param {boolean} hidesAddress
 */
async function run(command, url, hidesAddress) {
  const target = readUrl(url);
  const quoted = `"${target.database.replaceAll('"', '""')}"`;
  switch (command) {
    case 'can-connect-to-database':
      await (await openSession(target, hidesAddress)).close();
      return 'Connection successful';
    case 'create-database':
      await asAdmin(target, hidesAddress, `CREATE DATABASE ${quoted}`);
      await createSchema(target, hidesAddress);
      return `Database '${target.database}' was successfully created.`;
    case 'drop-database':
      await asAdmin(target, hidesAddress, `DROP DATABASE ${quoted}`);
      return 'Database successfully dropped.';
    default:
      throw new EngineError(undefined, `unknown command ${command}`);
  }
}

/**
 * @param {import('./connection-url.mjs').Target} target
 * @param {boolean} hidesAddress
 */
async function createSchema(target, hidesAddress) {
  const session = await openSession(target, hidesAddress);
  await session.query(`CREATE SCHEMA IF NOT EXISTS "${target.schema ?? 'public'}"`);
  await session.close();
}

/**
 * Tries the databases the native engine tries, until one lets it in.
 * @param {import('./connection-url.mjs').Target} target
 * @param {boolean} hidesAddress
 * @param {string} sql
 */
async function asAdmin(target, hidesAddress, sql) {
  for (const database of ['postgres', 'template1', 'defaultdb']) {
    try {
      const session = await openSession({ ...target, database, schema: undefined }, hidesAddress);
      await session.query(sql).finally(() => session.close());
      return;
    } catch (error) {
      const { code } = fromDatabase(error, { ...target, hidesAddress });
      if (code !== 'P1003' && code !== 'P1010') throw error;
    }
  }
  throw new EngineError(
    'P3000',
    'Failed to create database: Prisma could not connect to a default database (`postgres` or `template1`), it cannot create the specified database.',
  );
}

/**
 * @param {'INFO' | 'ERROR'} level
 * @param {string} message
 * @param {Readonly<Record<string, unknown>>} [fields]
 */
export function log(level, message, fields = {}) {
  const line = {
    timestamp: new Date().toISOString(),
    level,
    fields: { message, ...fields },
    target: 'schema_engine::logger',
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
