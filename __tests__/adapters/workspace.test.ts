import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createWorkspace } from '../../src/adapters/workspace/workspace.ts';
import { problemsOf } from '../../src/domain/problem.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workspace-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string | Uint8Array = path): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const found = async (): Promise<readonly string[]> =>
  (await createWorkspace({ root }).deployFiles()).map(({ path }) => path);

describe('files that may run Prisma', () => {
  test('are found where they live, and nothing else', async () => {
    const wanted = [
      'Dockerfile',
      'package.json',
      '.github/workflows/ci.yaml',
      'apps/api/api.Dockerfile',
      'apps/api/package.json',
      'docker/Containerfile',
      'docker/Dockerfile.prod',
      'docker/entrypoint.sh',
      '.github/actions/db/action.yml',
    ];
    const others = [
      'README.md',
      'node_modules/x/package.json',
      'apps/api/node_modules/x/package.json',
      'dist/package.json',
      '.git/hooks/pre-commit.sh',
      '.github/dependabot.yml',
      '.github/ISSUE_TEMPLATE/x.sh',
      'docs/workflows/ci.yml',
      'src/Dockerfile.ts/x.ts',
    ];
    for (const path of [...wanted, ...others]) put(path);
    expect((await found()).toSorted()).toEqual(wanted.toSorted());
    expect(await createWorkspace({ root }).deployFiles()).toContainEqual({
      path: 'docker/entrypoint.sh',
      text: 'docker/entrypoint.sh',
    });
  });

  test('are bounded in depth, size and number, and links are not followed', async () => {
    put('a/b/c/d/e/f/package.json');
    put('a/b/c/d/e/f/g/package.json');
    put('big/package.json', new Uint8Array(600_000));
    symlinkSync('..', join(root, 'a/loop'));
    symlinkSync('big/package.json', join(root, 'run.sh'));
    expect(await found()).toEqual(['a/b/c/d/e/f/package.json']);
    rmSync(join(root, 'big'), { recursive: true });
    for (let index = 0; index < 450; index += 1) put(`s/${index}.sh`);
    expect(await found()).toHaveLength(400);
  });

  test('are none in a folder that is not there', async () => {
    expect(await createWorkspace({ root: join(root, 'gone') }).deployFiles()).toEqual([]);
  });
});

test('a down.sql counts when it says something', async () => {
  put('m/1_a/down.sql', 'DROP TABLE a;\n');
  put('m/2_b/down.sql', '-- nothing to do\n/* later;\n */ ;\n');
  put('m/3_c/down.sql', '');
  put('m/4_d/migration.sql', 'SELECT 1;');
  put('m/5_e/down.sql', '\uFEFF-- first\nSELECT 1');
  const workspace = createWorkspace({ root });
  expect([...(await workspace.downScripts(join(root, 'm')))].toSorted()).toEqual(['1_a', '5_e']);
  expect([...(await workspace.downScripts(join(root, 'none')))]).toEqual([]);
});

describe('reports', () => {
  test('are written below the root with their folders', async () => {
    const path = await createWorkspace({ root }).write('out/reports/plan.sarif', '{}');
    expect(path).toBe(join(root, 'out/reports/plan.sarif'));
    expect(readFileSync(path, 'utf8')).toBe('{}');
  });

  test('that cannot be written are one problem with the path and the cause', async () => {
    put('file');
    const failed = await createWorkspace({ root })
      .write('file/plan.json', '{}')
      .catch((error: unknown) => problemsOf(error));
    expect(failed).toMatchObject([
      { code: 'report-unwritable', fields: { path: join(root, 'file/plan.json'), what: 'plan.json' } },
    ]);
  });
});

test('room is told for a folder, not for a file or for nothing', async () => {
  put('file');
  const workspace = createWorkspace({ root });
  expect(await workspace.room(root)).toBeGreaterThan(0);
  expect([await workspace.room(join(root, 'file')), await workspace.room(join(root, 'gone'))]).toEqual([
    undefined,
    undefined,
  ]);
});
