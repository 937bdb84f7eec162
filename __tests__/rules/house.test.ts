import { expect, test } from '@jest/globals';
import { code, filesIn, read } from './source.ts';

const MAX_LINES = 200;

const sources = ['src', 'lab', 'scripts', 'bench'].flatMap((folder) => filesIn(folder, /\.(?:ts|mjs)$/));
const texts = filesIn('.', /\.(?:ts|mjs|cjs|json|md|ya?ml|sql|toml|prisma|sh|txt)$|^(?:run|LICENSE|\.\w+)$/);

test(`a file has at most ${MAX_LINES} lines`, () => {
  const long = sources.map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }));
  expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});

test('no type is any', () => {
  const typed = /(?:[:<,|&]|\bas)\s*any\s*(?:[;,)>=\]|&{]|\[\]|$)/m;
  const withoutStrings = (path: string): string =>
    code(path).replaceAll(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g, "''");
  const found = filesIn('src', /\.ts$/).filter((path) => typed.test(withoutStrings(path)));
  expect(found).toEqual([]);
});

test('import() takes a literal: the bundle turns it into require(), which knows no file URLs', () => {
  const computed = /\bimport\s*\(\s*[^'\s]/;
  expect(filesIn('src', /\.ts$/).filter((path) => computed.test(code(path)))).toEqual([]);
});

test('no file names a path of somebody’s machine', () => {
  // Put together here, so that this file does not find itself.
  const roots = ['work', 'root', 'tmp', 'Users', 'home'].map((name) => `(?<![\\w.$}*-])/${name}/[a-z]`);
  const machine = new RegExp(roots.join('|'), 'i');
  const runner = /\/home\/runner\//g;
  const found = texts.filter((path) => machine.test(read(path).replaceAll(runner, '')));
  expect(found).toEqual([]);
});

test('the lock file names no registry: everyone uses their own', () => {
  const hosts = [...read('package-lock.json').matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(
    ([, host]) => host,
  );
  expect(hosts).toEqual([]);
});
