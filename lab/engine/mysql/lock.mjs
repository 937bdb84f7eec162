/**
 * The lock of a whole server, whatever database a deploy is for. The server waits up to ten seconds for it, and then the
 * engine goes on without it: the answer of GET_LOCK, 1 or 0, is never looked at (prisma-engines, flavour/mysql.rs).
 */

/** @param {import('./session.mjs').Session} session */
export async function waitForLock(session) {
  // Their proxy ends a session that holds a lock for long, so the native engine takes none there.
  if (session.where.host.includes('.psdb.cloud')) return;
  await session.command("SELECT GET_LOCK('prisma_migrate', 10)");
}
