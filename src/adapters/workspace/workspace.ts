import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GuardError, problem } from '../../domain/problem.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { addedMigrations } from './added.ts';
import { deployFiles } from './files.ts';

export interface WorkspaceOptions {
  /** Absolute path of the repository. */
  readonly root: string;
}

/** The checkout on disk. */
export const createWorkspace = ({ root }: WorkspaceOptions): Workspace => ({
  deployFiles: () => deployFiles(root),
  downScripts,
  added: (migrationsPath) => addedMigrations(root, migrationsPath),
  write: (file, text) => write(path.resolve(root, file), text),
  room,
});

async function downScripts(migrationsPath: string): Promise<ReadonlySet<string>> {
  const folders = await readdir(migrationsPath, { withFileTypes: true }).catch(() => []);
  const found = new Set<string>();
  for (const folder of folders) {
    const file = path.join(migrationsPath, folder.name, 'down.sql');
    const text = await readFile(file, 'utf8').catch(() => '');
    if (hasStatement(text)) found.add(folder.name);
  }
  return found;
}

/** A file of comments alone takes nothing back. */
const hasStatement = (text: string): boolean =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/--.*$/gm, '')
    .replace(/[\s;]/g, '') !== '';

async function write(file: string, text: string): Promise<string> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    throw new GuardError(
      problem('report-unwritable', `${code} when writing ${file}`, {
        what: path.basename(file),
        path: file,
        message: firstLine(message),
      }),
    );
  }
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? text).slice(0, 300);

async function room(folder: string): Promise<number | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return undefined;
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
