/**
 * Percent-decoding as Prisma's engine does it: a `%` that begins no escape stays as it is, and bytes that are no
 * UTF-8 leave the whole text undecoded. `decodeURIComponent` throws in both cases.
 */
export function percentDecoded(text: string): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let index = 0; index < text.length; ) {
    const escaped = /^%([0-9a-f]{2})/i.exec(text.slice(index, index + 3))?.[1];
    if (escaped !== undefined) {
      bytes.push(Number.parseInt(escaped, 16));
      index += 3;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    bytes.push(...encoder.encode(character));
    index += character.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return text;
  }
}
