import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceFile } from '../../ports/workspace.ts';

/** Folders that hold nothing of the repository's own, or nothing that is run. */
const SKIPPED = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'vendor',
  'target',
  'venv',
  'fixtures',
  '__tests__',
]);
const MAX_DEPTH = 6;
const MAX_FOLDERS = 5000;
const MAX_FILES = 400;
const MAX_BYTES = 512 * 1024;

const WANTED =
  /(?:^|\/)(?:package\.json|(?:Docker|Container)file(?:\.[^/]+)?|[^/]+\.(?:docker|container)file|[^/]+\.sh)$|^\.github\/workflows\/[^/]+\.ya?ml$|^\.github\/actions\/(?:.+\/)?action\.ya?ml$/i;

export async function deployFiles(root: string): Promise<readonly WorkspaceFile[]> {
  const found: string[] = [];
  for await (const name of filesBelow(root)) {
    if (WANTED.test(name)) found.push(name);
    if (found.length >= MAX_FILES) break;
  }
  const files = await Promise.all(found.map((name) => read(root, name)));
  return files.filter((file) => file !== undefined);
}

/** Breadth first, so that the bounds cut off what lies deepest. Links are not followed. */
async function* filesBelow(root: string): AsyncGenerator<string> {
  const waiting = [{ folder: '', depth: 0 }];
  for (let count = 0; count < MAX_FOLDERS; count += 1) {
    const next = waiting.shift();
    if (next === undefined) return;
    const { folder, depth } = next;
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) yield name;
      else if (entry.isDirectory() && depth < MAX_DEPTH && mayHold(name))
        waiting.push({ folder: name, depth: depth + 1 });
    }
  }
}

const mayHold = (folder: string): boolean => {
  const name = folder.split('/').at(-1) ?? '';
  if (name.startsWith('.')) return folder === '.github';
  return !SKIPPED.has(name) && !/^\.github\/(?!workflows|actions)/.test(folder);
};

async function read(root: string, name: string): Promise<WorkspaceFile | undefined> {
  try {
    const file = path.join(root, name);
    if ((await stat(file)).size > MAX_BYTES) return undefined;
    return { path: name, text: await readFile(file, 'utf8') };
  } catch {
    return undefined;
  }
}
