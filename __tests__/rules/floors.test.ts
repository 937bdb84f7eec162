import { describe, expect, test } from '@jest/globals';
import { filesIn, type Import, importsOf, read } from './source.ts';

/** Which floors may be imported from which; a floor may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['domain'],
  inputs: ['domain'],
  plan: ['domain'],
  hazards: ['domain'],
  report: ['domain'],
  guard: ['domain', 'ports'],
  adapters: ['domain', 'ports'],
  app: ['domain', 'ports', 'inputs', 'plan', 'hazards', 'report', 'guard', 'adapters'],
  main: ['app'],
  post: ['app'],
};
/**
 * What adapters of one kind have in common, and whose it is: client options and the translation of errors; certificates
 * and rows. No adapter itself.
 */
const COMMON_GROUND: Readonly<Record<string, readonly string[]>> = {
  aws: ['rds', 'secretsmanager'],
  database: ['postgres', 'mysql'],
};

const files = filesIn('src', /\.ts$/);
const imports = files.flatMap(importsOf);
const floorOf = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
const adapterOf = (path: string): string | undefined =>
  floorOf(path) === 'adapters' ? path.split('/')[2] : undefined;
const told = (list: readonly Import[]): readonly string[] =>
  list.map(({ from, to }) => `${from} imports ${to}`);

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(30);
  expect(imports.length).toBeGreaterThan(files.length);
});

test('every file stands on a known floor', () => {
  expect(files.filter((path) => !(floorOf(path) in ALLOWED))).toEqual([]);
});

test('every import of ours names a file that exists, with its extension', () => {
  expect(told(imports.filter(({ to, ours }) => ours && !files.includes(to)))).toEqual([]);
});

test.each(Object.entries(ALLOWED))('%s imports only from: itself, %j', (floor, allowed) => {
  const wrong = imports.filter(
    ({ from, to, ours }) => ours && floorOf(from) === floor && ![floor, ...allowed].includes(floorOf(to)),
  );
  expect(told(wrong)).toEqual([]);
});

test('adapters never import each other', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [here, there] = [adapterOf(from), adapterOf(to)];
    if (here === undefined || there === undefined || here === there) return false;
    return COMMON_GROUND[there]?.includes(here) !== true;
  });
  expect(told(wrong)).toEqual([]);
});

describe('what comes from outside', () => {
  const outside = imports.filter(({ ours }) => !ours);
  const isBuiltin = ({ to }: Import): boolean => to.startsWith('node:');

  test('Node builtins are used in adapters and app only', () => {
    const wrong = outside.filter(
      (each) => isBuiltin(each) && !['adapters', 'app'].includes(floorOf(each.from)),
    );
    expect(told(wrong)).toEqual([]);
  });

  test('npm packages are used in adapters only, and are dependencies, not devDependencies', () => {
    const { dependencies } = JSON.parse(read('package.json')) as {
      dependencies: Readonly<Record<string, string>>;
    };
    const nameOf = (to: string): string =>
      (to.startsWith('@') ? to.split('/').slice(0, 2) : to.split('/', 1)).join('/');
    const wrong = outside.filter(
      (each) => !isBuiltin(each) && !(floorOf(each.from) === 'adapters' && nameOf(each.to) in dependencies),
    );
    expect(told(wrong)).toEqual([]);
  });
});

test('imports go round in no circle', () => {
  const graph = new Map(files.map((path) => [path, importsOf(path).filter(({ ours }) => ours)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path) || way.includes(path)) return;
    for (const { to } of graph.get(path) ?? []) walk(to, [...way, path]);
    done.add(path);
  };
  for (const path of files) walk(path, []);
  expect(circles).toEqual([]);
});
