/** Small pure pieces of wording that every report shares. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are made of them
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
// Control characters, zero-width and direction marks: a hostile name could hide or reorder text with them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Cuts on characters, not halves of one, and shows that it did. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = max - 1;
  const splits = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, splits ? end - 1 : end)}…`;
}

/** Half a character cannot be written as UTF-8, and strict readers of JSON refuse it. */
export const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

/** Keeps line breaks and tabs; removes colours and control characters. */
export const plain = (text: string): string =>
  text.replace(ANSI, '').replace(/\r\n?/g, '\n').replace(CONTROL, '');

/** One line, at most `max` characters. */
export const oneLine = (text: string, max = 200): string => {
  // A megabyte of SQL need not be walked for the first 200 characters.
  const head = text.length > max * 4 + 1000 ? text.slice(0, max * 4 + 1000) : text;
  return clip(plain(head).replace(/\s+/g, ' ').trim(), max);
};

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `a, b and 7 more` */
export function list(names: readonly string[], max = 5): string {
  const shown = names.slice(0, max).map((name) => oneLine(name, 120));
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** A measured time, for people: `12.3 s`, `2 min 5 s`, `1 h 4 min`. */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A limit as the inputs spell it: `500ms`, `30s`, `5m`, `2h`. */
export function limit(ms: number): string {
  if (ms > 0 && ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms > 0 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  if (ms % 1000 === 0) return `${ms / 1000}s`;
  return `${ms}ms`;
}

export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

export const joined = (sentences: readonly string[]): string =>
  sentences
    .filter((each) => each !== '')
    .map(sentence)
    .join(' ');

/** For a POSIX shell; quotes only what needs it. */
export const shell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const encoder = new TextEncoder();
export const bytes = (text: string): number => encoder.encode(text).length;
