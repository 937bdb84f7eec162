/** The advisory lock that keeps two deploys apart. Nobody unlocks it: it ends with the session. */

/** @param {import('./database.mjs').Session} session */
export async function acquireLock(session) {
  const disabled = process.env.PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK ?? '';
  if (disabled !== '' && disabled !== '0') return;
  await session.lock();
}
