import { type Check, failing, judged, passed, skipped } from '../../domain/checkup.ts';
import type { ProjectFacts } from '../../domain/facts.ts';
import type { Problem, ProblemCode } from '../../domain/problem.ts';
import type { UrlEnvironment } from '../../ports/migrator.ts';
import type { Guard } from '../context.ts';
import { checkEffectiveUrl } from '../second-look.ts';
import type { Urls } from '../urls.ts';
import { type DoctorRules, type Look, look } from './look.ts';

const OF_THE_CLI: ReadonlySet<ProblemCode> = new Set(['prisma-not-installed', 'prisma-unsupported']);
const isOfCli = ({ code, fields }: Problem): boolean => OF_THE_CLI.has(code) && fields.provider === undefined;

export const lookAtProject = (guard: Guard): Promise<Look<ProjectFacts>> =>
  look(async () => (await guard.ports.migrator()).project());

/** The project, the CLI in it and its engine. `urls` is empty when no URL could be read. */
export async function projectChecks(
  guard: Guard,
  found: Look<ProjectFacts>,
  urls: UrlEnvironment,
): Promise<readonly Check[]> {
  if (found.value === undefined)
    return [...brokenProject(found.problems), skipped('schema-engine', 'needs-project')];
  const project = found.value;
  const { migrations, unreadable, prismaVersion } = project;
  return [
    passed('project', {
      migrations: migrations.length + unreadable.length,
      path: guard.request.workingDirectory,
    }),
    passed('prisma-cli', { version: prismaVersion }),
    await engineCheck(guard, project, urls),
  ];
}

function brokenProject(problems: readonly Problem[]): readonly Check[] {
  const [cli, rest] = [problems.filter(isOfCli), problems.filter((each) => !isOfCli(each))];
  return [
    rest.length > 0 ? failing('project', rest) : skipped('project', 'needs-cli'),
    cli.length > 0 ? failing('prisma-cli', cli) : skipped('prisma-cli', 'needs-project'),
  ];
}

const NO_VARIABLE = /Cannot resolve environment variable/;

async function engineCheck(guard: Guard, project: ProjectFacts, urls: UrlEnvironment): Promise<Check> {
  const probe = await look(async () => (await guard.ports.migrator()).engine(project, urls));
  if (probe.value === undefined) return failing('schema-engine', probe.problems);
  // A config that demands the URL ends the CLI before it asks its engine; what is missing is told by its own check.
  if (!probe.value.found && Object.keys(urls).length === 0 && NO_VARIABLE.test(probe.value.message))
    return skipped('schema-engine', 'needs-urls');
  return probe.value.found
    ? passed('schema-engine', { version: probe.value.version })
    : failing('schema-engine', [], { message: probe.value.message });
}

/** Whether Prisma would connect with a URL that carries the limits. */
export async function guardedCheck(
  guard: Guard,
  rules: DoctorRules,
  found: Look<ProjectFacts>,
  { urls, environment }: { readonly urls: Urls | undefined; readonly environment: UrlEnvironment },
): Promise<Check> {
  const project = found.value;
  if (project === undefined) return skipped('url-guarded', 'needs-project');
  if (urls === undefined) return skipped('url-guarded', 'needs-urls');
  const known = rules.urlRefusals(project, environment);
  if (known.length > 0) return failing('url-guarded', known);
  const asked = await look(() => checkEffectiveUrl(guard, { project, environment, urls }));
  return judged('url-guarded', asked.problems ?? [], {
    variable: project.urlEnv[0],
    dialect: project.dialect,
  });
}
