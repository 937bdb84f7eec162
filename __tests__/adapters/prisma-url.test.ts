import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { makeProject, type PrismaMajor, type Project } from '../../lab/projects/make.ts';
import { createMigrator } from '../../src/adapters/prisma/migrator.ts';

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
});

const two =
  'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n  directUrl = env("DIRECT_URL")\n}\n';
const config = (url: string, head = ''): string =>
  `${head}import { defineConfig, env } from 'prisma/config';\nexport default defineConfig({ ${url} });\n`;
const DOTENV = 'import "dotenv/config";\n';

interface Case {
  readonly name: string;
  readonly version: PrismaMajor;
  readonly files?: Readonly<Record<string, string>>;
  readonly own?: Readonly<Record<string, string>>;
  /** What the guard hands over. */
  readonly urls: Readonly<Record<string, string>>;
  readonly expected: string | undefined;
  readonly names?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: '5: url',
    version: 5,
    urls: { DATABASE_URL: 'guarded' },
    expected: 'guarded',
    names: ['DATABASE_URL'],
  },
  {
    name: '5: directUrl wins',
    version: 5,
    files: { 'prisma/schema.prisma': two },
    urls: { DATABASE_URL: 'guarded', DIRECT_URL: 'direct' },
    expected: 'direct',
    names: ['DIRECT_URL', 'DATABASE_URL'],
  },
  {
    name: '5: directUrl from .env slips past the guard',
    version: 5,
    files: { 'prisma/schema.prisma': two, '.env': 'DIRECT_URL="from-file"\nDATABASE_URL=also' },
    urls: { DATABASE_URL: 'guarded' },
    expected: 'from-file',
  },
  {
    name: '5: the process wins over .env',
    version: 5,
    files: { '.env': 'DATABASE_URL=from-file' },
    urls: { DATABASE_URL: 'guarded' },
    expected: 'guarded',
  },
  {
    name: '5: prisma/.env, with another variable in it',
    version: 5,
    files: { 'prisma/schema.prisma': two, 'prisma/.env': 'HOST=h\nDIRECT_URL=postgresql://$' + '{HOST}/d' },
    urls: { DATABASE_URL: 'guarded' },
    expected: 'postgresql://h/d',
  },
  {
    name: '6: nothing set',
    version: 6,
    files: { 'prisma/schema.prisma': two },
    urls: { DATABASE_URL: 'guarded' },
    expected: undefined,
  },
  {
    name: '6: a config file switches .env off',
    version: 6,
    files: {
      'prisma/schema.prisma': two,
      '.env': 'DIRECT_URL=from-file',
      'prisma.config.ts': config("schema: 'prisma'"),
    },
    urls: { DATABASE_URL: 'guarded' },
    expected: undefined,
  },
  {
    name: "6: engine 'classic' takes the URL of the config",
    version: 6,
    files: { 'prisma.config.ts': config("engine: 'classic', datasource: { url: env('MIGRATE_URL') }") },
    urls: { MIGRATE_URL: 'guarded', DATABASE_URL: 'other' },
    expected: 'guarded',
    names: ['MIGRATE_URL'],
  },
  {
    name: "6: engine 'classic' with a directUrl nobody guards",
    version: 6,
    files: {
      'prisma.config.ts': config(
        "engine: 'classic', datasource: { url: env('DATABASE_URL'), directUrl: process.env.HIDDEN }",
      ),
    },
    own: { HIDDEN: 'hidden' },
    urls: { DATABASE_URL: 'guarded' },
    expected: 'hidden',
  },
  {
    name: '7: plain',
    version: 7,
    urls: { DATABASE_URL: 'guarded' },
    expected: 'guarded',
    names: ['DATABASE_URL'],
  },
  { name: '7: not set', version: 7, urls: {}, expected: undefined, names: ['DATABASE_URL'] },
  {
    name: '7: .env is not read',
    version: 7,
    files: { '.env': 'DATABASE_URL=from-file' },
    urls: { OTHER: 'guarded' },
    expected: undefined,
  },
  {
    name: '7: unless the config asks for it',
    version: 7,
    files: {
      '.env': 'HIDDEN=from-file',
      'prisma.config.ts': config('datasource: { url: process.env.HIDDEN }', DOTENV),
    },
    urls: { DATABASE_URL: 'guarded' },
    expected: 'from-file',
    names: ['HIDDEN'],
  },
  {
    name: '7: computed, run again with the URLs of the guard',
    version: 7,
    files: {
      'prisma.config.ts': config('datasource: { url: process.env.DIRECT_URL ?? process.env.DATABASE_URL }'),
    },
    own: { DIRECT_URL: 'mine' },
    urls: { DIRECT_URL: 'guarded' },
    expected: 'guarded',
    names: ['DIRECT_URL'],
  },
  {
    name: '7: computed, with a variable that comes later',
    version: 7,
    files: {
      'prisma.config.ts': `const name = 'DATABASE_URL';\n${config('datasource: { url: env(name) }')}`,
    },
    urls: { DATABASE_URL: 'guarded' },
    expected: 'guarded',
    names: ['DATABASE_URL'],
  },
];

test.each(cases)('$name', async ({ version, files = {}, own = {}, urls, expected, names }) => {
  const project = makeProject({ prisma: version, migrations: [{ name: '1', sql: 'SELECT 1' }], files });
  projects.push(project);
  if (files['prisma.config.ts']?.startsWith(DOTENV)) fakeDotenv(project.dir);
  const migrator = createMigrator({
    workingDirectory: project.dir,
    repositoryRoot: project.dir,
    environment: { PATH: process.env.PATH, ...own },
    nodePath: process.execPath,
    scrub: (text) => text,
  });
  const facts = await migrator.project();
  if (names !== undefined) expect(facts.urlEnv).toEqual(names);
  expect(await migrator.effectiveUrl(facts, urls)).toBe(expected);
});

function fakeDotenv(directory: string): void {
  mkdirSync(join(directory, 'node_modules/dotenv'), { recursive: true });
  writeFileSync(join(directory, 'node_modules/dotenv/package.json'), '{}');
}
