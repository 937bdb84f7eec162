/** Temporary Prisma projects on disk, in which `prisma` resolves to the real CLI of the asked major version. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dialect } from '../../src/domain/dialect.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The demo project; `prisma` resolves from it too, because it lies inside this repository. */
export const shopProject: string = join(root, 'lab/projects/shop');

/** What PRISMA_SCHEMA_ENGINE_BINARY has to be. */
export const schemaEngine: string = join(root, 'lab/engine/schema-engine.mjs');

const packages = { 5: 'prisma5', 6: 'prisma6', 7: 'prisma' } as const;

export type PrismaMajor = keyof typeof packages;

export interface ProjectMigration {
  readonly name: string;
  readonly sql: string;
}

export interface ProjectOptions {
  readonly prisma: PrismaMajor;
  /** Of the datasource and of `migration_lock.toml`. Default: postgresql. */
  readonly provider?: Dialect;
  /** Laid out as `prisma/migrations/<name>/migration.sql`, beside a `migration_lock.toml`. */
  readonly migrations?: readonly ProjectMigration[];
  /** A project folder to start from, for example `shopProject`; its files win over the generated ones. */
  readonly from?: string;
  /** More files, by path relative to the project; they win over everything else. */
  readonly files?: Readonly<Record<string, string>>;
  /** Environment variable the project takes its URL from. */
  readonly envName?: string;
}

export interface Project extends Disposable {
  readonly dir: string;
  /** The CLI's script, to be run with Node: `node <cli> migrate deploy`. */
  readonly cli: string;
  /** Adds or replaces a migration. */
  add(name: string, sql: string): void;
  /** Variables under which the CLI reaches the database and the lab's engine; contains nothing of the caller's environment but PATH. */
  env(url: string, extra?: Readonly<Record<string, string>>): Record<string, string>;
  /** Deletes the folder. */
  remove(): void;
}

export function makeProject(options: ProjectOptions): Project {
  const dir = mkdtempSync(join(tmpdir(), 'lab-project-'));
  const envName = options.envName ?? 'DATABASE_URL';
  const prisma = join(root, 'node_modules', packages[options.prisma]);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const add = (name: string, sql: string): void => write(`prisma/migrations/${name}/migration.sql`, sql);
  const remove = (): void => rmSync(dir, { recursive: true, force: true });

  for (const [path, text] of Object.entries(generatedFiles(options, envName))) write(path, text);
  if (options.from !== undefined) cpSync(options.from, dir, { recursive: true });
  for (const { name, sql } of options.migrations ?? []) add(name, sql);
  for (const [path, text] of Object.entries(options.files ?? {})) write(path, text);
  mkdirSync(join(dir, 'node_modules'), { recursive: true });
  symlinkSync(prisma, join(dir, 'node_modules/prisma'), 'dir');
  return {
    dir,
    cli: join(prisma, 'build/index.js'),
    add,
    env: (url, extra = {}) => ({ ...environment(), [envName]: url, ...extra }),
    remove,
    [Symbol.dispose]: remove,
  };
}

function generatedFiles(options: ProjectOptions, envName: string): Record<string, string> {
  const { prisma, provider = 'postgresql' } = options;
  const lock = `provider = "${provider}"\n`;
  const url = prisma === 7 ? '' : `  url      = env("${envName}")\n`;
  const schema = `datasource db {\n  provider = "${provider}"\n${url}}\n`;
  const common = {
    'package.json': '{ "name": "project", "private": true }\n',
    'prisma/schema.prisma': schema,
    'prisma/migrations/migration_lock.toml': lock,
  };
  if (prisma !== 7) return common;
  const config = `import { defineConfig, env } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('${envName}') },
});
`;
  return { ...common, 'prisma.config.ts': config };
}

function environment(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    PRISMA_SCHEMA_ENGINE_BINARY: schemaEngine,
    // Versions 5 and 6 insist on a query engine even for migrate; any file will do.
    PRISMA_QUERY_ENGINE_LIBRARY: schemaEngine,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    // A third of the CPU time of every start of the CLI is compiling it.
    NODE_COMPILE_CACHE: join(tmpdir(), `guarded-migrate-lab-compiled-${process.getuid?.() ?? 0}`),
  };
}
