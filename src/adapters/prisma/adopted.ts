import { setTimeout as pause } from 'node:timers/promises';
import type { MigratorEnd } from '../../domain/event.ts';
import type { MigratorProcess } from '../../ports/migrator.ts';
import { membersOf } from './group-members.ts';
import { endGroup, groupIsAlive, type Leader } from './group-signals.ts';

/** The CLI at work, or its engine, which stays behind when only the CLI was killed. */
const PRISMA = /(?:^| )migrate (?:deploy|resolve)(?: |$)|(?:^|[ /\\])schema-engine[^ /\\]*(?: |$)/;

/** It is not our child, so nobody can tell how it ended. */
const UNSEEN: MigratorEnd = { exitCode: null, signal: null, output: '' };

const POLL_MS = 200;

/** The group that an earlier process of ours started. The id may have gone to somebody else since: then it is left alone. */
export function adoptGroup(pid: number): MigratorProcess {
  const isPrisma =
    Number.isSafeInteger(pid) &&
    pid > 1 &&
    process.platform !== 'win32' &&
    membersOf(pid).some((each) => !each.isDead && PRISMA.test(each.command));
  if (!isPrisma) return { pid, ended: Promise.resolve(UNSEEN), kill: () => Promise.resolve() };
  const leader: Leader = { pid, isAlive: () => false, kill: () => false };
  return { pid, ended: gone(leader), kill: (graceMs) => endGroup(leader, graceMs) };
}

/** Waits without keeping our own process alive. */
async function gone(leader: Leader): Promise<MigratorEnd> {
  while (groupIsAlive(leader)) await pause(POLL_MS, undefined, { ref: false });
  return UNSEEN;
}
