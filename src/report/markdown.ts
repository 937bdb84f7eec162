import { clip, oneLine, plain } from './words.ts';

/** Escaping for GitHub Flavored Markdown. Names, SQL and server messages come from strangers. */

// An underscore inside a word is text to GitHub, and migration names are full of them.
const SPECIAL = /[&<>`*~|[\]\\#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
const entity = (char: string): string => `&#${char.charCodeAt(0)};`;

/**
 * Prose. Every special character becomes an entity, which Markdown takes as text in any place, also in a
 * table. A zero-width space keeps `@name` from calling someone and `://` from becoming a link.
 */
export const md = (text: string, max = 1_000): string =>
  oneLine(text, max)
    .replace(SPECIAL, entity)
    .replace(/^([-+=:]|\d+[.)])/, '\u200b$1')
    .replaceAll('@', '@\u200b')
    .replace(/:\/\//g, ':\u200b//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}\u200b.`);

/** Prose of our own: the links in it are meant to be followed. */
export const prose = (text: string, max = 4_000): string =>
  md(text, max).replace(
    /\(https:\u200b\/\/(pris\.ly\/[a-z/-]+)\)/g,
    (_, address: string) => `([${address}](https://${address}))`,
  );

/** Inline code that survives every content: HTML, with Markdown escaped inside. */
export const code = (text: string, max = 200): string => `<code>${md(text, max) || ' '}</code>`;

/** A fenced block, whose fence is longer than any run of backticks inside. */
export function fence(text: string, language: string, max = 2_000): string {
  const body = clip(plain(text), max).replace(/\n+$/, '');
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${body}\n${marks}`;
}

/** A block inside an item of a list. */
export const indented = (block: string): string => block.replace(/^/gm, '  ');

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
