import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { MigratorOptions } from '../../src/adapters/prisma/options.ts';
import {
  bare,
  config,
  type Files,
  inspect,
  Repositories,
  schema,
  sql,
  url,
} from './support/prisma-repositories.ts';

const repositories = new Repositories();
afterAll(() => repositories.remove());

describe('the schema and the migrations are where Prisma looks', () => {
  const cases: readonly {
    readonly name: string;
    readonly version: number;
    readonly files: Files;
    readonly options?: Partial<MigratorOptions>;
    readonly schema: string;
    readonly migrations: string;
  }[] = [
    {
      name: '5: prisma/schema.prisma',
      version: 5,
      files: { 'prisma/schema.prisma': schema(), 'prisma/migrations/1/migration.sql': sql },
      schema: 'prisma/schema.prisma',
      migrations: 'prisma/migrations',
    },
    {
      name: '5: schema.prisma comes first',
      version: 5,
      files: {
        'schema.prisma': schema(),
        'prisma/schema.prisma': schema(),
        'migrations/1/migration.sql': sql,
      },
      schema: 'schema.prisma',
      migrations: 'migrations',
    },
    {
      name: '5: package.json',
      version: 5,
      files: {
        'package.json': '{"prisma":{"schema":"db/main.prisma"}}',
        'db/main.prisma': schema(),
        'db/migrations/1/migration.sql': sql,
      },
      schema: 'db/main.prisma',
      migrations: 'db/migrations',
    },
    {
      name: '5: a folder keeps its migrations beside it',
      version: 5,
      files: { 'prisma/schema/a.prisma': schema(), 'prisma/migrations/1/migration.sql': sql },
      schema: 'prisma/schema',
      migrations: 'prisma/migrations',
    },
    {
      name: '5: the input schema wins',
      version: 5,
      files: {
        'schema.prisma': schema(),
        'other/s.prisma': schema(),
        'other/migrations/1/migration.sql': sql,
      },
      options: { schema: './other/s.prisma' },
      schema: 'other/s.prisma',
      migrations: 'other/migrations',
    },
    {
      name: '6: package.json',
      version: 6,
      files: {
        'package.json': '{"prisma":{"schema":"db"}}',
        'db/models/user.prisma': 'model User {\n id Int @id\n}\n',
        'db/main.prisma': schema(),
        'db/migrations/1/migration.sql': sql,
      },
      schema: 'db',
      migrations: 'db/migrations',
    },
    {
      name: '6: the config wins over package.json',
      version: 6,
      files: {
        'package.json': '{"prisma":{"schema":"db"}}',
        'prisma.config.ts': config("schema: 'p/s.prisma'"),
        'p/s.prisma': schema(),
        'p/migrations/1/migration.sql': sql,
      },
      schema: 'p/s.prisma',
      migrations: 'p/migrations',
    },
    {
      name: '6: migrations lie beside the file with the datasource',
      version: 6,
      files: {
        'prisma/parts/db/main.prisma': schema(),
        'prisma/parts/user.prisma': 'model User {\n id Int @id\n}\n',
        'prisma/parts/db/migrations/1/migration.sql': sql,
      },
      options: { schema: 'prisma/parts' },
      schema: 'prisma/parts',
      migrations: 'prisma/parts/db/migrations',
    },
    {
      name: '7: config with both paths, in .config',
      version: 7,
      files: {
        '.config/prisma.ts': config(`schema: '../db/s.prisma', migrations: { path: '../db/steps' }, ${url}`),
        'db/s.prisma': bare,
        'db/steps/1/migration.sql': sql,
      },
      schema: 'db/s.prisma',
      migrations: 'db/steps',
    },
    {
      name: '7: prisma7.config wins over prisma.config, package.json is ignored',
      version: 7,
      files: {
        'package.json': '{"prisma":{"schema":"db"}}',
        'prisma7.config.ts': config(url),
        'prisma.config.ts': config(`schema: 'nowhere', ${url}`),
        'prisma/schema.prisma': bare,
        'prisma/migrations/1/migration.sql': sql,
      },
      schema: 'prisma/schema.prisma',
      migrations: 'prisma/migrations',
    },
    {
      name: '7: defaults lie beside an explicit config; a folder holds its migrations',
      version: 7,
      files: {
        'apps/db/c.ts': config(`schema: 'schema', ${url}`),
        'apps/db/schema/main.prisma': bare,
        'apps/db/schema/migrations/1/migration.sql': sql,
      },
      options: { prismaConfig: 'apps/db/c.ts' },
      schema: 'apps/db/schema',
      migrations: 'apps/db/schema/migrations',
    },
    {
      name: '7: a computed config is run',
      version: 7,
      files: {
        'prisma.config.ts': `import path from 'node:path';\nconsole.log('noise', 'from the config');\n${config(
          "schema: path.join('db', 's.prisma'), datasource: { url: process.env.DIRECT_URL ?? process.env.DATABASE_URL }",
        )}`,
        'db/s.prisma': bare,
        'db/migrations/1/migration.sql': sql,
      },
      options: { environment: { PATH: process.env.PATH, DATABASE_URL: 'postgresql://u:p@h/d' } },
      schema: 'db/s.prisma',
      migrations: 'db/migrations',
    },
  ];

  test.each(cases)('$name', async ({ version, files, options, ...expected }) => {
    const root = repositories.create(version, files);
    const facts = await inspect(root, options);
    expect(facts).toMatchObject({
      prismaMajor: version,
      splitsStatements: version === 7,
      schemaPath: join(root, expected.schema),
      migrationsPath: join(root, expected.migrations),
      urlEnv: ['DATABASE_URL'],
    });
    expect(facts.migrations.map((each) => each.path)).toEqual([`${expected.migrations}/1/migration.sql`]);
  });
});

describe('the dialect', () => {
  const lock = (provider: string): Files => ({
    'prisma/migrations/migration_lock.toml': `provider = "${provider}"\n`,
  });
  test.each([
    ['postgresql', 6, undefined, false],
    ['postgres', 6, undefined, false],
    // Whatever the version: MySQL commits each statement by itself.
    ['mysql', 5, 'mysql', true],
    ['mysql', 6, 'mysql', true],
  ] as const)('%s with Prisma %i', async (provider, version, dialect, splits) => {
    const files: Files = {
      'prisma/schema.prisma': schema(undefined, provider),
      'prisma/migrations/1/migration.sql': sql,
      ...lock(provider === 'postgres' ? 'postgresql' : provider),
    };
    const facts = await inspect(repositories.create(version, files));
    expect(facts.dialect).toBe(dialect);
    expect(facts.splitsStatements).toBe(splits);
  });
});
