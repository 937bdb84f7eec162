/**
 * PostgreSQL's lexical rules as far as comments, labels and commas need them. libpg-query's own scanner is exact but takes
 * twice the time of the parser; a test holds this one against it. Character codes instead of patterns: half of a whole
 * run's own time went into compiling and running those.
 */
export interface Lexeme {
  /** 0-based character offsets. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: 'comment' | 'word' | 'quoted' | 'literal' | 'sign';
}

const [QUOTE, DOUBLE, DOLLAR, DOT, DASH, SLASH, STAR, BACKSLASH, AMPERSAND] = [
  39, 34, 36, 46, 45, 47, 42, 92, 38,
];
const UNDERSCORE = 95;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Every byte from 0x80 on is a letter to PostgreSQL. */
const beginsWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === UNDERSCORE || code >= 0x80;
export const inWord = (code: number): boolean => beginsWord(code) || isDigit(code) || code === DOLLAR;
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

function afterWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && inWord(text.charCodeAt(at))) at += 1;
  return at;
}

function afterPlain(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from);
  while (at !== -1 && text.charAt(at + 1) === quote) at = text.indexOf(quote, at + 2);
  return at === -1 ? text.length : at + 1;
}

/** After a quote that closes: doubled ones are inside, and so is what follows a backslash if that escapes. */
export function afterQuoted(text: string, from: number, quote: number, escapes: boolean): number {
  if (!escapes) return afterPlain(text, from, quote === QUOTE ? "'" : '"');
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 2;
    else if (code !== quote) at += 1;
    else if (text.charCodeAt(at + 1) === quote) at += 2;
    else return at + 1;
  }
  return text.length;
}

const LINE_END = /[\n\r]/g;

export function afterLine(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.test(text) ? LINE_END.lastIndex - 1 : text.length;
}

/** Block comments nest in PostgreSQL. */
export function afterBlock(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const [code, next] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
    if (code === SLASH && next === STAR) {
      depth += 1;
      at += 2;
    } else if (code === STAR && next === SLASH) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else at += 1;
  }
  return at;
}

/** After `$tag$ … $tag$`; undefined when no tag begins here. */
export function afterDollar(text: string, from: number): number | undefined {
  let at = from + 1;
  if (beginsWord(text.charCodeAt(at)))
    while (at < text.length && text.charCodeAt(at) !== DOLLAR && inWord(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) !== DOLLAR) return undefined;
  const tag = text.slice(from, at + 1);
  const closing = text.indexOf(tag, at + 1);
  return closing === -1 ? text.length : closing + tag.length;
}

function afterNumber(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code !== DOT && code !== UNDERSCORE && !isDigit(code) && !(code < 0x80 && beginsWord(code)))
      return at;
    at += 1;
  }
  return at;
}

/** Where the quote of `E'…'`, `B'…'`, `U&"…"` stands; undefined when these letters begin a plain word. */
function prefixedQuote(text: string, at: number): number | undefined {
  const letter = text.charAt(at).toLowerCase();
  const next = text.charCodeAt(at + 1);
  if (letter === 'u' && next === AMPERSAND) {
    const quote = text.charCodeAt(at + 2);
    return quote === QUOTE || quote === DOUBLE ? at + 2 : undefined;
  }
  return next === QUOTE && 'ebxn'.includes(letter) ? at + 1 : undefined;
}

function afterWordOrLiteral(text: string, at: number): number {
  const quote = prefixedQuote(text, at);
  if (quote === undefined) return afterWord(text, at + 1);
  const escapes = quote === at + 1 && text.charAt(at).toLowerCase() === 'e';
  return afterQuoted(text, quote + 1, text.charCodeAt(quote), escapes);
}

const beginsComment = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  return (code === DASH && next === DASH) || (code === SLASH && next === STAR);
};

function endOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (beginsWord(code)) return afterWordOrLiteral(text, at);
  if (code === DOUBLE || code === QUOTE) return afterQuoted(text, at + 1, code, false);
  if (beginsComment(text, at)) return code === DASH ? afterLine(text, at) : afterBlock(text, at);
  if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(at + 1)))) return afterNumber(text, at + 1);
  return (code === DOLLAR ? afterDollar(text, at) : undefined) ?? at + 1;
}

/** Where the lexeme ends that begins at `at`; never past the end of the text. */
const lexemeEnd = (text: string, at: number): number => Math.min(endOf(text, at), text.length);

/** The first place that is no white space; the length of the text when there is none. */
export function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** The place after the last character before `to` that is no white space; 0 when there is none. */
export function beforeSpace(text: string, to: number): number {
  let at = to;
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** The kind of a lexeme by how it begins, and how long it is. */
function kindAt(text: string, at: number, end: number): Lexeme['kind'] {
  const code = text.charCodeAt(at);
  if (beginsComment(text, at)) return 'comment';
  if (code === DOUBLE) return 'quoted';
  if (beginsWord(code)) {
    const quote = prefixedQuote(text, at);
    if (quote === undefined) return 'word';
    return text.charCodeAt(quote) === DOUBLE ? 'quoted' : 'literal';
  }
  const isSign = code !== QUOTE && !isDigit(code) && end === at + 1;
  return isSign ? 'sign' : 'literal';
}

export function lexemesOf(text: string): readonly Lexeme[] {
  const found: Lexeme[] = [];
  for (let at = afterSpace(text, 0); at < text.length; ) {
    const end = lexemeEnd(text, at);
    found.push({ start: at, end, text: text.slice(at, end), kind: kindAt(text, at, end) });
    at = afterSpace(text, end);
  }
  return found;
}
