import type { SkipReason } from '../../domain/checkup.ts';
import type { Fields, Words } from '../advice.ts';
import { limit } from '../words.ts';

/** What one check says. `bad` is for a failure that no problem of the catalogue describes. */
export interface CheckWording {
  readonly title: string;
  readonly good: (f: Fields) => string;
  readonly bad?: (f: Fields) => Words;
  /** Instead of the general words for that reason. */
  readonly unchecked?: Partial<Readonly<Record<SkipReason, (f: Fields) => string>>>;
}

export const of = (f: Fields, name: string, fallback = 'unknown'): string => f[name] || fallback;
export const number = (f: Fields, name: string): number => Number(f[name] ?? 0);
export const time = (f: Fields, name: string): string => limit(number(f, name));
