import { closeSync, openSync, readSync } from 'node:fs';

/**
 * What `@actions/core` takes of `node:crypto`: the delimiter around a multi-line output, which no value may guess. Loading
 * the whole of crypto for it takes as long as reading all inputs; the kernel's generator gives the same bytes.
 */
export function randomUUID(): string {
  const bytes = Buffer.alloc(16);
  try {
    const file = openSync('/dev/urandom', 'r');
    try {
      if (readSync(file, bytes) === bytes.length) return bytes.toString('hex');
    } finally {
      closeSync(file);
    }
  } catch {
    // No such device, as on Windows.
  }
  return process.getBuiltinModule('node:crypto').randomUUID();
}
