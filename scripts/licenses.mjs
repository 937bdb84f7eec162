/** Licence texts of the packages whose code is part of a bundle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} path of a bundled file, relative to the root */
function packageDirectory(path) {
  const at = path.lastIndexOf('node_modules/');
  if (at < 0) return undefined;
  const [scope = '', name = ''] = path.slice(at + 'node_modules/'.length).split('/');
  return (
    path.slice(0, at) + (scope.startsWith('@') ? `node_modules/${scope}/${name}` : `node_modules/${scope}`)
  );
}

/** @param {string} root @param {string} directory */
function entry(root, directory) {
  const about = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
  const texts = readdirSync(join(root, directory))
    .filter((name) => /^(?:licen[cs]e|notice|copying)/i.test(name))
    .sort()
    .map((name) =>
      readFileSync(join(root, directory, name), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    );
  const license = typeof about.license === 'string' ? about.license : 'see the text';
  return { title: `${about.name} ${about.version} (${license})`, text: texts.join('\n\n') };
}

/**
 * One block per licence text, under the packages that come with it; sorted, the same on every machine.
 * @param {string} root
 * @param {Iterable<string>} inputs bundled files, relative to the root
 */
export function licenses(root, inputs) {
  const directories = new Set([...inputs].map(packageDirectory).filter((each) => each !== undefined));
  /** @type {Map<string, Set<string>>} */
  const titles = new Map();
  for (const { title, text } of [...directories].map((each) => entry(root, each))) {
    titles.set(text, (titles.get(text) ?? new Set()).add(title));
  }
  const blocks = [...titles]
    .map(([text, names]) => `${[...names].sort().join('\n')}\n\n${text}`.trim())
    .sort();
  return `Packages whose code is part of this folder.\n\n${blocks.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
