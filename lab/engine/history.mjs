/** The table `_prisma_migrations`, always under its unqualified name, as the native engine reads and writes it. */
import { createHash, randomUUID } from 'node:crypto';
import { EngineError } from './errors.mjs';

/** @typedef {import('./database.mjs').Session} Session */

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {string} checksum
 * @property {string} startedAt as chrono prints it
 * @property {boolean} finished
 * @property {boolean} rolledBack
 */

const TABLE = '_prisma_migrations';

/** @param {Session} session */
export async function createTable(session) {
  await session.query(session.history.create);
}

/**
 * @param {Session} session
 * @returns {Promise<readonly Row[] | undefined>} absent when there is no such table
 */
export async function listRows(session) {
  const select = `SELECT id, migration_name AS name, checksum, ${session.history.started} AS started,
      finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back
    FROM ${TABLE} ORDER BY started_at ASC`;
  try {
    const rows = await session.query(select);
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      checksum: String(row.checksum),
      startedAt: `${String(row.started).replace(/(\.000)?000$/, '')} UTC`,
      // A boolean on PostgreSQL, a number on MySQL.
      finished: Number(row.finished) === 1,
      rolledBack: Number(row.rolled_back) === 1,
    }));
  } catch (error) {
    if (error instanceof EngineError && error.code === 'P1014') return undefined;
    throw error;
  }
}

/** @param {Row} row */
export function isFailed(row) {
  return !row.finished && !row.rolledBack;
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {string} script
 * @returns {Promise<string>} the id of the new row
 */
export async function insertStarted(session, name, script) {
  const id = randomUUID();
  await insert(session, {
    id,
    checksum: checksum(script),
    started_at: now(session),
    migration_name: name,
  });
  return id;
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {string} script
 */
export async function insertApplied(session, name, script) {
  const at = now(session);
  await insert(session, {
    id: randomUUID(),
    checksum: checksum(script),
    logs: '',
    started_at: at,
    finished_at: at,
    migration_name: name,
  });
}

/**
 * @param {Session} session
 * @param {string} id
 */
export async function markFinished(session, id) {
  const { quote, mark } = session.history;
  const steps = quote('applied_steps_count');
  const step = `UPDATE ${quote(TABLE)} SET ${steps} = (${steps} + 1) WHERE ${quote('id')} = ${mark(1)}`;
  await session.query(step, [id]);
  await update(session, id, 'finished_at', now(session));
}

/**
 * @param {Session} session
 * @param {string} id
 * @param {string} logs
 */
export async function writeLogs(session, id, logs) {
  await update(session, id, 'logs', logs);
}

/**
 * @param {Session} session
 * @param {string} id
 */
export async function markRolledBack(session, id) {
  await update(session, id, 'rolled_back_at', now(session));
}

/**
 * @param {Session} session
 * @param {Readonly<Record<string, string>>} row
 */
async function insert(session, row) {
  const { quote, mark } = session.history;
  const columns = Object.keys(row);
  const marks = columns.map((_, index) => mark(index + 1));
  const sql = `INSERT INTO ${quote(TABLE)} (${columns.map(quote).join(',')}) VALUES (${marks.join(',')})`;
  await session.query(sql, Object.values(row));
}

/**
 * @param {Session} session
 * @param {string} id
 * @param {string} column
 * @param {string} value
 */
async function update(session, id, column, value) {
  const { quote, mark } = session.history;
  const sql = `UPDATE ${quote(TABLE)} SET ${quote(column)} = ${mark(1)} WHERE ${quote('id')} = ${mark(2)}`;
  await session.query(sql, [value, id]);
}

/**
 * @param {string} script
 * @param {string} recorded
 */
export function matchesChecksum(script, recorded) {
  const unix = script.replaceAll('\r\n', '\n');
  return [script, unix, unix.replaceAll('\n', '\r\n')].some((text) => checksum(text) === recorded);
}

/** @param {string} script */
function checksum(script) {
  return createHash('sha256').update(script).digest('hex');
}

/**
 * The client's clock in UTC, as text: the drivers would send a Date in the local zone.
 * @param {Session} session
 */
function now(session) {
  return session.history.time(new Date());
}
