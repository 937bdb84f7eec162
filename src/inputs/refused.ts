import { type Problem, problem } from '../domain/problem.ts';

/** The two ways in which an input is refused, with the fields that every text about inputs goes by. */

export const invalid = (name: string, got: string, expected: string): Problem =>
  problem('input-invalid', `${name}: got ${got}, expected ${expected}`, { name, got, expected });

export const missing = (name: string, expected: string): Problem =>
  problem('input-missing', `${name} is missing, expected ${expected}`, { name, got: 'nothing', expected });
