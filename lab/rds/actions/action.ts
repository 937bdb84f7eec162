import type { Params } from '../params.ts';
import type { State } from '../state.ts';
import type { XmlRecord } from '../xml.ts';

/** One action of the API. Parameters not named here are refused and recorded. */
export type Action = {
  readonly parameters: readonly string[];
  /** Returns the content of the result element; `undefined` when the action has none. */
  readonly run: (state: State, params: Params) => XmlRecord | undefined;
};

export { list } from '../xml.ts';
