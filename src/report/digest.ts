const PRIME = 0x100000001b3n;
const BASIS = 0xcbf29ce484222325n;
const MASK = 0xffffffffffffffffn;

/**
 * FNV-1a, 64 bits, as 16 hex digits: to tell things apart between runs, not to keep anything safe.
 * http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function digest(text: string): string {
  let hash = BASIS;
  for (let at = 0; at < text.length; at += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * PRIME) & MASK;
  }
  return hash.toString(16).padStart(16, '0');
}
