/** Command lines of a process's descendants, from /proc (Linux; nothing elsewhere). */
import { readdirSync, readFileSync } from 'node:fs';

export function descendantArgv(pid: number): readonly string[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => ({ pid: Number(entry), parent: parentOf(entry) }));
  const below = (parent: number): readonly number[] =>
    all.flatMap((each) => (each.parent === parent ? [each.pid, ...below(each.pid)] : []));
  return below(pid)
    .map((each) => readProc(String(each), 'cmdline').replaceAll('\0', ' ').trim())
    .filter((line) => line !== '');
}

/** Field 4 of `stat`, behind the name in parentheses (man proc_pid_stat). */
const parentOf = (pid: string): number => {
  const stat = readProc(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
};

/** Empty when the process has just gone. */
function readProc(pid: string, file: 'stat' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
