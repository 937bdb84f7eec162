import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.lab', 'coverage']);

/** Files below a folder of the repository, as paths from its root, sorted. */
export function filesIn(folder: string, ending: RegExp): readonly string[] {
  const entries = (() => {
    try {
      return readdirSync(join(ROOT, folder), { withFileTypes: true });
    } catch {
      return [];
    }
  })();
  return entries
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesIn(path, ending);
      return ending.test(entry.name) ? [path] : [];
    })
    .sort();
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The code without its comments; rough, but strings of ours hold no comment signs. */
export const code = (path: string): string =>
  read(path)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');

export interface Import {
  readonly from: string;
  /** A path from the root for a file of ours, else the name of a package or builtin. */
  readonly to: string;
  readonly ours: boolean;
}

const STATEMENT =
  /\b(?:import|export)\b[^;'"()]*?\bfrom\s*'([^']+)'|\bimport\s*\(\s*'([^']+)'|\bimport\s+'([^']+)'/g;

/** Every static, dynamic, type and re-exporting import of a file. */
export const importsOf = (from: string): readonly Import[] =>
  [...code(from).matchAll(STATEMENT)].map(([, a, b, c]) => {
    const target = a ?? b ?? c ?? '';
    const ours = target.startsWith('.');
    return { from, to: ours ? posix.join(posix.dirname(from), target) : target, ours };
  });
