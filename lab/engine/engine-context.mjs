/** What one process of the engine knows: whom it serves, which database, and its single session. */
import { habits } from './cli-version.mjs';
import { readUrl } from './connection-url.mjs';
import { readDatasource } from './datasource.mjs';
import { openSession } from './session.mjs';

/** @typedef {import('./session.mjs').Session} Session */

export class Context {
  /** @type {(content: string) => Promise<void>} */
  print;
  #arguments;
  #habits;
  /** @type {Promise<Session> | undefined} */
  #session;

  /**
   * @param {import('./schema-engine.mjs').Arguments} given
   * @param {(content: string) => Promise<void>} print asks the CLI to print a line, and waits until it has
   */
  constructor(given, print) {
    this.#arguments = given;
    this.#habits = habits(given.datasource !== undefined);
    this.print = print;
  }

  get mode() {
    return this.#habits.mode;
  }

  get habits() {
    return this.#habits;
  }

  datasource() {
    return readDatasource(this.#arguments.datamodels, this.#arguments.datasource);
  }

  /**
   * For `diff` the CLI of 5 and 6 names the schema in the request and not in argv.
   * @param {readonly string[]} datamodels
   */
  lookIn(datamodels) {
    this.#arguments = { ...this.#arguments, datamodels };
  }

  target() {
    return readUrl(this.datasource().url);
  }

  /** The one session of the run; creates the URL's schema when it is missing, as every command of the engine does. */
  session() {
    this.#session ??= this.#open();
    return this.#session;
  }

  async #open() {
    const target = this.target();
    const session = await openSession(target, this.#habits.hidesAddress);
    const schema = target.schema ?? 'public';
    const found = await session.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (found.length === 0) await session.query(`CREATE SCHEMA "${schema}"`);
    return session;
  }

  async close() {
    await this.#session?.then((session) => session.close()).catch(() => undefined);
  }
}
