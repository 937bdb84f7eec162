import type { Secret } from '../domain/secret.ts';
import type { WeeklyWindow } from '../domain/window.ts';
import type { InputSpec } from './kinds.ts';
import type { INPUTS, InputName } from './spec.ts';

type Table = typeof INPUTS;
type Typed<S> = S extends { kind: 'choice'; choices: readonly (infer C)[] }
  ? C
  : S extends { kind: 'duration' | 'count' }
    ? number
    : S extends { kind: 'boolean' }
      ? boolean
      : S extends { kind: 'list' | 'names' }
        ? readonly string[]
        : S extends { kind: 'url' | 'secret' }
          ? Secret
          : S extends { kind: 'window' }
            ? WeeklyWindow
            : string;
/** What a reader gives for one row; undefined where an input may be left out. */
export type Filled<S extends InputSpec> = S extends { default: string } | { required: true }
  ? Typed<S>
  : Typed<S> | undefined;

/** Every input by name, typed from the table. */
export type Values = { readonly [N in InputName]: Filled<Table[N]> };
