import { isAscii } from 'node:buffer';
import { type DecodedScript, decodeScript } from '../../domain/script.ts';

/** A script as text, with what is odd about its bytes. */
export interface Script extends DecodedScript {
  /** `text` in UTF-8. */
  readonly bytes: Uint8Array;
}

/** The same memory, no copy. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function scriptOf(bytes: Uint8Array): Script {
  // Most files are plain, and then there is nothing to find out.
  if (isAscii(bytes) && !bytes.includes(0))
    return { text: asBuffer(bytes).toString('latin1'), bytes, shift: 0, oddities: [] };
  const script = decodeScript(bytes);
  return { ...script, bytes: script.oddities.length === 0 ? bytes : Buffer.from(script.text, 'utf8') };
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
