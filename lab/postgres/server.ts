import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnIds } from './account.ts';
import type { Layout } from './config.ts';

/** A running postmaster. */
export type Server = {
  readonly alive: () => boolean;
  /** `SIGINT` is an orderly stop, `SIGQUIT` an immediate one. Resolves when the process is gone. */
  readonly stop: (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>;
};

/**
 * The shell stands between us and PostgreSQL so that no server outlives a killed test run: when our end of
 * its standard input closes, it stops the server at once and removes the files ($3).
 */
const GUARDIAN = `
exec 3<&0
"$1" -D "$2" </dev/null 3<&- &
pid=$!
( read -r _ <&3; trap '' TERM; kill -QUIT "$pid"; sleep 1; rm -rf "$3" ) >/dev/null 2>&1 &
reader=$!
exec 3<&-
wait "$pid"
code=$?
kill "$reader"
exit "$code"
`;

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** postmaster.pid: line 1 is the process id, line 8 the state (`starting`, `ready`, `standby`, …). */
const pidFile = (dataDir: string): { readonly pid: number; readonly state: string } | undefined => {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), state: (lines[7] ?? '').trim() };
  } catch {
    return undefined;
  }
};

export const logTail = (logFile: string, lines = 15): string => {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
};

const launch = (postgres: string, layout: Layout): ChildProcess => {
  const log = openSync(layout.logFile, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', GUARDIAN, 'sh', postgres, layout.dataDir, layout.root], {
      ...spawnIds(),
      cwd: layout.root,
      detached: true,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
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
    if (ended()) throw new Error(`PostgreSQL ${name} did not start:\n${logTail(layout.logFile)}`);
    const found = pidFile(layout.dataDir);
    if (found?.state === 'ready') return found.pid; // `standby` would be a server still in recovery
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL ${name} is not ready:\n${logTail(layout.logFile)}`);
    await sleep(LOOK_EVERY_MS);
  }
};

/** Starts a postmaster on a prepared data directory and waits until it accepts connections. */
export const startServer = async (name: string, postgres: string, layout: Layout): Promise<Server> => {
  rmSync(join(layout.dataDir, 'postmaster.pid'), { force: true }); // left by a crash, it would look ready
  const child = launch(postgres, layout);
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
  const signal = (pid: number, name: 'SIGINT' | 'SIGQUIT'): void => {
    try {
      process.kill(pid, name);
    } catch {
      // already gone
    }
  };
  try {
    const pid = await untilReady(name, layout, () => ended);
    return {
      alive: () => !ended,
      stop: async (how) => {
        if (ended) return;
        child.ref();
        signal(pid, how);
        await gone;
      },
    };
  } catch (error) {
    const pid = pidFile(layout.dataDir)?.pid;
    if (!ended && pid !== undefined) signal(pid, 'SIGQUIT');
    child.stdin?.destroy();
    throw error;
  }
};

export const freePort = (host = '127.0.0.1'): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
