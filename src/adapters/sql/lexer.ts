/**
 * PostgreSQL's lexical rules as far as comments, labels and commas need them. libpg-query's own scanner is exact but takes
 * twice the time of the parser; a test holds this one against it.
 */
export interface Lexeme {
  /** 0-based character offsets. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: 'comment' | 'word' | 'quoted' | 'literal' | 'sign';
}

const SPACE = /[ \t\n\r\f\v]+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const WORD = /[\p{L}_\u0080-\uFFFF][\p{L}\p{N}_$\u0080-\uFFFF]*/uy;
const NUMBER = /\d[\w.]*|\.\d[\w.]*/y;
const DOLLAR = /\$(?:[\p{L}_\u0080-\uFFFF][\p{L}\p{N}_\u0080-\uFFFF]*)?\$/uy;
const QUOTED = /(?:[uU]&)?"(?:[^"]|"")*"?/y;
const ESCAPED = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'?/y;
const STRING = /(?:[uU]&|[bBxXnN])?'(?:[^']|'')*'?/y;

const endOf = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

/** Block comments nest in PostgreSQL. */
function blockEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else if (text.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else at += 1;
  }
  return at;
}

function dollarEnd(text: string, at: number): number | undefined {
  const opened = endOf(DOLLAR, text, at);
  if (opened === undefined) return undefined;
  const tag = text.slice(at, opened);
  const closing = text.indexOf(tag, opened);
  return closing === -1 ? text.length : closing + tag.length;
}

function lexemeAt(text: string, at: number): Lexeme {
  const make = (kind: Lexeme['kind'], end: number): Lexeme => ({
    start: at,
    end,
    text: text.slice(at, end),
    kind,
  });
  const first = text[at] ?? '';
  if (first === '-' && text[at + 1] === '-') return make('comment', endOf(LINE_COMMENT, text, at) ?? at + 2);
  if (first === '/' && text[at + 1] === '*') return make('comment', blockEnd(text, at));
  if (first === '$') {
    const end = dollarEnd(text, at);
    if (end !== undefined) return make('literal', end);
  }
  const literal = endOf(ESCAPED, text, at) ?? endOf(STRING, text, at);
  if (literal !== undefined) return make('literal', literal);
  const quoted = endOf(QUOTED, text, at);
  if (quoted !== undefined) return make('quoted', quoted);
  const word = endOf(WORD, text, at);
  if (word !== undefined) return make('word', word);
  return make(endOf(NUMBER, text, at) === undefined ? 'sign' : 'literal', endOf(NUMBER, text, at) ?? at + 1);
}

export function lexemesOf(text: string): readonly Lexeme[] {
  const found: Lexeme[] = [];
  let at = endOf(SPACE, text, 0) ?? 0;
  while (at < text.length) {
    const lexeme = lexemeAt(text, at);
    found.push(lexeme);
    at = endOf(SPACE, text, lexeme.end) ?? lexeme.end;
  }
  return found;
}
