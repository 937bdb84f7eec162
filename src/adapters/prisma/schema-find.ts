import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GuardError, problem } from '../../domain/problem.ts';
import { isFile, isFolder } from './config-find.ts';
import { type Installed, upwards } from './installed.ts';
import { type Datasource, readDatasource } from './schema-read.ts';

export interface SchemaQuestion {
  readonly installed: Installed;
  readonly directory: string;
  /** The input `schema`, relative to the working directory. */
  readonly schema: string | undefined;
  /** The input `prisma-config`: Prisma 7 looks for the defaults beside it. */
  readonly prismaConfig: string | undefined;
  /** Absolute; what the config file names. */
  readonly configured: string | undefined;
}

export interface Schema {
  /** Absolute path of the file or folder. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly datasource: Datasource;
  /** Absolute path of the file that holds the datasource. */
  readonly datasourceFile: string;
}

/** Schemas in several files became usual with 6.6, and brought other rules for the folders. */
export const sinceFolders = ({ major, minor }: Installed): boolean =>
  major === 7 || (major === 6 && minor >= 6);

/** The schema Prisma would load, with its datasource. Throws `project-not-found` or `prisma-config-broken`. */
export function findSchema(question: SchemaQuestion): Schema {
  const path = schemaPath(question);
  const folder = isFolder(path);
  const files = folder ? prismaFiles(path) : [path];
  for (const file of files) {
    const datasource = readDatasource(readFileSync(file, 'utf8'));
    if (datasource !== undefined) return { path, isFolder: folder, datasource, datasourceFile: file };
  }
  throw new GuardError(problem('prisma-config-broken', 'the schema has no datasource block', { path }));
}

function schemaPath(question: SchemaQuestion): string {
  const { directory, installed } = question;
  const named =
    (question.schema === undefined ? undefined : resolve(directory, question.schema)) ??
    question.configured ??
    (installed.major === 7 ? undefined : fromPackage(directory));
  if (named !== undefined) {
    if (isFile(named) || isFolder(named)) return named;
    throw new GuardError(
      problem('project-not-found', 'the schema named for this project is not there', { path: named }),
    );
  }
  const found = defaults(question).find(({ path, folder }) => (folder ? isFolder(path) : isFile(path)));
  if (found !== undefined) return found.path;
  throw new GuardError(
    problem('project-not-found', 'neither schema.prisma nor prisma/schema.prisma is there', {
      path: directory,
    }),
  );
}

function defaults({ installed, directory, prismaConfig }: SchemaQuestion) {
  const beside = installed.major === 7 && prismaConfig !== undefined;
  const base = beside ? dirname(resolve(directory, prismaConfig)) : directory;
  return [
    { path: join(base, 'schema.prisma'), folder: false },
    { path: join(base, 'prisma/schema.prisma'), folder: false },
    ...(sinceFolders(installed) ? [] : [{ path: join(base, 'prisma/schema'), folder: true }]),
  ];
}

/** `prisma.schema` of the nearest package.json. */
function fromPackage(directory: string): string | undefined {
  const manifest = [...upwards(directory)]
    .map((folder) => join(folder, 'package.json'))
    .find((path) => isFile(path));
  if (manifest === undefined) return undefined;
  const schema = readManifest(manifest).prisma?.schema;
  return typeof schema === 'string' && schema !== '' ? resolve(dirname(manifest), schema) : undefined;
}

function readManifest(path: string): { readonly prisma?: { readonly schema?: unknown } } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { readonly prisma?: { readonly schema?: unknown } };
  } catch {
    throw new GuardError(problem('prisma-config-broken', 'package.json is not valid JSON', { path }));
  }
}

/** Every `*.prisma` file below the folder, links followed, each folder once. */
function prismaFiles(folder: string, seen: Set<number> = new Set()): readonly string[] {
  const { ino } = statSync(folder);
  if (seen.has(ino)) return [];
  seen.add(ino);
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (isFolder(path)) return prismaFiles(path, seen);
    return name.endsWith('.prisma') && isFile(path) ? [path] : [];
  });
}

/** Where the migrations are when no config file says it. */
export function defaultMigrations(installed: Installed, schema: Schema): string {
  if (installed.major === 7) return join(schema.isFolder ? schema.path : dirname(schema.path), 'migrations');
  return join(dirname(sinceFolders(installed) ? schema.datasourceFile : schema.path), 'migrations');
}
