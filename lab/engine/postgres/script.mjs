/** A migration's script on PostgreSQL: whole, or statement by statement. */
import { scriptFailed } from '../errors.mjs';
import { describeDatabaseError } from './database-error.mjs';
import { statementsOf } from './split.mjs';

/**
 * @param {import('./session.mjs').Session} session
 * @param {string} name
 * @param {string} script
 * @param {import('../cli-version.mjs').Mode} mode
 * @returns {Promise<import('../errors.mjs').EngineError | undefined>}
 */
export async function runScript(session, name, script, mode) {
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
