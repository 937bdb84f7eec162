import type { TypeRef } from './operation.ts';

/** A type in one spelling, whether it was written in SQL or by `format_type()`. */
export interface KnownType {
  /** `int4`, `varchar`, `timestamptz`; user types without their schema. */
  readonly base: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

const ALIASES: Readonly<Record<string, string>> = {
  integer: 'int4',
  int: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
  boolean: 'bool',
  real: 'float4',
  'double precision': 'float8',
  decimal: 'numeric',
  'character varying': 'varchar',
  character: 'bpchar',
  char: 'bpchar',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'bit varying': 'varbit',
};

export const typeOf = (ref: TypeRef): KnownType => ({
  base: ALIASES[ref.name] ?? ref.name,
  modifiers: ref.modifiers,
  array: ref.array,
});

/** Reads `format_type()`: `timestamp(3) without time zone`, `character varying(20)[]`, `public."Role"`. */
export function typeFromCatalog(text: string): KnownType {
  const array = text.endsWith('[]');
  const whole = array ? text.slice(0, -2) : text;
  const modifiers = /\(([\d,]+)\)/.exec(whole)?.[1]?.split(',').map(Number) ?? [];
  const bare = whole.replace(/\([\d,]+\)/, '');
  const name = bare.replace(/^(?:"(?:[^"]|"")+"|\w+)\./, '').replace(/^"(.*)"$/, '$1');
  return { base: ALIASES[bare] ?? ALIASES[name] ?? name, modifiers, array };
}

export interface ChangeContext {
  readonly version: number;
  /** Undefined when the session's time zone is not known. */
  readonly utc: boolean | undefined;
  readonly using: 'none' | 'cast' | 'expression';
  /** A domain without constraints over the old type costs nothing. */
  readonly uncheckedDomain: boolean;
}

/** `maybe`: it depends on something nobody told us. */
export type ChangeCost = 'none' | 'rewrite' | 'maybe';

const PRECISION = new Set(['timestamp', 'timestamptz', 'time', 'timetz']);
const LENGTH = new Set(['varchar', 'varbit']);

const fits = (from: number | undefined, to: number | undefined): boolean =>
  to === undefined || (from !== undefined && from <= to);

function sameBase(from: KnownType, to: KnownType): boolean {
  const [a, b] = from.modifiers;
  const [c, d] = to.modifiers;
  if (LENGTH.has(to.base)) return fits(a, c);
  if (PRECISION.has(to.base)) return fits(a ?? 6, c ?? 6);
  if (to.base === 'numeric') return c === undefined || ((b ?? 0) === (d ?? 0) && a !== undefined && a <= c);
  return from.modifiers.join() === to.modifiers.join();
}

const isClock = (from: KnownType, to: KnownType): boolean =>
  (from.base === 'timestamp' && to.base === 'timestamptz') ||
  (from.base === 'timestamptz' && to.base === 'timestamp');

function clock(to: KnownType, { version, utc }: ChangeContext): ChangeCost {
  // A precision of 6 is the most there is, so PostgreSQL takes it for none.
  const keeps = (to.modifiers[0] ?? 6) === 6;
  if (version < 120000 || utc === false || !keeps) return 'rewrite';
  return utc === undefined ? 'maybe' : 'none';
}

/** Types to which some cheap change leads, so that without the old type nothing can be said. */
const OPEN_TARGETS = new Set(['text', 'varchar', 'timestamp', 'timestamptz', 'numeric', 'inet']);

/** Pairs whose values look the same on disk. */
const COERCIBLE = new Set(['varchar text', 'text varchar', 'cidr inet']);

/** Whether PostgreSQL rewrites the table; measured on 10 to 18. */
export function costOfChange(from: KnownType | undefined, to: KnownType, context: ChangeContext): ChangeCost {
  if (context.using === 'expression') return 'rewrite';
  if (from === undefined) return OPEN_TARGETS.has(to.base) && !to.array ? 'maybe' : 'rewrite';
  if (from.array || to.array) {
    const same =
      from.array === to.array && from.base === to.base && from.modifiers.join() === to.modifiers.join();
    return same ? 'none' : 'rewrite';
  }
  if (context.uncheckedDomain) return 'none';
  if (from.base === to.base) return sameBase(from, to) ? 'none' : 'rewrite';
  if (to.modifiers.length === 0 && COERCIBLE.has(`${from.base} ${to.base}`)) return 'none';
  return isClock(from, to) ? clock(to, context) : 'rewrite';
}
