/** What one process of the engine knows: whom it serves, which database, and its single session. */
import { readFileSync } from 'node:fs';
import { habits } from './cli-version.mjs';
import { databaseOf } from './database.mjs';
import { readDatasource } from './datasource.mjs';

/** @typedef {import('./database.mjs').Session} Session */

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

  /** Without a look at the URL, which some diffs do not need. */
  schemas() {
    return this.#arguments.datamodels.map((file) => readFileSync(file, 'utf8'));
  }

  /**
   * For `diff` the CLI of 5 and 6 names the schema in the request and not in argv.
   * @param {readonly string[]} datamodels
   */
  lookIn(datamodels) {
    this.#arguments = { ...this.#arguments, datamodels };
  }

  /** The one session of the run. */
  session() {
    this.#session ??= this.#open();
    return this.#session;
  }

  async #open() {
    const { provider, url } = this.datasource();
    const database = await databaseOf(provider);
    return await database.open(url, this.#habits.hidesAddress);
  }

  async close() {
    await this.#session?.then((session) => session.close()).catch(() => undefined);
  }
}
