import type { MigrationOnDisk } from '../domain/facts.ts';
import { type Problem, problem } from '../domain/problem.ts';

/** `require-down`: every pending migration must have a way back beside it. `written` names those that have one. */
export const downProblems = (
  required: boolean,
  pending: readonly Pick<MigrationOnDisk, 'name' | 'path'>[],
  written: ReadonlySet<string>,
): readonly Problem[] =>
  pending
    .filter(({ name }) => required && !written.has(name))
    .map(({ name, path }) =>
      problem('down-missing', `migration ${name} has no down.sql with a statement in it`, {
        migration: name,
        path: path.replace(/[^/]*$/, 'down.sql'),
      }),
    );
