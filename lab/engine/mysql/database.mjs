/** MySQL and MariaDB behind the seam of `../database.mjs`. */
import { EngineError } from '../errors.mjs';
import { readUrl } from './connection-url.mjs';
import { openSession } from './session.mjs';

/** @type {import('../database.mjs').Database} */
export const mysql = {
  adapter: undefined,

  probe: async (url, hidesAddress) => await (await open(url, hidesAddress)).close(),

  open,

  /** Connects to the system database, so a user of one database alone is refused with P1010. */
  create: async (url, hidesAddress) => {
    const target = readUrl(url);
    const session = await openSession({ ...target, database: 'mysql' }, hidesAddress);
    const sql = `CREATE DATABASE \`${target.database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`;
    await session.command(sql).finally(() => session.close());
    return target.database;
  },

  drop: async (url, hidesAddress) => {
    const target = readUrl(url);
    const session = await openSession(target, hidesAddress);
    await session.command(`DROP DATABASE \`${target.database}\``).finally(() => session.close());
  },
};

/**
 * @param {string} url
 * @param {boolean} hidesAddress
 */
async function open(url, hidesAddress) {
  const target = readUrl(url);
  const session = await openSession(target, hidesAddress);
  if (!/^(mysql|information_schema|performance_schema|sys)$/i.test(target.database)) return session;
  await session.close();
  const advice = 'it should not be altered with prisma migrate. Please connect to another database.';
  throw new EngineError('P3004', `The \`${target.database}\` database is a system database, ${advice}`, {
    database_name: target.database,
  });
}
