/** The lock of one database. The engine gives up after ten seconds. */
import { lockTimedOut } from './connection-errors.mjs';

const TIMEOUT_MS = 10_000;

/** @param {import('./session.mjs').Session} session */
export async function waitForLock(session) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const expired = new Promise((_, reject) => {
    // The wait is the client's; the server goes on waiting until the session closes.
    timer = setTimeout(() => reject(lockTimedOut(session.where, TIMEOUT_MS)), TIMEOUT_MS);
  });
  const granted = session.query('SELECT pg_advisory_lock(72707369)');
  granted.catch(() => undefined);
  try {
    await Promise.race([granted, expired]);
  } finally {
    clearTimeout(timer);
  }
}
