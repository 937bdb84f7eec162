import type { LockAttempt } from '../../ports/engine.ts';
import { backendOf } from './backend.ts';
import type { Link } from './link.ts';
import { SESSION_COLUMNS } from './ours.ts';
import type { Server } from './server.ts';

/** User-level locks are server-wide and their names end at 64 characters, so the database goes in as a hash. */
const NAME = `CONCAT('guarded-migrate/', LEFT(SHA2(DATABASE(), 256), 32))`;

/** A session lock: it needs no transaction, and the server releases it when the session ends, however it ends. */
export async function takeOwnLock(link: Link, server: Server): Promise<LockAttempt> {
  const [row] = await link.rows(`SELECT GET_LOCK(${NAME}, 0) AS held`, {
    purpose: 'take the guard’s own lock',
  });
  if (row?.held === '1') return { held: true, holder: undefined };
  const [, [who] = [], [holder] = []] = await link.batch(
    [
      `SET @guarded_owner = IS_USED_LOCK(${NAME})`,
      'SELECT @guarded_owner AS pid',
      `SELECT ${SESSION_COLUMNS(server.flavor === 'mariadb')} FROM information_schema.PROCESSLIST p WHERE p.ID = @guarded_owner`,
    ],
    { purpose: 'find who holds the guard’s own lock' },
  );
  const pid = who?.pid;
  return {
    held: false,
    holder: pid === null || pid === undefined ? undefined : backendOf(Number(pid), holder),
  };
}
