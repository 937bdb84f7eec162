import { type Dialect, dialectOf } from '../../domain/dialect.ts';
import type { ProjectFacts } from '../../domain/facts.ts';
import { GuardError, type Problem, problem, problemsOf } from '../../domain/problem.ts';
import { type Config, readConfig } from './config.ts';
import { findConfig, isFolder, readsConfig } from './config-find.ts';
import { conflictsOfEnvFiles } from './env-files.ts';
import { prismaEnvironment } from './environment.ts';
import { findInstalled, type Installed } from './installed.ts';
import { type MigrationsFound, readMigrations } from './migrations.ts';
import type { MigratorOptions } from './options.ts';
import { dialectOfSchema, setupProblems, urlVariables } from './rules.ts';
import { defaultMigrations, findSchema, type Schema, sinceFolders } from './schema-find.ts';

/** The project as found, with what only this adapter needs to know. */
export interface Inspection {
  readonly facts: ProjectFacts;
  readonly installed: Installed;
  readonly config: Config | undefined;
  readonly schema: Schema;
}

/** Reads everything; every problem that can be known together is thrown together. */
export async function inspect(options: MigratorOptions): Promise<Inspection> {
  const directory = options.workingDirectory;
  if (!isFolder(directory)) {
    throw new GuardError(
      problem('project-not-found', 'the working directory is not there', { path: directory }),
    );
  }
  const installed = findInstalled(directory);
  if (!('cli' in installed)) throw new GuardError(installed);
  const config = await configOf(options, installed);
  const schema = findSchema({
    installed,
    directory,
    schema: options.schema,
    prismaConfig: options.prismaConfig,
    configured: config?.schema,
  });
  const folder = config?.migrationsPath ?? defaultMigrations(installed, schema);
  const found = readMigrations({
    folder,
    repositoryRoot: options.repositoryRoot,
    readByCli: sinceFolders(installed),
  });
  const problems = [
    ...setupProblems(installed, config, schema),
    ...folderProblems(folder, found, dialectOfSchema(schema) ?? 'postgresql'),
    ...envFileProblems(options, config),
  ];
  if (problems.length > 0) throw new GuardError(problems);
  const environment = prismaEnvironment(options.environment, {});
  const isMysql = dialectOfSchema(schema) === 'mysql';
  return {
    installed,
    config,
    schema,
    facts: {
      directory,
      cli: installed.cli,
      prismaVersion: installed.version,
      prismaMajor: installed.major,
      ...(isMysql ? { dialect: 'mysql' } : {}),
      splitsStatements: isMysql || (installed.major === 7 && installed.minor >= 4),
      schemaPath: schema.path,
      configPath: config?.file,
      migrationsPath: folder,
      ...found,
      urlEnv: urlVariables(installed, config, schema, environment),
    },
  };
}

async function configOf(options: MigratorOptions, installed: Installed): Promise<Config | undefined> {
  const { prismaConfig, workingDirectory: directory } = options;
  if (prismaConfig !== undefined && !readsConfig(installed)) {
    throw new GuardError(
      problem('prisma-unsupported', 'this version reads no config file; leave the input prisma-config out', {
        version: installed.version,
      }),
    );
  }
  const file = findConfig(installed, directory, prismaConfig);
  if (file === undefined) return undefined;
  const environment = prismaEnvironment(options.environment, {});
  try {
    return await readConfig({ ...options, directory, installed, file, environment });
  } catch (error) {
    throw new GuardError([...problemsOf(error), ...schemaProblems(options, installed)]);
  }
}

/** Beside a broken config: what an explicitly named schema shows without it. */
function schemaProblems(options: MigratorOptions, installed: Installed): readonly Problem[] {
  const { schema: named, workingDirectory: directory, prismaConfig } = options;
  if (named === undefined) return [];
  try {
    findSchema({ installed, directory, schema: named, prismaConfig, configured: undefined });
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

function folderProblems(
  folder: string,
  { migrations, unreadable, lockProvider }: MigrationsFound,
  dialect: Dialect,
): readonly Problem[] {
  const empty = migrations.length + unreadable.length === 0;
  const lock = lockProvider === undefined || dialectOf(lockProvider) === dialect;
  return [
    ...(empty
      ? [problem('migrations-empty', 'the folder is missing or holds no migration', { path: folder })]
      : []),
    ...(lock
      ? []
      : [
          problem(
            'prisma-config-broken',
            `Prisma would stop with P3019: it reads the provider in migration_lock.toml as ${lockProvider}; the line must be: provider = "${dialect}"`,
            { path: `${folder}/migration_lock.toml` },
          ),
        ]),
  ];
}

/** Only without a config file does Prisma load `.env` files itself; from 7 on there always is one. */
function envFileProblems(
  { workingDirectory, schema, environment }: MigratorOptions,
  config: Config | undefined,
): readonly Problem[] {
  if (config !== undefined) return [];
  const names = conflictsOfEnvFiles(workingDirectory, schema, environment);
  return names.length === 0
    ? []
    : [
        problem(
          'prisma-config-broken',
          `two .env files set the same variables (${names.join(', ')}), and Prisma refuses that; keep one of them`,
          { path: workingDirectory },
        ),
      ];
}
