import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const GIT_MS = 10_000;
const run = promisify(execFile);

/**
 * Names of the migration folders that the checked-out commit adds or edits: against the base of the pull request, against what
 * the branch was before the push, or else against the first parent. Undefined without git, or when the history is too shallow.
 */
export async function addedMigrations(
  root: string,
  migrationsPath: string,
): Promise<ReadonlySet<string> | undefined> {
  for (const range of await ranges(root)) {
    const names = await addedIn(root, range, migrationsPath);
    if (names !== undefined) return names;
  }
  return undefined;
}

const FIRST_PARENT = 'HEAD^...HEAD';

/** The best first. */
async function ranges(root: string): Promise<readonly string[]> {
  const event = readEvent(process.env.GITHUB_EVENT_PATH);
  const base = process.env.GITHUB_BASE_REF;
  if (base) {
    const sha = commit(event.pull_request?.base?.sha);
    return [
      `origin/${base}...HEAD`,
      ...(sha === undefined ? [] : [`${sha}...HEAD`]),
      ...((await isMerge(root)) ? [FIRST_PARENT] : []),
    ];
  }
  const before = commit(event.before);
  // A push may bring several commits, so without the commit before it nobody can tell.
  if (before !== undefined) return [`${before}...HEAD`];
  return [FIRST_PARENT];
}

/** Only the parts of a webhook payload that name a commit. */
interface Payload {
  readonly before?: unknown;
  readonly pull_request?: { readonly base?: { readonly sha?: unknown } };
}

function readEvent(file: string | undefined): Payload {
  try {
    const event: unknown = JSON.parse(readFileSync(file ?? '', 'utf8'));
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return {};
  }
}

/** A whole id and nothing that git would take for an option; zeros stand for a branch that is new. */
const commit = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) && !/^0+$/.test(value) ? value : undefined;

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
