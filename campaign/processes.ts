/** The processes of one job, found from outside by a variable that all of them inherit. Linux only. */
import { processesWith, signalProcess } from '../lab/runner/processes.ts';

/** Still there, zombies left out (those have no environment any more). */
export const processesOf = (temp: string): readonly number[] => processesWith('RUNNER_TEMP', temp);

/** Freezes main first, so that the moment is exact, then ends it and everything it started. */
export function killAll(main: number, temp: string): void {
  signalProcess(main, 'SIGSTOP');
  for (let left = processesOf(temp); left.length > 0; left = processesOf(temp))
    for (const pid of left) signalProcess(pid, 'SIGKILL');
}

/** The command and its engine live on, as after an out-of-memory kill. */
export const killMain = (main: number): void => void signalProcess(main, 'SIGKILL');
