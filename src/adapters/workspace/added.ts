import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const GIT_MS = 10_000;
const run = promisify(execFile);

/**
 * Names of the migration folders that the checked-out commit adds against the base of the pull request
 * (GITHUB_BASE_REF), or, outside of pull requests, against its first parent. Undefined without git, or when the history is too shallow.
 */
export async function addedMigrations(
  root: string,
  migrationsPath: string,
): Promise<ReadonlySet<string> | undefined> {
  const base = process.env.GITHUB_BASE_REF;
  if (!base) return addedIn(root, 'HEAD^...HEAD', migrationsPath);
  const names = await addedIn(root, `origin/${base}...HEAD`, migrationsPath);
  if (names !== undefined || !(await isMerge(root))) return names;
  return addedIn(root, 'HEAD^...HEAD', migrationsPath);
}

/** Only of the merge commit that GitHub checks out is the first parent the whole base; of the branch's tip it is one commit. */
const isMerge = (root: string): Promise<boolean> =>
  run('git', ['rev-parse', '--verify', '--quiet', 'HEAD^2'], { cwd: root, timeout: GIT_MS }).then(
    () => true,
    () => false,
  );

async function addedIn(
  root: string,
  range: string,
  migrationsPath: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const args = [
      // A folder may be named with signs that git would take for a pattern.
      '--literal-pathspecs',
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
