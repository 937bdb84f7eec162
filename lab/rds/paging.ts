import { invalidValue } from './errors.ts';
import type { Params } from './params.ts';

const LEAST = 20;
const MOST = 100;

export type Page<T> = { readonly entries: readonly T[]; readonly marker: string | undefined };

/** One page of a listing: MaxRecords 20 to 100 (default 100), Marker opaque to the caller. */
export const page = <T>(all: readonly T[], params: Params): Page<T> => {
  const size = params.int('MaxRecords') ?? MOST;
  if (size < LEAST || size > MOST)
    throw invalidValue(`Invalid value ${size} for MaxRecords. Must be between 20 and 100.`);
  const marker = params.text('Marker');
  const from = marker === undefined ? 0 : Number(/^lab-(\d+)$/.exec(marker)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw invalidValue('Invalid value for Marker.');
  const end = from + size;
  return { entries: all.slice(from, end), marker: end < all.length ? `lab-${end}` : undefined };
};

/** Keeps what matches every filter of the request; `readers` names the filters that the action knows. */
export const filtered = <T>(
  all: readonly T[],
  params: Params,
  /** What a value of the filter may say for an entry: its identifier, its ARN. */
  readers: Readonly<Record<string, (entry: T) => string | readonly string[] | undefined>>,
): readonly T[] =>
  params.filters().reduce<readonly T[]>((rest, { name, values }) => {
    const reader = readers[name];
    if (reader === undefined) throw invalidValue(`Unrecognized filter name: ${name}`);
    if (values.length === 0) throw invalidValue(`Filter ${name} has no values.`);
    return rest.filter((entry) => [reader(entry) ?? []].flat().some((known) => values.includes(known)));
  }, all);
