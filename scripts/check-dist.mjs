/** Exits 1 unless dist/ is, byte by byte, what the source builds, small enough at the start, and free of machine paths. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, ROOT } from './build.mjs';

const MAX_MAIN_BYTES = 400_000;

/** @param {string} directory @returns {ReadonlyMap<string, Buffer>} */
function files(directory) {
  if (!existsSync(directory)) return new Map();
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  return new Map(names.map((path) => [path.slice(directory.length + 1), readFileSync(path)]));
}

/** @param {ReadonlyMap<string, Buffer>} committed @param {ReadonlyMap<string, Buffer>} fresh */
function differences(committed, fresh) {
  const names = [...new Set([...committed.keys(), ...fresh.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [committed.get(name), fresh.get(name)];
    if (was === undefined) return [`dist/${name} is missing`];
    if (is === undefined) return [`dist/${name} is not built any more`];
    return was.equals(is) ? [] : [`dist/${name} differs from what the source builds`];
  });
}

/** @param {ReadonlyMap<string, Buffer>} fresh */
function faults(fresh) {
  const bytes = fresh.get('main.cjs')?.length ?? 0;
  const machine = [ROOT, homedir(), tmpdir()].filter((path) => path.length > 4);
  return [
    ...(bytes > MAX_MAIN_BYTES ? [`main.cjs has ${bytes} bytes, more than ${MAX_MAIN_BYTES}`] : []),
    ...[...fresh].flatMap(([name, content]) =>
      machine.filter((path) => content.includes(path)).map((path) => `dist/${name} holds the path ${path}`),
    ),
  ];
}

const scratch = mkdtempSync(join(tmpdir(), 'dist-'));
try {
  await build({ outdir: scratch });
  const fresh = files(scratch);
  const found = [...differences(files(join(ROOT, 'dist')), fresh), ...faults(fresh)];
  for (const line of found) console.error(line);
  if (found.length > 0) console.error('run `npm run build` and commit dist/');
  else console.log(`dist/ is up to date; main.cjs has ${fresh.get('main.cjs')?.length} bytes`);
  process.exitCode = found.length > 0 ? 1 : 0;
} catch (error) {
  console.error(`dist/ cannot be checked: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
