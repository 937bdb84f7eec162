import type { MigrationOnDisk, ProjectFacts } from '../domain/facts.ts';
import { type Problem, problem } from '../domain/problem.ts';

/** `require-down`: every pending migration must have a way back beside it. `written` names those that have one. */
export const downProblems = (
  required: boolean,
  pending: readonly Pick<MigrationOnDisk, 'name' | 'path'>[],
  written: ReadonlySet<string>,
  project: Pick<ProjectFacts, 'prismaVersion' | 'schemaPath' | 'directory'>,
): readonly Problem[] =>
  pending
    .filter(({ name }) => required && !written.has(name))
    .map(({ name, path }) =>
      problem('down-missing', `migration ${name} has no down.sql with a statement in it`, {
        migration: name,
        path: path.replace(/[^/]*$/, 'down.sql'),
        prismaVersion: project.prismaVersion,
        schema: schemaFile(project),
      }),
    );

/** Relative to the project; a folder of schemas has no one file that git could show. */
function schemaFile({
  schemaPath,
  directory,
}: Pick<ProjectFacts, 'schemaPath' | 'directory'>): string | undefined {
  if (schemaPath?.endsWith('.prisma') !== true) return undefined;
  return schemaPath.startsWith(`${directory}/`) ? schemaPath.slice(directory.length + 1) : undefined;
}
