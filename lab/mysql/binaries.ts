import { execFileSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildOnce, cacheDir } from '../postgres/binaries.ts';
import type { Flavor, MysqlBinary } from './types.ts';

const folders = (): readonly string[] => [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Every place where a program of this name is, in the order of PATH. */
const places = (name: string): readonly string[] =>
  folders()
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .filter(executable);

/** `… Ver 10.11.19-MariaDB-0+deb12u1 for …`, `… Ver 9.7.4-2 for …` */
const identify = (path: string): MysqlBinary | undefined => {
  try {
    const text = execFileSync(path, ['--no-defaults', '--version'], { encoding: 'utf8', stdio: 'pipe' });
    const version = /Ver (\d+(?:\.\d+)+)/.exec(text)?.[1];
    if (version === undefined) return undefined;
    return { path, flavor: /mariadb/i.test(text) ? 'mariadb' : 'mysql', version };
  } catch {
    return undefined;
  }
};

let known: readonly MysqlBinary[] | undefined;

/** The MySQL and MariaDB servers of this machine: MYSQLD first, then `mysqld`, then `mariadbd`, on PATH or in /usr/sbin. */
export const findServers = (): readonly MysqlBinary[] => {
  if (known !== undefined) return known;
  const asked = process.env.MYSQLD;
  const paths = [...(asked === undefined ? [] : [asked]), ...places('mysqld'), ...places('mariadbd')];
  const seen = new Set<string>();
  const fresh = paths.filter((path) => {
    const real = existsSync(path) ? realpathSync(path) : path;
    return !seen.has(real) && seen.add(real) !== undefined;
  });
  known = fresh.map(identify).filter((found) => found !== undefined);
  return known;
};

/** The first server found, or the first of a flavor. Throws when there is none. */
export const serverOf = (flavor?: Flavor): MysqlBinary => {
  const found = findServers().find((server) => flavor === undefined || server.flavor === flavor);
  if (found === undefined)
    throw new Error(`The lab found no ${flavor ?? 'MySQL'} server. Put one on PATH or name it in MYSQLD.`);
  return found;
};

/** Debian and Ubuntu confine /usr/sbin/mysqld to its usual folders. */
const confined = (path: string): boolean =>
  existsSync(join('/etc/apparmor.d', path.slice(1).replaceAll('/', '.')));

/** What to run and where its messages and plugins are. AppArmor goes by path, so a confined program is run as a copy. */
export const runnable = async (
  binary: MysqlBinary,
): Promise<{ readonly path: string; readonly baseDir: string | undefined }> => {
  const real = realpathSync(binary.path);
  if (binary.flavor !== 'mysql' || !confined(real)) return { path: binary.path, baseDir: undefined };
  const path = await buildOnce(join(cacheDir(), `mysqld-${binary.version}`), (draft) => {
    copyFileSync(real, draft);
  });
  return { path, baseDir: dirname(dirname(real)) };
};

/** MariaDB's installer: on PATH, in /usr/bin, or with the server in an unpacked archive. */
export const installer = (binary: MysqlBinary): string => {
  const root = dirname(dirname(realpathSync(binary.path)));
  const names = ['mariadb-install-db', 'mysql_install_db'];
  const found = names
    .flatMap((name) => [...places(name), join(root, 'scripts', name), join(root, 'bin', name)])
    .find(executable);
  if (found === undefined) throw new Error(`${basename(binary.path)} has no mariadb-install-db beside it.`);
  return found;
};
