import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MysqlCluster } from './types.ts';

const STOPPED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 1;
/** Where the states of threads cannot be seen. */
const BLIND_PAUSE_MS = 50;

/** The state is the first word after the program's name, which is in brackets and may hold anything. */
const stateOf = (stat: string): string => stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);

const threads = (pid: number): readonly string[] => {
  const dir = `/proc/${pid}/task`;
  return readdirSync(dir).map((thread) => {
    try {
      return stateOf(readFileSync(`${dir}/${thread}/stat`, 'utf8'));
    } catch {
      return 'X'; // ended meanwhile
    }
  });
};

const HALTED: readonly string[] = ['T', 't', 'X', 'Z'];

/** The signal returns before every thread has stopped: one in the middle of a write ends it first. */
const untilStopped = async (pid: number): Promise<void> => {
  if (process.platform !== 'linux') {
    await sleep(BLIND_PAUSE_MS);
    return;
  }
  const deadline = Date.now() + STOPPED_WITHIN_MS;
  while (!threads(pid).every((state) => HALTED.includes(state))) {
    if (Date.now() > deadline) throw new Error(`The server ${pid} does not stop for its snapshot.`);
    await sleep(LOOK_EVERY_MS);
  }
};

const turns = new WeakMap<MysqlCluster, Promise<unknown>>();

/** One after the other: the end of one snapshot would wake the server under the next. */
const inTurn = <T>(cluster: MysqlCluster, work: () => Promise<T>): Promise<T> => {
  const done = (turns.get(cluster) ?? Promise.resolve()).then(work, work);
  turns.set(cluster, done);
  return done;
};

/** Does something while the server holds still in the middle of whatever it does, as a volume does under a snapshot. */
export const frozen = <T>(cluster: MysqlCluster, work: () => Promise<T>): Promise<T> =>
  inTurn(cluster, async () => {
    const { pid } = cluster;
    if (pid === undefined) return work();
    process.kill(pid, 'SIGSTOP');
    try {
      await untilStopped(pid);
      return await work();
    } finally {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // killed meanwhile
      }
    }
  });
