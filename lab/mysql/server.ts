import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnIds } from '../postgres/account.ts';
import { logTail } from '../postgres/server.ts';
import type { Layout } from './config.ts';

/** A running server. */
export type Server = {
  readonly pid: number;
  readonly alive: () => boolean;
  /** `SIGTERM` is an orderly stop, `SIGKILL` an immediate one. Resolves when the process is gone. */
  readonly stop: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
};

/**
 * The shell stands between us and the server so that none outlives a killed test run: when our end of its
 * standard input closes, it ends the server at once and removes the files ($3).
 */
const GUARDIAN = `
exec 3<&0
"$1" "--defaults-file=$2" </dev/null 3<&- &
pid=$!
( read -r _ <&3; trap '' TERM; kill -KILL "$pid"; sleep 1; rm -rf "$3" ) >/dev/null 2>&1 &
reader=$!
exec 3<&-
wait "$pid"
code=$?
kill "$reader"
exit "$code"
`;

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 15;

const pidOf = (layout: Layout): number | undefined => {
  try {
    const pid = Number(readFileSync(layout.pidFile, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
};

/** Whether the server greets a client. Asked through its own socket: a TCP port could be someone else's by now. */
const greets = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const client = connect(socket);
    const end = (answer: boolean): void => {
      client.destroy();
      resolve(answer);
    };
    client.once('data', () => end(true));
    client.once('error', () => end(false));
    client.once('close', () => end(false));
  });

const launch = (program: string, layout: Layout): ChildProcess => {
  const log = openSync(layout.logFile, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', GUARDIAN, 'sh', program, layout.configFile, layout.root], {
      ...spawnIds(),
      cwd: layout.root,
      detached: true,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['pipe', log, log],
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
};

const untilReady = async (name: string, layout: Layout, ended: () => boolean): Promise<number> => {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (ended()) throw new Error(`MySQL ${name} did not start:\n${logTail(layout.logFile)}`);
    const pid = pidOf(layout);
    if (pid !== undefined && (await greets(layout.socket))) return pid;
    if (Date.now() > deadline) throw new Error(`MySQL ${name} is not ready:\n${logTail(layout.logFile)}`);
    await sleep(LOOK_EVERY_MS);
  }
};

const signal = (pid: number, name: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(pid, name);
  } catch {
    // already gone
  }
};

/** Starts a server on a prepared data directory and waits until it accepts connections. */
export const startServer = async (name: string, program: string, layout: Layout): Promise<Server> => {
  for (const left of [layout.pidFile, layout.socket]) rmSync(left, { force: true });
  const child = launch(program, layout);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true;
      child.stdin?.destroy();
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  try {
    const pid = await untilReady(name, layout, () => ended);
    return {
      pid,
      alive: () => !ended,
      stop: async (how) => {
        if (ended) return;
        child.ref();
        signal(pid, how);
        await gone;
      },
    };
  } catch (error) {
    const pid = pidOf(layout);
    if (!ended && pid !== undefined) signal(pid, 'SIGKILL');
    child.stdin?.destroy();
    throw error;
  }
};
