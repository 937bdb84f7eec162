import { invalidValue, missing } from './errors.ts';
import type { RdsTag } from './types.ts';

export type FlatParams = Readonly<Record<string, string>>;

export type Filter = { readonly name: string; readonly values: readonly string[] };

/** Typed reading of the flat wire parameters. Every reader throws AWS's error on a value of the wrong shape. */
export type Params = {
  readonly has: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  readonly needed: (name: string) => string;
  readonly int: (name: string) => number | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly time: (name: string) => Date | undefined;
  /** `undefined` when the list was not sent at all; an empty list is sent as `Name=`. */
  readonly list: (name: string, item: string) => readonly string[] | undefined;
  readonly tags: () => readonly RdsTag[] | undefined;
  readonly filters: () => readonly Filter[];
};

const readInt = (name: string, raw: string): number => {
  if (!/^-?\d+$/.test(raw)) throw invalidValue(`Invalid value '${raw}' for ${name}: must be an integer.`);
  return Number(raw);
};

const readFlag = (name: string, raw: string): boolean => {
  if (raw === 'true' || raw === 'false') return raw === 'true';
  throw invalidValue(`Invalid value '${raw}' for ${name}: must be true or false.`);
};

const readTime = (name: string, raw: string): Date => {
  const at = new Date(raw);
  if (!/^\d{4}-\d\d-\d\dT/.test(raw) || Number.isNaN(at.getTime())) {
    throw invalidValue(`Invalid value '${raw}' for ${name}: must be an ISO 8601 date.`);
  }
  return at;
};

export const paramsOf = (flat: FlatParams): Params => {
  const keys = Object.keys(flat);
  const has = (name: string): boolean => keys.some((key) => key === name || key.startsWith(`${name}.`));
  const read = <T>(name: string, reader: (name: string, raw: string) => T): T | undefined => {
    const raw = flat[name];
    return raw === undefined ? undefined : reader(name, raw);
  };
  /** Prefixes `Name.Item.1`, `Name.Item.2`, … in order. */
  const members = (name: string, item: string): readonly string[] => {
    const found: string[] = [];
    for (let n = 1; has(`${name}.${item}.${n}`); n += 1) found.push(`${name}.${item}.${n}`);
    return found;
  };
  const value = (key: string): string => flat[key] ?? '';
  const list = (name: string, item: string): readonly string[] | undefined =>
    has(name) ? members(name, item).map(value) : undefined;
  return {
    has,
    text: (name) => flat[name],
    needed: (name) => {
      if (value(name) === '') throw missing(name);
      return value(name);
    },
    int: (name) => read(name, readInt),
    flag: (name) => read(name, readFlag),
    time: (name) => read(name, readTime),
    list,
    tags: () =>
      has('Tags')
        ? members('Tags', 'Tag').map((key) => ({
            key: value(`${key}.Key`),
            value: value(`${key}.Value`),
          }))
        : undefined,
    filters: () =>
      members('Filters', 'Filter').map((key) => ({
        name: value(`${key}.Name`),
        values: list(`${key}.Values`, 'Value') ?? [],
      })),
  };
};
