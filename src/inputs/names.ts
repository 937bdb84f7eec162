import { type Problem, problem } from '../domain/problem.ts';
import { INPUTS } from './spec.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The runner's own form: upper case, hyphens kept (actions/toolkit `getInput`). */
const variable = (name: string): string => `INPUT_${name.toUpperCase()}`;

/** The value of an input, trimmed; undefined when it is absent or empty. */
export const textOf = (env: Environment, name: string): string | undefined =>
  env[variable(name)]?.trim() || undefined;

const KNOWN: readonly string[] = Object.keys(INPUTS);

/** Inputs that nobody reads but whose name is nearly one of ours: a misspelt timeout is no timeout. */
export const misspelt = (env: Environment): readonly Problem[] =>
  Object.keys(env).flatMap((key) => {
    if (!key.startsWith('INPUT_') || env[key] === undefined) return [];
    const name = key.slice('INPUT_'.length).toLowerCase();
    const meant = KNOWN.includes(name) ? undefined : nearest(name);
    if (meant === undefined) return [];
    const fields = { name, got: 'an input that does not exist', expected: `the name ${meant}` };
    return [problem('input-invalid', `there is no input ${name}; did you mean ${meant}?`, fields)];
  });

function nearest(name: string): string | undefined {
  const spelling = name.replaceAll(/[_ ]/g, '-');
  const ranked = KNOWN.map((known) => ({ known, far: distance(spelling, known) }))
    // Two letters off is another word when the word has four.
    .filter(({ known, far }) => far <= (known.length <= 6 ? 1 : 2))
    .sort((a, b) => a.far - b.far);
  return ranked[0]?.known;
}

/** Levenshtein distance; 3 stands for "far" where the lengths alone say so. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
