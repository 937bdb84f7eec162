import type { MigratorEnd } from '../../domain/event.ts';
import type { ProjectFacts } from '../../domain/facts.ts';
import type { EngineProbe, MigratorChecks, UrlEnvironment } from '../../ports/migrator.ts';
import { driftOf } from './drift.ts';
import { prismaEnvironment } from './environment.ts';
import type { MigratorOptions } from './options.ts';
import { type ProcessGroup, startGroup } from './process-group.ts';

/** The engine may have to be downloaded first: the same download that a deploy would make. */
const LIMIT_MS = 90_000;
const GRACE_MS = 2000;

/** What Prisma itself can be asked without changing anything. */
export function prismaChecks(options: MigratorOptions, limitMs = LIMIT_MS): MigratorChecks {
  const run = async (project: ProjectFacts, urls: UrlEnvironment, args: readonly string[]) => {
    const config = options.prismaConfig === undefined ? [] : [`--config=${options.prismaConfig}`];
    const group = startGroup({
      command: options.nodePath,
      args: [project.cli, ...args, ...config],
      directory: project.directory,
      environment: prismaEnvironment(options.environment, urls),
      scrub: options.scrub,
      onLine: () => undefined,
    });
    return bounded(group, limitMs);
  };
  return {
    drift: async (project, urls) => driftOf(await run(project, urls, diffArguments(project))),
    engine: async (project, urls) => engineOf(await run(project, urls, ['-v'])),
  };
}

/**
 * The database as Prisma's own datasource names it, so that no URL gets into argv. The names of the flags changed
 * with 7, where the schema has no URL any more (prisma/prisma, `MigrateDiff.ts` of 6.19 and 7.9).
 */
function diffArguments({ prismaMajor, schemaPath = '' }: ProjectFacts): readonly string[] {
  const sides =
    prismaMajor === 7
      ? ['--from-config-datasource', `--to-schema=${schemaPath}`]
      : [`--from-schema-datasource=${schemaPath}`, `--to-schema-datamodel=${schemaPath}`];
  return ['migrate', 'diff', ...sides, '--exit-code'];
}

/** `prisma -v` also looks for engines that migrate does not need, so the line counts and not the exit code. */
function engineOf(end: MigratorEnd & { readonly late: boolean }): EngineProbe {
  const line = /^(?:Schema|Migration) Engine\s*:\s*(.+)$/im.exec(end.output)?.[1];
  if (line !== undefined && !line.startsWith('E_'))
    return { found: true, version: line.replace(/\s*\(at .*$/, '') };
  if (end.late) return { found: false, message: `no answer within ${LIMIT_MS / 1000} s` };
  const said =
    end.output.split('\n').find((each) => /^Error:/.test(each)) ?? line ?? end.output.split('\n').at(-1);
  return {
    found: false,
    message: (said ?? '').replace(/^Error:\s*/, '').slice(0, 400) || `exit code ${end.exitCode}`,
  };
}

async function bounded(
  group: ProcessGroup,
  limitMs: number,
): Promise<MigratorEnd & { readonly late: boolean }> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void group.kill(GRACE_MS);
  }, limitMs);
  try {
    return { ...(await group.ended), late };
  } finally {
    clearTimeout(timer);
  }
}
