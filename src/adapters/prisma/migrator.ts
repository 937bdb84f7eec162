import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigratorEnd } from '../../domain/event.ts';
import type { ProjectFacts } from '../../domain/facts.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { Migrator, UrlEnvironment } from '../../ports/migrator.ts';
import { adoptGroup } from './adopted.ts';
import { prismaChecks } from './checks.ts';
import { effectiveUrl } from './effective-url.ts';
import { lockEnvironment, prismaEnvironment } from './environment.ts';
import { marked, markedGroup } from './mark.ts';
import type { MigratorOptions } from './options.ts';
import { type ProcessGroup, startGroup } from './process-group.ts';
import { type Inspection, inspect } from './project.ts';

const RESOLVE_LIMIT_MS = 60_000;
const RESOLVE_GRACE_MS = 5000;

/** Prisma 5, 6 and 7 through the CLI that the project installed. */
export function createMigrator(options: MigratorOptions): Migrator {
  let inspected: Promise<Inspection> | undefined;
  const inspection = (): Promise<Inspection> => {
    inspected ??= inspect(options);
    return inspected;
  };
  const start = (
    project: ProjectFacts,
    urls: UrlEnvironment,
    args: readonly string[],
    onLine: (line: string) => void,
  ): ProcessGroup =>
    startGroup({
      command: options.nodePath,
      args: [project.cli, 'migrate', ...args, ...discoveryFlags(options)],
      directory: project.directory,
      environment: {
        ...prismaEnvironment(options.environment, urls),
        ...lockEnvironment(project.dialect),
        ...marked(options.mark),
      },
      scrub: options.scrub,
      onLine,
    });
  return {
    ...prismaChecks(options),
    project: async () => (await inspection()).facts,
    script: readScript,
    effectiveUrl: async (_project, urls) => effectiveUrl(options, await inspection(), urls),
    deploy: (project, urls, onLine) => start(project, urls, ['deploy'], onLine),
    adopt: (pid) => adoptGroup(pid ?? markedGroup(options.mark) ?? 0),
    markRolledBack: (project, urls, migration) =>
      bounded(start(project, urls, ['resolve', `--rolled-back=${migration}`], () => undefined)),
  };
}

const discoveryFlags = ({ schema, prismaConfig }: MigratorOptions): readonly string[] => [
  ...(schema === undefined ? [] : [`--schema=${schema}`]),
  ...(prismaConfig === undefined ? [] : [`--config=${prismaConfig}`]),
];

/** The bytes as they are, so that a reader can see what Prisma would silently replace. */
async function readScript(project: ProjectFacts, migration: string): Promise<Uint8Array> {
  try {
    return await readFile(join(project.migrationsPath, migration, 'migration.sql'));
  } catch {
    throw new GuardError(
      problem('migration-unreadable', `migration ${migration} has no readable migration.sql`, { migration }),
    );
  }
}

async function bounded(group: ProcessGroup): Promise<MigratorEnd> {
  const timer = setTimeout(() => void group.kill(RESOLVE_GRACE_MS), RESOLVE_LIMIT_MS);
  try {
    return await group.ended;
  } finally {
    clearTimeout(timer);
  }
}
