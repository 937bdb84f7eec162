import { bytes } from './words.ts';

/** As many parts from the beginning as fit into `max` bytes, with how many are left out. */
export function fitting(
  parts: readonly string[],
  max: number,
): { readonly kept: readonly string[]; readonly left: number } {
  let size = 0;
  let end = 0;
  for (const part of parts) {
    // Two for what joins them.
    size += bytes(part) + 2;
    if (size > max) break;
    end += 1;
  }
  return { kept: parts.slice(0, end), left: parts.length - end };
}

export const more = (left: number, where: string): string =>
  left > 0 ? `\n\n… and ${left} more, see ${where}.` : '';
