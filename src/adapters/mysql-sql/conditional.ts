import { classify } from './classify.ts';
import type { Class } from './kinds.ts';
import type { Token } from './lexer.ts';
import { readingOf } from './reading.ts';

/**
 * What a statement is with and without its executable comments: a server skips those of a higher version, and MariaDB those
 * that are MySQL's alone. Where the two readings differ it may be anything.
 */
export function classifyTokens(tokens: readonly Token[]): Class {
  const whole = classify(readingOf(tokens));
  const plain = tokens.filter((each) => !each.conditional && each.kind !== 'mark');
  if (plain.length === 0 || plain.length === tokens.length) return whole;
  const without = classify(readingOf(plain));
  const { kind, transaction } = without;
  const commits = whole.commits ?? without.commits;
  const elsewhere = whole.elsewhere ?? without.elsewhere;
  return {
    ...(whole.kind === kind && whole.transaction === transaction ? whole : { kind: 'opaque' }),
    ...(commits === undefined ? {} : { commits }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}
