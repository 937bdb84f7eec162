/** Which Prisma CLI is asking, because the native engine changed its habits between versions. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** @typedef {'whole-file' | 'statement-by-statement'} Mode */

/**
 * @typedef {object} Habits
 * @property {Mode} mode how a multi-statement file is sent; 7.4.0 changed it
 * @property {boolean} hidesAddress error texts without host and port, since 6.7.0
 * @property {boolean} gracefulShutdown signals wait for the running request, since 6.10.0
 * @property {boolean} rolledBackIsPending `migrate status`, since 7.9.0
 */

/**
 * The version of the `prisma` package the project resolves; the engine is started in the project's folder or below.
 * @param {boolean} newest what to assume when there is no such package
 * @returns {Habits}
 */
export function habits(newest) {
  const version = installedVersion() ?? (newest ? [7, 10] : [6, 19]);
  const since = (/** @type {number} */ major, /** @type {number} */ minor) =>
    version[0] > major || (version[0] === major && version[1] >= minor);
  return {
    mode: forcedMode() ?? (since(7, 4) ? 'statement-by-statement' : 'whole-file'),
    hidesAddress: since(6, 7),
    gracefulShutdown: since(6, 10),
    rolledBackIsPending: since(7, 9),
  };
}

/** @returns {Mode | undefined} */
function forcedMode() {
  const mode = process.env.LAB_ENGINE_MODE;
  if (mode === undefined || mode === '') return undefined;
  if (mode === 'whole-file' || mode === 'statement-by-statement') return mode;
  throw new Error(`LAB_ENGINE_MODE is ${mode}. It must be whole-file or statement-by-statement.`);
}

/** @returns {readonly [number, number] | undefined} */
function installedVersion() {
  try {
    const path = createRequire(join(process.cwd(), 'engine.js')).resolve('prisma/package.json');
    const [major, minor] = String(JSON.parse(readFileSync(path, 'utf8')).version)
      .split('.')
      .map(Number);
    return major === undefined || minor === undefined ? undefined : [major, minor];
  } catch {
    return undefined;
  }
}
