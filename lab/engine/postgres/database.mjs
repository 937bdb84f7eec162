/** PostgreSQL behind the seam of `../database.mjs`. */
import { EngineError } from '../errors.mjs';
import { fromDatabase } from './connection-errors.mjs';
import { readUrl } from './connection-url.mjs';
import { wasmAdapter } from './diff-adapter.mjs';
import { openSession } from './session.mjs';

/** @typedef {import('./connection-url.mjs').Target} Target */

/** @type {import('../database.mjs').Database} */
export const postgres = {
  adapter: wasmAdapter,

  probe: async (url, hidesAddress) => await (await openSession(readUrl(url), hidesAddress)).close(),

  /** Creates the URL's schema when it is missing, as every command of the engine does. */
  open: async (url, hidesAddress) => {
    const session = await openSession(readUrl(url), hidesAddress);
    const found = await session.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [session.schema]);
    if (found.length === 0) await session.query(`CREATE SCHEMA "${session.schema}"`);
    return session;
  },

  create: async (url, hidesAddress) => {
    const target = readUrl(url);
    await asAdmin(target, hidesAddress, `CREATE DATABASE ${quoted(target.database)}`);
    const session = await openSession(target, hidesAddress);
    await session.query(`CREATE SCHEMA IF NOT EXISTS "${session.schema}"`);
    await session.close();
    return target.database;
  },

  drop: async (url, hidesAddress) => {
    const target = readUrl(url);
    await asAdmin(target, hidesAddress, `DROP DATABASE ${quoted(target.database)}`);
  },
};

/** @param {string} name */
function quoted(name) {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Tries the databases the native engine tries, until one lets it in.
 * @param {Target} target
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
