/** A script as text, with what is odd about its bytes. */
export interface Script {
  /** Without a byte order mark; NUL bytes are blanks, so that every offset stays. */
  readonly text: string;
  /** Characters of the file before `text` begins: 1 for a byte order mark. */
  readonly shift: number;
  readonly oddities: readonly ('byte-order-mark' | 'nul-byte' | 'invalid-utf8')[];
}

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** Decodes as Prisma's CLI does from 6.6 on: bytes that are no UTF-8 become U+FFFD. */
export function scriptOf(bytes: Uint8Array): Script {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const marked = decoded.startsWith('\uFEFF');
  const text = marked ? decoded.slice(1) : decoded;
  return {
    text: text.replaceAll('\0', ' '),
    shift: marked ? 1 : 0,
    oddities: [
      ...(marked ? (['byte-order-mark'] as const) : []),
      ...(decoded.includes('\0') ? (['nul-byte'] as const) : []),
      ...(isUtf8(bytes) ? [] : (['invalid-utf8'] as const)),
    ],
  };
}

/** Turns growing byte offsets into character offsets and lines without starting over each time. */
export class Positions {
  readonly #bytes: Buffer;
  #at = 0;
  #characters = 0;
  #line = 1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** `offset` must not be smaller than the last one. */
  moveTo(offset: number): { readonly characters: number; readonly line: number } {
    const passed = this.#bytes.subarray(this.#at, offset).toString('utf8');
    this.#at = offset;
    this.#characters += passed.length;
    this.#line += passed.split('\n').length - 1;
    return { characters: this.#characters, line: this.#line };
  }
}

/** 1-based line of a position that PostgreSQL counts in characters (code points). */
export function lineOfCharacter(text: string, position: number): number {
  let line = 1;
  let seen = 0;
  for (const character of text) {
    if (seen >= position) break;
    if (character === '\n') line += 1;
    seen += 1;
  }
  return line;
}
