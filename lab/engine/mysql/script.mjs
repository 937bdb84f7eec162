/** A migration's script on MySQL: the whole file as one multi-statement COM_QUERY, in every version of Prisma. */
import { scriptFailed } from '../errors.mjs';
import { asDriverError, isFromServer } from './connection-errors.mjs';

/**
 * @param {import('./session.mjs').Session} session
 * @param {string} name
 * @param {string} script
 * @returns {Promise<import('../errors.mjs').EngineError | undefined>}
 */
export async function runScript(session, name, script) {
  const failure = await session.sendWhole(script);
  if (failure === undefined) return undefined;
  const error = asDriverError(failure.cause);
  if (!isFromServer(error)) {
    return scriptFailed(name, 'none', 'Input/output error: Input/output error: connection closed');
  }
  const position = `Please check the query number ${failure.answered + 1} from the migration file.`;
  return scriptFailed(name, String(error.errno), `${error.message}\n\n${position}`);
}
