/** Writes docs/hazards/ (one page per rule); `--check` writes nothing and exits 1 when a page differs. Needs Node 24. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pages } from './hazards-pages.mjs';

const folder = fileURLToPath(new URL('../docs/hazards/', import.meta.url));
mkdirSync(folder, { recursive: true });
const stale = [...pages()].filter(
  ([name, text]) => !existsSync(folder + name) || readFileSync(folder + name, 'utf8') !== text,
);
if (process.argv.includes('--check')) {
  for (const [name] of stale)
    console.error(`docs/hazards/${name} differs; run node scripts/hazards-docs.mjs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of stale) writeFileSync(folder + name, text);
  console.log(`${stale.length} pages written`);
}
