import type { InputSpec } from './kinds.ts';

const MAX_SHOWN = 60;

/** How a refused value may be quoted: short, on one line, and never where it may hold a secret. */
export function shown(text: string, spec: InputSpec): string {
  if (spec.kind === 'url' || spec.kind === 'secret' || mayHoldSecret(text))
    return '(hidden, it may hold a secret)';
  // Scripts often carry tokens; a single short word is no script.
  if (spec.kind === 'script' && text.length > 5) return `(a text of ${text.length} characters)`;
  const line = text.replace(/\p{Cc}+/gu, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line;
}

/** People mix up names and values, so a connection URL or a key may arrive in any input. */
const mayHoldSecret = (text: string): boolean =>
  !/^arn:[\w:/+=.-]*$/.test(text) &&
  (/:\/\/|@|AKIA|ASIA|xox[a-z]-|gh[a-z]_|(?:password|secret|token)\s*[=:]/i.test(text) || looksRandom(text));

/** Twenty characters and more in one piece, of three kinds: no name of ours looks so, most keys do. */
const looksRandom = (text: string): boolean =>
  (text.match(/[A-Za-z0-9+/=_]{20,}/g) ?? []).some(
    (piece) => /\d/.test(piece) && /[a-z]/.test(piece) && /[A-Z]/.test(piece),
  );
