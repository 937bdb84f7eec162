/** The migrations folder: sent along by the CLI since 6.6, read from disk for version 5. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileMissing, providerSwitched } from './errors.mjs';

/** @typedef {{ readonly tag: 'ok' | 'error', readonly value: string }} Content */
/** @typedef {{ readonly path: string, readonly migrationFile: { readonly path: string, readonly content: Content } }} Directory */
/** @typedef {{ readonly lockfile: { readonly content: string | null }, readonly migrationDirectories: readonly Directory[] }} Folder */
/** @typedef {{ readonly migrationsList?: Folder, readonly migrationsDirectoryPath?: string }} FolderInput */

/**
 * @param {FolderInput} input
 * @returns {Folder}
 */
export function folderOf(input) {
  if (input.migrationsList !== undefined) return input.migrationsList;
  return readFolder(input.migrationsDirectoryPath ?? '');
}

/**
 * @param {string} root
 * @returns {Folder}
 */
function readFolder(root) {
  const lock = contentOf(join(root, 'migration_lock.toml'));
  return {
    lockfile: { content: lock.tag === 'ok' ? lock.value : null },
    migrationDirectories: namesIn(root).map((path) => {
      const file = join(root, path, 'migration.sql');
      return { path, migrationFile: { path: file, content: contentOf(file) } };
    }),
  };
}

/**
 * @param {string} root
 * @returns {readonly string[]} in byte order; empty when the folder is not there
 */
export function namesIn(root) {
  try {
    const entries = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries
      .map((entry) => entry.name)
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  } catch {
    return [];
  }
}

/**
 * @param {string} file
 * @returns {Content}
 */
function contentOf(file) {
  try {
    return { tag: 'ok', value: readFileSync(file, 'utf8') };
  } catch (error) {
    return { tag: 'error', value: String(error) };
  }
}

/**
 * @param {Directory} directory
 * @returns {string} the script, or throws P3015
 */
export function scriptOf(directory) {
  const { path, content } = directory.migrationFile;
  if (content.tag === 'error') throw fileMissing(path);
  return content.value;
}

/**
 * The lock file's parser wants the spaces: `provider="postgresql"` is a mismatch, an absent file is none.
 * @param {Folder} folder
 * @param {string} provider
 */
export function checkProvider(folder, provider) {
  const content = folder.lockfile.content;
  if (content === null) return;
  const line = content.split('\n').find((text) => text.startsWith('provider'));
  const expected = /^provider = "([^"]*)"/.exec(line ?? '')?.[1];
  const same = expected === provider || (expected === 'postgresql' && provider === 'postgres');
  if (!same) throw providerSwitched(provider, expected ?? '');
}
