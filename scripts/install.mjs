/**
 * Installs the dependencies of package-lock.json when node_modules does not hold them, else does nothing.
 * Install scripts stay off: Prisma's would download an engine that no test and no demo needs.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const ALWAYS = [
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/** @typedef {{ readonly version?: string, readonly optional?: boolean }} Locked */

/** @param {string} path @returns {Readonly<Record<string, Locked>> | undefined} */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Optional packages are for other systems; npm leaves them out. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json') ?? {};
  // npm writes this list last, so a broken installation has none.
  const present = packagesOf('node_modules/.package-lock.json');
  if (present === undefined) return false;
  const complete = Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = present[path];
    return found === undefined
      ? optional === true
      : found.version === version && existsSync(join(ROOT, path));
  });
  return complete && Object.keys(present).every((path) => path in wanted);
}

/** npm fails without a cache it can write to; containers often have no home. */
function cacheSettings() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: mkdtempSync(join(tmpdir(), 'npm-cache-')) };
  }
}

/** @param {readonly string[]} args */
function npm(args) {
  const path = process.env.npm_execpath;
  const [command = '', ...first] = path === undefined ? ['npm'] : [process.execPath, path];
  const { status, stderr, error } = spawnSync(command, [...first, ...args, ...ALWAYS], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: '', ...cacheSettings() },
  });
  return { ok: status === 0, message: error?.message ?? stderr };
}

function install() {
  console.log('installing dependencies, this takes half a minute');
  const first = npm(['ci']);
  if (first.ok) return 0;
  // A lock file written where a registry lacked packages for other systems is refused by `npm ci`;
  // `npm install` takes the same versions from it and leaves the file alone.
  const second = npm(['install', '--no-save']);
  if (second.ok) return 0;
  console.error(`npm ci failed:\n${first.message}\nand npm install failed:\n${second.message}`);
  return 1;
}

process.exitCode = isInstalled() ? 0 : install();
