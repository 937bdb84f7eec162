import { readdirSync, readFileSync } from 'node:fs';

/** In the environment of the CLI and of its engine: which run started them. */
const VARIABLE = 'GUARDED_MIGRATE_STARTED_BY';

export const marked = (mark: string | undefined): Readonly<Record<string, string>> =>
  mark === undefined ? {} : { [VARIABLE]: mark };

/** The process group that carries the mark; undefined when there is none, or no /proc to look in. */
export function markedGroup(mark: string | undefined): number | undefined {
  if (mark === undefined || process.platform !== 'linux') return undefined;
  const wanted = `${VARIABLE}=${mark}`;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (!read(pid, 'environ').split('\0').includes(wanted)) continue;
    const stat = read(pid, 'stat');
    // After the name in parentheses: state, parent, process group (man proc_pid_stat).
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state !== 'Z' && state !== 'X' && Number(group) > 1) return Number(group);
  }
  return undefined;
}

/** Empty when the process has just gone, or is somebody else's. */
function read(pid: string, file: 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
