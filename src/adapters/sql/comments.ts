import { afterBlock, afterDollar, afterLine, afterQuoted, inWord } from './lexer.ts';

/** Where a comment stands: its first character, and the one after its last. */
export type Span = readonly [start: number, end: number];

const [QUOTE, DOUBLE, DOLLAR, DASH] = [39, 34, 36, 45];
const LETTERS_E = [69, 101];

/** What may open something in which comment signs mean nothing, or is one. */
const OPENING = /['"$]|--|\/\*/g;

/** True for the quote of `E'…'`, in which a backslash escapes. */
const isEscaped = (text: string, quote: number): boolean => {
  const prefixed = LETTERS_E.includes(text.charCodeAt(quote - 1));
  return prefixed && !(quote > 1 && inWord(text.charCodeAt(quote - 2)));
};

/** The comments of a text, in order. The pattern jumps over everything else, which is most of it. */
export function commentsOf(text: string): readonly Span[] {
  const found: Span[] = [];
  OPENING.lastIndex = 0;
  while (OPENING.test(text)) {
    const after = OPENING.lastIndex;
    const code = text.charCodeAt(after - 1);
    let end = after;
    if (code === DOUBLE || code === QUOTE)
      end = afterQuoted(text, after, code, code === QUOTE && isEscaped(text, after - 1));
    else if (code === DOLLAR) {
      const inside = after > 1 && inWord(text.charCodeAt(after - 2));
      end = (inside ? undefined : afterDollar(text, after - 1)) ?? after;
    } else {
      end = code === DASH ? afterLine(text, after) : afterBlock(text, after - 2);
      found.push([after - 2, end]);
    }
    OPENING.lastIndex = end;
  }
  return found;
}
