/** Finding and ending the processes of a step, by id. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Sends a signal to one process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process and all its descendants, also those in process groups of their own. */
export function killTree(pid: number): void {
  for (const one of [...descendants(pid), pid]) signalProcess(one, 'SIGKILL');
}

function descendants(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    rows.flatMap(([child, of]) => (of === parent && child !== undefined ? [...below(child), child] : []));
  return below(pid);
}

/** Processes that inherited a variable, wherever their parents went. Linux only; empty elsewhere. */
export function processesWith(name: string, value: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  const ids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return ids.filter((id) => environmentOf(id).includes(`${name}=${value}`)).map(Number);
}

function environmentOf(id: string): readonly string[] {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
