import type { Interventions } from '../../ports/engine.ts';
import { isIdle } from './backend.ts';
import type { Link } from './link.ts';
import type { Ours } from './ours.ts';
import { takeOwnLock } from './own-lock.ts';
import { errnoOf } from './problems.ts';
import type { Server } from './server.ts';

/** 1094: it is gone already. */
const UNKNOWN_THREAD = '1094';

/**
 * An account may end its own sessions without a grant. Measured on MySQL 9.7 and MariaDB 10.11: when the client dies, a
 * running ALTER goes on, holding Prisma's lock, and the statements after it in the same message run as well. KILL QUERY
 * ends all of that (errno 1317 for a client that lives); KILL ends the session, too, and its lock is free only when the
 * statement is undone.
 */
async function stop(link: Link, ours: Ours, how: 'cancel' | 'terminate'): Promise<number> {
  const purpose = `${how} the migration's session`;
  const holder = await ours.find(link, purpose);
  if (holder?.row === undefined || !holder.isOurs) return 0;
  // An idle session has nothing to cancel; the signal could only hit its next statement.
  if (how === 'cancel' && isIdle(holder.row)) return 0;
  try {
    await link.rows(how === 'cancel' ? `KILL QUERY ${holder.pid}` : `KILL ${holder.pid}`, { purpose });
    return 1;
  } catch (error) {
    if (errnoOf(error) === UNKNOWN_THREAD) return 0;
    throw error;
  }
}

/** There are no invalid indexes here, and DDL cannot be replayed: each statement commits itself. */
export const createInterventions = (link: Link, server: Server, ours: Ours): Interventions => ({
  lock: () => link.alone(() => takeOwnLock(link, server)),
  stop: (_applicationName, how) => link.alone(() => stop(link, ours, how)),
  dropInvalidIndex: async () => false,
  replay: async () => undefined,
});
