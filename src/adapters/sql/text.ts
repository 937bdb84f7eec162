import { isAscii, isUtf8 } from 'node:buffer';

/** A script as text, with what is odd about its bytes. */
export interface Script {
  /** Without a byte order mark; NUL bytes are blanks, so that every offset stays. */
  readonly text: string;
  /** `text` in UTF-8. */
  readonly bytes: Uint8Array;
  /** Characters of the file before `text` begins: 1 for a byte order mark. */
  readonly shift: number;
  readonly oddities: readonly ('byte-order-mark' | 'nul-byte' | 'invalid-utf8')[];
}

/** The same memory, no copy. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes as Prisma's CLI does from 6.6 on: bytes that are no UTF-8 become U+FFFD. */
export function scriptOf(bytes: Uint8Array): Script {
  // Most files are plain, and then there is nothing to find out.
  if (isAscii(bytes) && !bytes.includes(0))
    return { text: asBuffer(bytes).toString('latin1'), bytes, shift: 0, oddities: [] };
  const decoded = decoder.decode(bytes);
  const marked = decoded.startsWith('\uFEFF');
  const text = (marked ? decoded.slice(1) : decoded).replaceAll('\0', ' ');
  const oddities = [
    ...(marked ? (['byte-order-mark'] as const) : []),
    ...(decoded.includes('\0') ? (['nul-byte'] as const) : []),
    ...(isUtf8(bytes) ? [] : (['invalid-utf8'] as const)),
  ];
  return {
    text,
    bytes: oddities.length === 0 ? bytes : Buffer.from(text, 'utf8'),
    shift: marked ? 1 : 0,
    oddities,
  };
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
