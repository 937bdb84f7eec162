/**
 * MySQL's lexical rules (MySQL 8.4 Reference Manual, "Language Structure"; MariaDB, "Comment Syntax"), in the server's default
 * sql_mode: a backslash escapes in strings, and double quotes are strings.
 */
export interface Token {
  /** 0-based character offsets. */
  readonly start: number;
  readonly end: number;
  /** `mark`: the signs around an executable comment. Plain comments are no tokens. */
  readonly kind: 'word' | 'quoted' | 'string' | 'sign' | 'mark';
  readonly text: string;
  /** Within an executable comment, which a server may also skip, by its version. */
  readonly conditional: boolean;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
}

export interface Lexemes {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

/** What begins at `position` has no end. */
export class Unclosed extends Error {
  override readonly name = 'Unclosed';
  readonly position: number;

  constructor(what: string, position: number) {
    super(`${what} that begins here does not end`);
    this.position = position;
  }
}

/** Every character from U+0080 on may stand in a name; so may digits, also at its beginning. */
const WORD = /[\w$\u0080-\uFFFF]+/y;
const SPACE = /[\s\0]*/y;
/** `--` begins a comment only before white space, a control character or the end. */
const LINE_COMMENT = /(?:#|--(?=[\0-\x20]|$))[^\n]*/y;
/** `/*!`, with the lowest version that runs it; `/*M!` is MariaDB's. */
const EXECUTABLE = /\/\*M?!\d*/y;
/** What a comment, or the end of an executable one, begins with. */
const COMMENT_SIGNS = '#-/*';
const DOLLAR_TAG = /\$[A-Za-z_\u0080-\uFFFF]*\$/y;

const BACKSLASH = 92;

/** After the quote that closes; -1 when none does. No pattern: on long texts it would need a stack as long. */
function afterQuoted(text: string, from: number, quote: string): number {
  const code = quote.charCodeAt(0);
  const escapes = quote !== '`';
  for (let at = from + 1; at < text.length; at += 1) {
    const here = text.charCodeAt(at);
    if (escapes && here === BACKSLASH) at += 1;
    else if (here === code && text.charCodeAt(at + 1) === code) at += 1;
    else if (here === code) return at + 1;
  }
  return -1;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Reads one text. A class only because so much has to be remembered between two tokens. */
class Lexer {
  readonly tokens: Token[] = [];
  readonly comments: Comment[] = [];
  readonly #text: string;
  #at = 0;
  #opened: number | undefined;
  /** First word of the current statement. */
  #first = '';

  constructor(text: string) {
    this.#text = text;
  }

  run(): Lexemes {
    for (;;) {
      this.#at += match(SPACE, this.#text, this.#at)?.length ?? 0;
      if (this.#at >= this.#text.length) break;
      if (!this.#comment()) this.#token();
    }
    if (this.#opened !== undefined) throw new Unclosed('a comment', this.#opened);
    return { tokens: this.tokens, comments: this.comments };
  }

  #push(kind: Token['kind'], length: number): void {
    const [start, end] = [this.#at, this.#at + length];
    const text = this.#text.slice(start, end);
    this.tokens.push({ start, end, kind, text, conditional: this.#opened !== undefined });
    this.#at = end;
    if (text === ';' && kind === 'sign') this.#first = '';
    else if (this.#first === '' && kind !== 'mark') this.#first = text.toUpperCase();
  }

  /** True when a comment, or a sign of an executable one, was read. */
  #comment(): boolean {
    const text = this.#text;
    if (!COMMENT_SIGNS.includes(text.charAt(this.#at))) return false;
    const line = match(LINE_COMMENT, text, this.#at);
    if (line !== undefined) return this.#skip(line.length);
    if (this.#opened !== undefined && text.startsWith('*/', this.#at)) {
      this.#push('mark', 2);
      this.#opened = undefined;
      return true;
    }
    if (!text.startsWith('/*', this.#at)) return false;
    const executable = this.#opened === undefined ? match(EXECUTABLE, text, this.#at) : undefined;
    if (executable !== undefined) {
      const start = this.#at;
      this.#push('mark', executable.length);
      this.#opened = start;
      return true;
    }
    const end = text.indexOf('*/', this.#at + 2);
    if (end < 0) throw new Unclosed('a comment', this.#at);
    return this.#skip(end + 2 - this.#at);
  }

  #skip(length: number): true {
    this.comments.push({ start: this.#at, end: this.#at + length });
    this.#at += length;
    return true;
  }

  #token(): void {
    const sign = this.#text.charAt(this.#at);
    if (sign === "'" || sign === '"' || sign === '`') {
      const end = afterQuoted(this.#text, this.#at, sign);
      if (end < 0) throw new Unclosed(sign === '`' ? 'a name' : 'a string', this.#at);
      this.#push(sign === '`' ? 'quoted' : 'string', end - this.#at);
      return;
    }
    const body = sign === '$' ? this.#routineBody() : undefined;
    const word = body === undefined ? match(WORD, this.#text, this.#at) : undefined;
    if (body !== undefined) this.#push('string', body);
    else if (word !== undefined) this.#push('word', word.length);
    else this.#push('sign', 1);
  }

  /** `AS $tag$ … $tag$` of a routine in another language (MySQL 9); the length, undefined when there is none. */
  #routineBody(): number | undefined {
    if (this.#first !== 'CREATE' || this.tokens.at(-1)?.text.toUpperCase() !== 'AS') return undefined;
    const tag = match(DOLLAR_TAG, this.#text, this.#at);
    if (tag === undefined) return undefined;
    const end = this.#text.indexOf(tag, this.#at + tag.length);
    return end < 0 ? undefined : end + tag.length - this.#at;
  }
}

/** Throws `Unclosed`. */
export const lexemesOf = (text: string): Lexemes => new Lexer(text).run();
