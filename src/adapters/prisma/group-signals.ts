import { setTimeout as pause } from 'node:timers/promises';
import { membersOf } from './group-members.ts';

/** The first process of a group; its process id is the id of the group. */
export interface Leader {
  readonly pid: number;
  isAlive(): boolean;
  /** Windows has no groups: there only the leader can be ended. */
  kill(signal: Ending): boolean;
}

type Ending = 'SIGTERM' | 'SIGKILL';

const POLL_MS = 50;
/** What cannot be killed (a process stuck in the kernel) is not waited for. */
const AFTER_KILL_MS = 5000;

/** True while a process of the group can still do something. */
export function groupIsAlive(leader: Leader): boolean {
  if (process.platform === 'win32') return leader.isAlive();
  if (!sent(leader.pid, 0)) return false;
  // In a container whose first process never reaps, dead orphans stay in the group for good.
  return (
    leader.isAlive() || process.platform !== 'linux' || membersOf(leader.pid).some((each) => !each.isDead)
  );
}

/** SIGTERM to all, SIGKILL after the grace; resolves when the group is gone. */
export async function endGroup(leader: Leader, graceMs: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', AFTER_KILL_MS],
  ] as const) {
    if (!groupIsAlive(leader)) return;
    if (process.platform === 'win32') leader.kill(signal);
    else sent(leader.pid, signal);
    const until = performance.now() + patienceMs;
    while (groupIsAlive(leader) && performance.now() < until) await pause(POLL_MS);
  }
}

/** A group id of 0 or 1 would reach our own group or every process there is. */
function sent(group: number, signal: Ending | 0): boolean {
  if (!Number.isSafeInteger(group) || group <= 1) return false;
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
