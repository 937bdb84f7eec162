import type { Secret } from '../domain/secret.ts';
import type { INPUTS, InputName } from './spec.ts';

type Table = typeof INPUTS;
type Typed<S> = S extends { kind: 'choice'; choices: readonly (infer C)[] }
  ? C
  : S extends { kind: 'duration' | 'count' }
    ? number
    : S extends { kind: 'boolean' }
      ? boolean
      : S extends { kind: 'list' }
        ? readonly string[]
        : S extends { kind: 'url' }
          ? Secret
          : string;
type Filled<S> = S extends { default: string } | { required: true } ? Typed<S> : Typed<S> | undefined;

/** Every input by name, typed from the table. */
export type Values = { readonly [N in InputName]: Filled<Table[N]> };
