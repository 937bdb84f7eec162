import type { Token } from './lexer.ts';
import { upper } from './split.ts';

/** The tokens of one statement, without comments, with what is asked of them again and again. */
export interface Reading {
  readonly tokens: readonly Token[];
  /** Upper case; empty for strings and names in backticks. */
  readonly words: readonly string[];
  /** How many brackets are open before each token. */
  readonly depths: readonly number[];
}

export function readingOf(all: readonly Token[]): Reading {
  const tokens = all.filter((each) => each.kind !== 'mark');
  const words = tokens.map(upper);
  let depth = 0;
  const depths = words.map((word) => {
    const here = depth;
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    return here;
  });
  return { tokens, words, depths };
}

/** The same statement from a token on. */
export const from = ({ tokens }: Reading, index: number): Reading => readingOf(tokens.slice(index));

/** The index of the first of these words outside of brackets, at or after `start`; the end when there is none. */
export function firstOf({ words, depths }: Reading, wanted: ReadonlySet<string>, start = 0): number {
  let index = start;
  while (index < words.length && !(depths[index] === 0 && wanted.has(words[index] ?? ''))) index += 1;
  return index;
}

export function has({ words }: Reading, ...run: readonly string[]): boolean {
  const [first = ''] = run;
  for (let at = words.indexOf(first); at >= 0; at = words.indexOf(first, at + 1))
    if (run.every((word, next) => words[at + next] === word)) return true;
  return false;
}

/** True for a word or a name in backticks. */
export const isName = (token: Token | undefined): boolean =>
  token?.kind === 'quoted' || (token?.kind === 'word' && !/^\d+$/.test(token.text));

/** Indexes at which `database.object` begins; `@user.x` and `a.b.c` in the middle are none. */
export function qualified({ tokens, words }: Reading): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index + 2 < tokens.length; index += 1) {
    const before = words[index - 1];
    if (words[index + 1] !== '.' || before === '.' || before === '@') continue;
    if (isName(tokens[index]) && isName(tokens[index + 2])) found.push(index);
  }
  return found;
}

export const setOf = (text: string): ReadonlySet<string> =>
  new Set(text.split(/\s+/).filter((word) => word !== ''));
