import type { Activity } from '../../domain/facts.ts';
import { backendOf, isIdle } from './backend.ts';
import { readBlockers } from './blockers.ts';
import type { Link } from './link.ts';
import type { Ours } from './ours.ts';
import type { Server } from './server.ts';

const ROW_LOCK = 'Waiting for InnoDB row lock';

/** The holder of Prisma's lock; in `ours`, too, when it is the migration's session. */
export async function readActivity(link: Link, server: Server, ours: Ours): Promise<Activity> {
  const purpose = 'look for the session of the migration';
  const holder = await ours.find(link, purpose);
  if (holder === undefined) return { ours: [], blockers: [], advisoryLockHolders: [] };
  const { pid, row, isOurs } = holder;
  if (!isOurs || row === undefined || isIdle(row)) {
    const found = backendOf(pid, row);
    return { ours: isOurs ? [found] : [], blockers: [], advisoryLockHolders: [found] };
  }
  const { blockers, onRows } = await readBlockers(link, server, pid);
  const found = backendOf(
    pid,
    row,
    blockers.map((each) => each.pid),
  );
  const told = onRows && found.waiting === null ? { ...found, waiting: ROW_LOCK } : found;
  return { ours: [told], blockers, advisoryLockHolders: [told] };
}
