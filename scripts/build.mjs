/**
 * Bundles src/ into dist/: `main.cjs`, `post.cjs`, and one file per adapter that the source loads lazily. Which
 * those are is read from the source: `await import('../adapters/<name>/<file>.ts')` becomes
 * `require('./<name>.cjs')`, and that file an entry of its own. The output is readable, has no machine paths,
 * and is the same on every machine.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { licenses } from './licenses.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Output name → source, relative to the root. */
export const ENTRIES = { main: 'src/main.ts', post: 'src/post.ts' };

/** A file that a package loads from beside itself, and the package whose bundle needs it. */
const COMPANIONS = [
  { part: 'node_modules/libpg-query/', file: 'node_modules/libpg-query/wasm/libpg-query.wasm' },
];

/** Imported by `@actions/*` for tokens and API calls that the start of a run never makes. */
const UNUSED_UNLESS_CALLED = /^(?:undici|@actions\/http-client(?:\/.*)?)$/;
/** Their files only declare; without this, what nobody calls (summary, platform) is read at every start. */
const TOOLKIT = /[\\/]@actions[\\/](?:core|exec|io)[\\/]/;
/** Adapters; the hazard rules, which only a run with something pending reads; and what follows good inputs. */
const LAZY = /(?:^|\/)(?:(?:adapters\/([a-z0-9-]+)|(hazards))\/[a-z0-9-]+|(deploying))\.ts$/;
/** It holds state of the process: in a second bundle it would not know the secrets of the first. */
const ONCE = 'src/app/scrubbing.ts';

/**
 * @param {Map<string, string>} found output name → absolute path of every adapter met in a dynamic import
 * @returns {import('esbuild').Plugin}
 */
const lazyParts = (found) => ({
  name: 'lazy-parts',
  setup(build) {
    build.onResolve({ filter: LAZY }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const [, adapter, floor, file] = LAZY.exec(path) ?? [];
      const name = adapter ?? floor ?? file ?? path;
      const source = resolve(resolveDir, path);
      if ((found.get(name) ?? source) !== source) {
        return {
          errors: [{ text: `${name} has two files that are loaded lazily; one file must export both` }],
        };
      }
      found.set(name, source);
      return { path: `./${name}.cjs`, external: true };
    });
  },
});

/** `@actions/core` wants one random word; see src/adapters/github/random.ts. @type {import('esbuild').Plugin} */
const lightRandom = {
  name: 'light-random',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?crypto$/ }, ({ importer }) =>
      TOOLKIT.test(importer) ? { path: join(ROOT, 'src/adapters/github/random.ts') } : undefined,
    );
  },
};

/** @type {import('esbuild').Plugin} */
const dropUnused = {
  name: 'drop-unused',
  setup(build) {
    build.onResolve({ filter: /./ }, async ({ path, pluginData, ...rest }) => {
      // Asked once more below; the second time is for the resolver itself.
      if (pluginData === dropUnused.name) return undefined;
      if (!UNUSED_UNLESS_CALLED.test(path) && !TOOLKIT.test(rest.importer)) return undefined;
      const found = await build.resolve(path, { ...rest, pluginData: dropUnused.name });
      return { ...found, sideEffects: false };
    });
  },
};

/**
 * @param {string} outdir
 * @param {Readonly<Record<string, string>>} entries
 * @param {Map<string, string>} found
 */
async function bundleAll(outdir, entries, found) {
  const result = await bundle({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: path, out })),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The AWS SDK's ES modules shed a quarter of their code, and as much of the time to load it.
    mainFields: ['module', 'main'],
    // import() becomes require(), which is faster for CommonJS. A test sees to it that each takes a literal.
    supported: { 'dynamic-import': false },
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [lazyParts(found), lightRandom, dropUnused],
  });
  return Object.keys(result.metafile.inputs);
}

/**
 * @param {{ readonly outdir: string, readonly entries?: Readonly<Record<string, string>> }} options
 * @returns {Promise<void>}
 */
export async function build({ outdir, entries = ENTRIES }) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  /** @type {Set<string>} */
  const inputs = new Set();
  /** @type {Set<string>} */
  const built = new Set();
  /** @type {Map<string, string>} */
  const found = new Map();
  // An adapter may load another one lazily, so go on until nothing new turns up.
  for (let next = entries; Object.keys(next).length > 0; ) {
    const paths = await bundleAll(outdir, next, found);
    if (next !== entries && paths.includes(ONCE)) throw new Error(`${ONCE} is in a bundle loaded lazily`);
    for (const path of paths) inputs.add(path);
    for (const name of Object.keys(next)) built.add(name);
    const fresh = [...found].filter(([name]) => !built.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    next = Object.fromEntries(fresh.map(([name, path]) => [name, relative(ROOT, path)]));
  }
  for (const { part, file } of COMPANIONS) {
    if ([...inputs].some((path) => path.startsWith(part)))
      writeFileSync(join(outdir, basename(file)), readFileSync(join(ROOT, file)));
  }
  writeFileSync(join(outdir, 'licenses.txt'), licenses(ROOT, inputs));
}

/** File by file, each at once: a run that is going on never meets half a bundle. @param {string} from @param {string} to */
function replaceFiles(from, to) {
  mkdirSync(to, { recursive: true });
  const fresh = new Set(readdirSync(from));
  for (const file of fresh) renameSync(join(from, file), join(to, file));
  for (const file of readdirSync(to)) if (!fresh.has(file)) rmSync(join(to, file), { recursive: true });
  rmSync(from, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const draft = join(ROOT, `dist.${process.pid}`);
  await build({ outdir: draft });
  replaceFiles(draft, join(ROOT, 'dist'));
  console.log('dist/ written');
}
