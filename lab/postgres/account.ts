import { execFile, execFileSync } from 'node:child_process';
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

const open = new Set<string>();
let armed = false;

export const removeTree = (dir: string): void => {
  open.delete(dir);
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
};

/** A fresh private folder that belongs to the account. Give it back with `removeTree`; leaving the process does too. */
export const scratch = (prefix: string): string => {
  const dir = mkdtempSync(join(scratchBase(), prefix));
  own(dir);
  if (!armed) process.once('exit', () => open.forEach(removeTree));
  armed = true;
  open.add(dir);
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
