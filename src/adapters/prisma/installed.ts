import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Problem, problem } from '../../domain/problem.ts';

/** The Prisma CLI that the project installed. */
export interface Installed {
  /** Absolute path of the script to run with Node. */
  readonly cli: string;
  readonly version: string;
  readonly major: 5 | 6 | 7;
  readonly minor: number;
}

interface Found {
  readonly cli: string;
  readonly version: string;
}

/** Packages that bring a Prisma CLI, with the name of its command. The second runs Prisma 7 beside Prisma 8. */
const PACKAGES = [
  { name: 'prisma', command: 'prisma' },
  { name: '@prisma/prisma7', command: 'prisma7' },
] as const;

/** Looks upwards through `node_modules`, as Node does; links (pnpm, workspaces) are followed. */
export function findInstalled(directory: string): Installed | Problem {
  const found = PACKAGES.flatMap(({ name, command }) => findPackage(directory, name, command) ?? []);
  for (const each of found) {
    const [major, minor] = numbers(each.version);
    if (major === 5 || major === 6 || major === 7) return { ...each, major, minor };
  }
  const [first] = found;
  return first === undefined ? missing(directory) : unsupported(first.version);
}

function findPackage(directory: string, name: string, command: string): Found | undefined {
  for (const folder of upwards(directory)) {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    if (!existsSync(manifest)) continue;
    const real = realpathSync(manifest);
    const { version, bin } = JSON.parse(readFileSync(real, 'utf8')) as {
      readonly version?: string;
      readonly bin?: string | Readonly<Record<string, string>>;
    };
    const script = typeof bin === 'string' ? bin : bin?.[command];
    return { cli: resolve(dirname(real), script ?? 'build/index.js'), version: version ?? '0.0.0' };
  }
  return undefined;
}

function missing(directory: string): Problem {
  const plugAndPlay = [...upwards(directory)].some((folder) => existsSync(join(folder, '.pnp.cjs')));
  if (plugAndPlay) {
    return problem(
      'prisma-unsupported',
      'the project uses Yarn Plug’n’Play; set "nodeLinker: node-modules" in .yarnrc.yml and run yarn install',
      { path: directory },
    );
  }
  return problem(
    'prisma-not-installed',
    'no node_modules/prisma was found from the working directory upwards',
    {
      path: directory,
    },
  );
}

function unsupported(version: string): Problem {
  const [major] = numbers(version);
  const detail =
    major >= 8
      ? 'from Prisma 8 on, migrations are run by "prisma db migrate" and kept in another form; keep Prisma 7 beside it as @prisma/prisma7'
      : 'versions before 5 are not supported; update the package prisma to 5, 6 or 7';
  return problem('prisma-unsupported', detail, { version });
}

function numbers(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split(/[.+-]/).map(Number);
  return [major, minor];
}

/** The folder itself and every folder above it. */
export function* upwards(directory: string): Generator<string> {
  for (let folder = directory; ; folder = dirname(folder)) {
    yield folder;
    if (dirname(folder) === folder) return;
  }
}
