/** The table `_prisma_migrations`, always under its unqualified name, as the native engine reads and writes it. */
import { createHash, randomUUID } from 'node:crypto';
import { EngineError } from './errors.mjs';

/** @typedef {import('./session.mjs').Session} Session */

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {string} checksum
 * @property {string} startedAt as chrono prints it
 * @property {boolean} finished
 * @property {boolean} rolledBack
 */

const CREATE = `CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`;

const SELECT = `SELECT id, migration_name AS name, checksum,
    to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS started,
    finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back
  FROM _prisma_migrations ORDER BY started_at ASC`;

/** @param {Session} session */
export async function createTable(session) {
  await session.query(CREATE);
}

/**
 * @param {Session} session
 * @returns {Promise<readonly Row[] | undefined>} absent when there is no such table
 */
export async function listRows(session) {
  try {
    const rows = await session.query(SELECT);
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      checksum: String(row.checksum),
      startedAt: `${String(row.started).replace(/(\.000)?000$/, '')} UTC`,
      finished: row.finished === true,
      rolledBack: row.rolled_back === true,
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
  const sql =
    'INSERT INTO "_prisma_migrations" ("id","checksum","started_at","migration_name") VALUES ($1,$2,$3,$4)';
  await session.query(sql, [id, checksum(script), now(), name]);
  return id;
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {string} script
 */
export async function insertApplied(session, name, script) {
  const sql =
    'INSERT INTO "_prisma_migrations" ("id","checksum","logs","started_at","finished_at","migration_name") VALUES ($1,$2,$3,$4,$5,$6)';
  const at = now();
  await session.query(sql, [randomUUID(), checksum(script), '', at, at, name]);
}

/**
 * @param {Session} session
 * @param {string} id
 */
export async function markFinished(session, id) {
  const step =
    'UPDATE "_prisma_migrations" SET "applied_steps_count" = ("applied_steps_count" + 1) WHERE "id" = $1';
  await session.query(step, [id]);
  await session.query('UPDATE "_prisma_migrations" SET "finished_at" = $1 WHERE "id" = $2', [now(), id]);
}

/**
 * @param {Session} session
 * @param {string} id
 * @param {string} logs
 */
export async function writeLogs(session, id, logs) {
  await session.query('UPDATE "_prisma_migrations" SET "logs" = $1 WHERE "id" = $2', [logs, id]);
}

/**
 * @param {Session} session
 * @param {string} id
 */
export async function markRolledBack(session, id) {
  await session.query('UPDATE "_prisma_migrations" SET "rolled_back_at" = $1 WHERE "id" = $2', [now(), id]);
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

/** The client's clock in UTC, as text: `pg` would send a Date in the local zone. */
function now() {
  return new Date().toISOString();
}
