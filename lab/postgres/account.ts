import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The account PostgreSQL runs under. `undefined` ids mean: as ourselves. */
export type Account = { readonly uid: number | undefined; readonly gid: number | undefined };

const NOBODY = 65_534;

const idOf = (flag: '-u' | '-g'): number => {
  try {
    return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim());
  } catch {
    return NOBODY;
  }
};

let known: Account | undefined;

/** PostgreSQL refuses to run as root, so root lends it `nobody`; everyone else runs it as themselves. */
export const account = (): Account => {
  known ??=
    process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : { uid: undefined, gid: undefined };
  return known;
};

/** Ids as `spawn` wants them: macOS prints its `nobody` (-2) as an unsigned number. */
export const spawnIds = (): { readonly uid?: number; readonly gid?: number } => {
  const { uid, gid } = account();
  return uid === undefined || gid === undefined ? {} : { uid: uid | 0, gid: gid | 0 };
};

/** Gives a path we created to the account. */
export const own = (path: string): void => {
  const { uid, gid } = account();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
};

const passable = (path: string): boolean => {
  if ((statSync(path).mode & 0o001) === 0) return false;
  const parent = dirname(path);
  return parent === path || passable(parent);
};

/** A temporary folder whose every parent the account can pass. */
export const baseDir = (): string => {
  const usual = tmpdir();
  return account().uid === undefined || passable(usual) ? usual : '/tmp';
};

/** Linux keeps this folder in memory; a copy of a data directory there takes a tenth of the time. */
const MEMORY = '/dev/shm';
const GIB = 1024 ** 3;

const roomInMemory = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > GIB && freemem() > 3 * GIB && passable(MEMORY);
  } catch {
    return false;
  }
};

/** Where short-lived files go: memory where there is plenty, unless TMPDIR names another place. */
const scratchBase = (): string => (process.env.TMPDIR === undefined && roomInMemory() ? MEMORY : baseDir());

/**
 * A shell that outlives us: when our end of its input closes, however we ended, it removes the folders it was told of.
 * Hooks of our own would not do: a killed process runs none, and under Jest `process` never says that it exits. It waits
 * because servers clean up in the same way (server.ts).
 */
const SWEEPER = 'while IFS= read -r dir; do set -- "$@" "$dir"; done; sleep 2; rm -rf "$@"';
let sweeper: ChildProcess | undefined;

const startSweeper = (): ChildProcess => {
  const child = spawn('/bin/sh', ['-c', SWEEPER, 'sh'], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin?.on('error', () => undefined);
  child.unref();
  return child;
};

const sweepLater = (dir: string): void => {
  sweeper ??= startSweeper();
  sweeper.stdin?.write(`${dir}\n`);
};

export const removeTree = (dir: string): void =>
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });

/** A fresh private folder that belongs to the account. Give it back with `removeTree`; the end of the process does too. */
export const scratch = (prefix: string): string => {
  const dir = mkdtempSync(join(scratchBase(), prefix));
  sweepLater(dir);
  own(dir);
  return dir;
};

/** Runs a short command as the account. Rejects unless it exits with 0 or `allow` accepts its standard error. */
export const runAs = (
  command: string,
  args: readonly string[],
  allow: (stderr: string) => boolean = () => false,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = {
      ...spawnIds(),
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 64 * 1024 * 1024,
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null || allow(stderr)) resolve();
      else
        reject(
          new Error(
            `${command} failed (${error.code ?? error.signal}): ${stderr || stdout || error.message}`,
          ),
        );
    });
  });
