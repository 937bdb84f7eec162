/** The seam between the engine's commands and the two families of databases; each family is a folder of its own. */

/** @typedef {import('./errors.mjs').EngineError} EngineError */

/**
 * How the table of the history is written and read in this dialect.
 * @typedef {object} HistoryDialect
 * @property {string} create the CREATE TABLE
 * @property {string} started expression: `started_at` in UTC as text with microseconds
 * @property {(name: string) => string} quote an identifier
 * @property {(position: number) => string} mark of a parameter, counted from 1
 * @property {(time: Date) => string} time as the text of a parameter
 */

/**
 * One session; all its queries throw an EngineError unless they say otherwise.
 * @typedef {object} Session
 * @property {HistoryDialect} history
 * @property {(sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>} query
 * @property {() => Promise<void>} lock waits for the advisory lock of Prisma's deploys
 * @property {(schemas: readonly string[]) => Promise<readonly string[]>} tables that make a database "not empty", and the history
 * @property {(name: string, script: string, mode: import('./cli-version.mjs').Mode) => Promise<EngineError | undefined>} run a
 *   migration's script; the failure is the answer
 * @property {() => Promise<string>} version
 * @property {() => Promise<void>} close
 */

/**
 * Everything takes the connection URL, and whether error texts hide the server's address; everything throws EngineErrors.
 * @typedef {object} Database
 * @property {((context: import('./engine-context.mjs').Context) => object) | undefined} adapter a driver adapter for the
 *   WebAssembly build that compares schemas; absent where that build does not know the family
 * @property {(url: string, hidesAddress: boolean) => Promise<void>} probe
 * @property {(url: string, hidesAddress: boolean) => Promise<Session>} open a session in which the commands can begin
 * @property {(url: string, hidesAddress: boolean) => Promise<string>} create the URL's database; answers its name
 * @property {(url: string, hidesAddress: boolean) => Promise<void>} drop
 */

/**
 * The drivers are loaded on demand: an engine process is short, and it needs one of them.
 * @param {string} word the provider, or the scheme of a URL
 * @returns {Promise<Database>}
 */
export async function databaseOf(word) {
  return word === 'mysql'
    ? (await import('./mysql/database.mjs')).mysql
    : (await import('./postgres/database.mjs')).postgres;
}
