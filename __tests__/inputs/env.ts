import { problemsOf } from '../../src/domain/problem.ts';
import type { Environment } from '../../src/inputs/names.ts';
import { parseInputs } from '../../src/inputs/parse.ts';

/** What the runner makes of `with:`. */
export const withInputs = (inputs: Readonly<Record<string, string>>): Environment =>
  Object.fromEntries(Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]));

export const ENOUGH = { 'db-instance-identifier': 'shop-prod', 'aws-region': 'eu-west-1' } as const;

export const parsed = (inputs: Readonly<Record<string, string>>, env: Environment = {}) =>
  parseInputs({ ...env, ...withInputs({ ...ENOUGH, ...inputs }) });

/** `code name` of every problem, in order. */
export function refusals(inputs: Readonly<Record<string, string>>, env: Environment = {}): readonly string[] {
  try {
    parsed(inputs, env);
  } catch (error) {
    return problemsOf(error).map(({ code, fields }) => `${code} ${fields.name ?? ''}`);
  }
  return [];
}
