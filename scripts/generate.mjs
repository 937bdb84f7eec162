/**
 * Writes action.yml and the README's tables from the tables in src/inputs/. With `--check` it writes nothing
 * and exits 1 when a file is not what it would write. Needs Node 24: `npm run generate`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { actionYaml, withTables } from './contract.mjs';

const at = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (/** @type {string} */ name) =>
  existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined;
const checking = process.argv.includes('--check');

/** @param {string} name @param {(now: string | undefined) => string} render @returns {string | undefined} */
function bring(name, render) {
  const now = read(name);
  try {
    const fresh = render(now);
    if (fresh === now) return undefined;
    if (checking) return `${name} differs from the tables in src/inputs/; run \`npm run generate\``;
    writeFileSync(at(name), fresh);
    console.log(`${name} written`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const faults = [
  bring('action.yml', () => actionYaml()),
  bring('README.md', (now) => {
    if (now === undefined) throw new Error('README.md is missing; its input and output tables are generated');
    return withTables(now);
  }),
].filter((fault) => fault !== undefined);

for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(checking ? 'action.yml and README.md are up to date' : 'done');
process.exitCode = faults.length === 0 ? 0 : 1;
