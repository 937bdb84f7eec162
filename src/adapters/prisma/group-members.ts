import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Member {
  /** Ended, but nobody has taken notice yet (a zombie). */
  readonly isDead: boolean;
  /** Command line, its parts separated by spaces. */
  readonly command: string;
}

/** The processes of a group: from /proc where there is one, else from `ps`. */
export function membersOf(group: number): readonly Member[] {
  return process.platform === 'linux' ? fromProc(group) : fromPs(group);
}

/** Field 3 of `stat` is the state (Z and X are dead), field 5 the process group (man proc_pid_stat). */
function fromProc(group: number): readonly Member[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const stat = readProc(pid, 'stat');
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(processGroup) !== group) return [];
    return [
      {
        isDead: state === 'Z' || state === 'X',
        command: readProc(pid, 'cmdline').replaceAll('\0', ' ').trim(),
      },
    ];
  });
}

/** Empty when the process has just gone. */
function readProc(pid: string, file: 'stat' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function fromPs(group: number): readonly Member[] {
  try {
    const table = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,command='], {
      encoding: 'utf8',
      timeout: 5000,
    });
    return table.split('\n').flatMap((line) => {
      const [, processGroup, state = '', command = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return Number(processGroup) === group ? [{ isDead: state.startsWith('Z'), command }] : [];
    });
  } catch {
    return [];
  }
}
