import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Installed } from './installed.ts';

const EXTENSIONS = ['js', 'ts', 'mjs', 'cjs', 'mts', 'cts'] as const;
/** In the order in which Prisma looks; the first pair exists from 7.10 on. */
const SIDE_BY_SIDE = ['prisma7.config', '.config/prisma7'] as const;
const USUAL = ['prisma.config', '.config/prisma', '.config/prisma.config'] as const;

/** The config file Prisma would load: the explicit one, else the first candidate of the working directory only. */
export function findConfig(
  installed: Installed,
  directory: string,
  explicit: string | undefined,
): string | undefined {
  if (!readsConfig(installed)) return undefined;
  if (explicit !== undefined) return resolve(directory, explicit);
  const bases = installed.major === 7 && installed.minor >= 10 ? [...SIDE_BY_SIDE, ...USUAL] : USUAL;
  return bases
    .flatMap((base) => EXTENSIONS.map((extension) => join(directory, `${base}.${extension}`)))
    .find((path) => isFile(path));
}

/** Config files came with 6.4. */
export const readsConfig = ({ major, minor }: Installed): boolean =>
  major === 7 || (major === 6 && minor >= 4);

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
