import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { own, runAs } from './account.ts';

/** Flags for a recursive copy that shares blocks where the file system can. */
const COPY: readonly (readonly string[])[] =
  process.platform === 'darwin' ? [['-Rpc'], ['-Rp']] : [['-a', '--reflink=auto'], ['-Rp']];

const unknownFlag = (stderr: string): boolean =>
  /unrecognized|illegal option|invalid option|not supported/i.test(stderr);

/** Files of a live server come and go while they are copied; the log makes up for them. */
const onlyVanished = (stderr: string): boolean => {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every((line) => line.includes('No such file or directory'));
};

/** Copies paths into an existing folder, as the account that owns the servers. */
export const copyInto = async (sources: readonly string[], target: string, live = false): Promise<void> => {
  let last: unknown;
  for (const flags of COPY) {
    try {
      await runAs('cp', [...flags, '--', ...sources, target], (stderr) => live && onlyVanished(stderr));
      return;
    } catch (error) {
      last = error;
      if (!unknownFlag(String(error))) throw error;
    }
  }
  throw last;
};

export const makeOwned = (dir: string): string => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  own(dir);
  return dir;
};

/** Copies a whole folder to a new place. */
export const cloneDir = async (source: string, target: string): Promise<void> => {
  makeOwned(target);
  await copyInto(
    readdirSync(source).map((entry) => join(source, entry)),
    target,
  );
};
