import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const GIT_MS = 10_000;
const run = promisify(execFile);

/**
 * Names of the migration folders that the checked-out commit adds against the base of the pull request
 * (GITHUB_BASE_REF), or against its first parent. Undefined without git, or when the history is too shallow.
 */
export async function addedMigrations(
  root: string,
  migrationsPath: string,
): Promise<ReadonlySet<string> | undefined> {
  const base = process.env.GITHUB_BASE_REF;
  const ranges = [...(base ? [`origin/${base}...HEAD`] : []), 'HEAD^...HEAD'];
  for (const range of ranges) {
    const names = await addedIn(root, range, migrationsPath);
    if (names !== undefined) return names;
  }
  return undefined;
}

async function addedIn(
  root: string,
  range: string,
  migrationsPath: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const args = [
      'diff',
      '--name-only',
      '--no-renames',
      '--diff-filter=AM',
      '-z',
      '--end-of-options',
      range,
      '--',
      migrationsPath,
    ];
    const { stdout } = await run('git', args, { cwd: root, timeout: GIT_MS, maxBuffer: 1 << 24 });
    const files = stdout.split('\0').filter((file) => path.basename(file) === 'migration.sql');
    return new Set(files.map((file) => path.basename(path.dirname(file))));
  } catch {
    return undefined;
  }
}
