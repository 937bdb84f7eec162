import type { ParsedFile } from './sql.ts';

/** The bytes of a migration file as text, with what is odd about them. */
export interface DecodedScript {
  /** Without a byte order mark; NUL bytes are blanks, so that every offset stays. */
  readonly text: string;
  /** Characters of the file before `text` begins: 1 for a byte order mark. */
  readonly shift: number;
  readonly oddities: ParsedFile['oddities'];
}

const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

function decoded(bytes: Uint8Array): { readonly raw: string; readonly valid: boolean } {
  try {
    return { raw: strict.decode(bytes), valid: true };
  } catch {
    return { raw: lenient.decode(bytes), valid: false };
  }
}

/** Decodes as Prisma's CLI does from 6.6 on: bytes that are no UTF-8 become U+FFFD. */
export function decodeScript(bytes: Uint8Array): DecodedScript {
  const { raw, valid } = decoded(bytes);
  const marked = raw.startsWith('\uFEFF');
  return {
    text: (marked ? raw.slice(1) : raw).replaceAll('\0', ' '),
    shift: marked ? 1 : 0,
    oddities: [
      ...(marked ? (['byte-order-mark'] as const) : []),
      ...(raw.includes('\0') ? (['nul-byte'] as const) : []),
      ...(valid ? [] : (['invalid-utf8'] as const)),
    ],
  };
}

/** 1-based line of a character offset. */
export type LineAt = (offset: number) => number;

export function linesOf(text: string): LineAt {
  const begins = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) begins.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = begins.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((begins[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
