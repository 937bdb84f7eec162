/** The one-shot commands: `cli can-connect-to-database`, `cli create-database`, `cli drop-database`. */

import { habits } from './cli-version.mjs';
import { databaseOf } from './database.mjs';
import { EngineError } from './errors.mjs';

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
  const database = await databaseOf(url.slice(0, Math.max(url.indexOf(':'), 0)));
  switch (command) {
    case 'can-connect-to-database':
      await database.probe(url, hidesAddress);
      return 'Connection successful';
    case 'create-database':
      return `Database '${await database.create(url, hidesAddress)}' was successfully created.`;
    case 'drop-database':
      await database.drop(url, hidesAddress);
      return 'Database successfully dropped.';
    default:
      throw new EngineError(undefined, `unknown command ${command}`);
  }
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
