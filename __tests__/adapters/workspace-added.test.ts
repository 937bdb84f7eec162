import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addedMigrations } from '../../src/adapters/workspace/added.ts';

const FOLDER = 'prisma/migrations';
const folders: string[] = [];
const before = process.env.GITHUB_BASE_REF;
const eventBefore = process.env.GITHUB_EVENT_PATH;
const setBase = (value: string | undefined): void => {
  if (value === undefined) delete process.env.GITHUB_BASE_REF;
  else process.env.GITHUB_BASE_REF = value;
};

const setEvent = (event: unknown): void => {
  delete process.env.GITHUB_EVENT_PATH;
  if (event === undefined) return;
  const file = join(temp(), 'event.json');
  writeFileSync(file, JSON.stringify(event));
  process.env.GITHUB_EVENT_PATH = file;
};

beforeEach(() => {
  setBase(undefined);
  setEvent(undefined);
});
afterEach(() => {
  setBase(before);
  if (eventBefore === undefined) delete process.env.GITHUB_EVENT_PATH;
  else process.env.GITHUB_EVENT_PATH = eventBefore;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const temp = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'added-'));
  folders.push(folder);
  return folder;
};

/** Nothing of the caller's configuration. */
const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' },
  });

const hasGit = ((): boolean => {
  try {
    return execFileSync('git', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).startsWith('git');
  } catch {
    return false;
  }
})();

interface Repository {
  readonly dir: string;
  write(name: string, text?: string): void;
  commit(): void;
}

/** On `main` with one commit: the migration `1_init`. */
function repository(migrations = FOLDER): Repository {
  const dir = temp();
  const write = (path: string, text = 'SELECT 1;\n'): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const commit = (): void => {
    git(dir, 'add', '--all');
    git(dir, 'commit', '--quiet', '--message', 'a commit');
  };
  git(dir, 'init', '--quiet', '--initial-branch=main');
  write(`${migrations}/1_init/migration.sql`);
  commit();
  return { dir, write: (name, text) => write(`${migrations}/${name}`, text), commit };
}

const clone = (from: string, ...args: readonly string[]): string => {
  const dir = temp();
  git(dir, 'clone', '--quiet', ...args, `file://${from}`, 'work');
  return join(dir, 'work');
};

const names = async (root: string, folder = join(root, FOLDER)): Promise<readonly string[] | undefined> => {
  const found = await addedMigrations(root, folder);
  return found === undefined ? undefined : [...found].toSorted();
};

const withGit = hasGit ? describe : describe.skip;
withGit('what a commit adds, told by git', () => {
  test('against the first parent', async () => {
    const { dir, write, commit } = repository();
    write('2_next/migration.sql');
    write('2_next/down.sql');
    write('notes/README.md');
    write('../schema.prisma');
    commit();
    expect(await names(dir)).toEqual(['2_next']);
    expect(await names(dir, FOLDER)).toEqual(['2_next']);
  });

  test('a file changed counts, one deleted or only moved away does not', async () => {
    const { dir, write, commit } = repository();
    write('2_next/migration.sql');
    write('3_gone/migration.sql', 'SELECT 3;\n');
    commit();
    write('1_init/migration.sql', 'SELECT 2;\n');
    rmSync(join(dir, FOLDER, '3_gone'), { recursive: true });
    commit();
    expect(await names(dir)).toEqual(['1_init']);
  });

  test('a folder renamed is a migration added', async () => {
    const { dir, commit } = repository();
    git(dir, 'mv', `${FOLDER}/1_init`, `${FOLDER}/2_init`);
    commit();
    expect(await names(dir)).toEqual(['2_init']);
  });

  test('nothing added is an answer, not a silence', async () => {
    const { dir, write, commit } = repository();
    write('../../src/index.ts');
    commit();
    expect(await names(dir)).toEqual([]);
  });

  test('against the base of the pull request: every commit of the branch, nothing of the base', async () => {
    const { dir, write, commit } = repository();
    git(dir, 'switch', '--quiet', '--create', 'feature');
    for (const name of ['2_a', '3_b']) {
      write(`${name}/migration.sql`);
      commit();
    }
    git(dir, 'switch', '--quiet', 'main');
    write('9_of_base/migration.sql');
    commit();
    const work = clone(dir, '--branch', 'feature');
    setBase('main');
    expect(await names(work)).toEqual(['2_a', '3_b']);
  });

  test('a push of several commits: against what the branch was before it', async () => {
    const { dir, write, commit } = repository();
    const old = git(dir, 'rev-parse', 'HEAD').trim();
    for (const name of ['2_a', '3_b']) {
      write(`${name}/migration.sql`);
      commit();
    }
    setEvent({ before: old });
    expect(await names(dir)).toEqual(['2_a', '3_b']);
    // Two of three commits were fetched: one of them would be half the truth.
    expect(await names(clone(dir, '--depth=2'))).toBeUndefined();
    setEvent({ before: '0'.repeat(40) });
    expect(await names(dir)).toEqual(['3_b']);
    setEvent({ before: '--output=pwned' });
    expect(await names(dir)).toEqual(['3_b']);
  });

  test('a base branch without a name here: the commit that the event names', async () => {
    const { dir, write, commit } = repository();
    const base = git(dir, 'rev-parse', 'HEAD').trim();
    for (const name of ['2_a', '3_b']) {
      write(`${name}/migration.sql`);
      commit();
    }
    setBase('elsewhere');
    expect(await names(dir)).toBeUndefined();
    setEvent({ pull_request: { base: { sha: base } } });
    expect(await names(dir)).toEqual(['2_a', '3_b']);
  });

  /** As actions/checkout with fetch-depth 2 on refs/pull/N/merge: the base has no name. */
  test('of a merge commit without the base branch the first parent is the base', async () => {
    const { dir, write, commit } = repository();
    git(dir, 'switch', '--quiet', '--create', 'feature');
    for (const name of ['2_a', '3_b']) {
      write(`${name}/migration.sql`);
      commit();
    }
    git(dir, 'switch', '--quiet', '--create', 'merged', 'main');
    git(dir, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'feature');
    const work = clone(dir, '--depth=2', '--branch', 'merged');
    setBase('main');
    expect(await names(work)).toEqual(['2_a', '3_b']);
  });

  test('of the tip of a branch without the base branch nobody can tell', async () => {
    const { dir, write, commit } = repository();
    for (const name of ['2_a', '3_b']) {
      write(`${name}/migration.sql`);
      commit();
    }
    const work = clone(dir, '--depth=2');
    setBase('elsewhere');
    expect(await names(work)).toBeUndefined();
  });

  test('a history of one commit, no repository, and a folder outside of it', async () => {
    const { dir, write, commit } = repository();
    write('2_next/migration.sql');
    commit();
    expect(await names(clone(dir, '--depth=1'))).toBeUndefined();
    expect(await names(temp())).toBeUndefined();
    expect(await names(dir, '/elsewhere/migrations')).toBeUndefined();
  });

  test('names that git would quote, and folders that look like patterns or options', async () => {
    const folder = 'apps/:(glob)web/migr*';
    const { dir, write, commit } = repository(folder);
    const odd = ['2_ä "quoted"', '3_two\nlines', '--output=x'];
    for (const name of odd) write(`${name}/migration.sql`);
    // Of another project, which a pattern would match.
    write('../migrations/9_other/migration.sql');
    commit();
    expect(await names(dir, folder)).toEqual(odd.toSorted());
  });

  test('a base branch that looks like an option', async () => {
    const { dir, write, commit } = repository();
    write('2_next/migration.sql');
    commit();
    setBase('--output=pwned');
    expect(await names(dir)).toBeUndefined();
    expect(git(dir, 'status', '--porcelain')).toBe('');
  });
});
