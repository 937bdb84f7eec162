import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { MigratorOptions } from '../../src/adapters/prisma/options.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import {
  bare,
  config,
  type Files,
  inspect,
  modules,
  Repositories,
  schema,
  sql,
  url,
} from './support/prisma-repositories.ts';

const repositories = new Repositories();
afterAll(() => repositories.remove());

describe('refusals', () => {
  const good: Files = { 'prisma/schema.prisma': schema(), 'prisma/migrations/1/migration.sql': sql };
  const seven: Files = {
    'prisma.config.ts': config(url),
    'prisma/schema.prisma': bare,
    'prisma/migrations/1/migration.sql': sql,
  };
  const cli = (version: string): Files => ({
    'node_modules/prisma/package.json': JSON.stringify({ version, bin: { prisma: 'x.js' } }),
  });
  const cases: readonly (readonly [string, number, Files, Partial<MigratorOptions>, readonly string[]])[] = [
    ['no CLI', 0, good, {}, ['prisma-not-installed: no node_modules']],
    ['Plug’n’Play', 0, { ...good, '.pnp.cjs': '' }, {}, ['prisma-unsupported: .*nodeLinker']],
    ['Prisma 8', 0, { ...good, ...cli('8.0.0-rc.19') }, {}, ['prisma-unsupported: .*prisma db migrate']],
    ['Prisma 4', 0, { ...good, ...cli('4.16.2') }, {}, ['prisma-unsupported: .*before 5']],
    ['no schema', 5, { 'a.txt': '' }, {}, ['project-not-found: neither']],
    ['named schema gone', 6, good, { schema: 'x' }, ['project-not-found: .*not there']],
    ['no datasource', 5, { 'schema.prisma': 'model A {}' }, {}, ['prisma-config-broken: .*no datasource']],
    ...['sqlite', 'sqlserver', 'mongodb', 'cockroachdb'].map(
      (provider) =>
        [
          provider,
          6,
          { ...good, 'prisma/schema.prisma': schema(undefined, provider) },
          {},
          [`prisma-unsupported: .*provider is ${provider}, only postgresql and mysql can be guarded`],
        ] as const,
    ),
    [
      'a lock file of the other dialect',
      6,
      {
        ...good,
        'prisma/schema.prisma': schema(undefined, 'mysql'),
        'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      },
      {},
      ['prisma-config-broken: .*the line must be: provider = "mysql"'],
    ],
    [
      'two .env files of one mind',
      6,
      { ...good, '.env': 'A=1\nB=2\n', 'prisma/.env': 'A=1\nB=3\n' },
      {},
      ['prisma-config-broken: .*\\(A\\)'],
    ],
    [
      'everything at once',
      5,
      {
        'prisma/schema.prisma': schema('url = "file:./d.db"', 'sqlite'),
        'prisma/migrations/migration_lock.toml': 'provider="postgresql"\n',
      },
      {},
      [
        'prisma-unsupported',
        'url-not-guarded: .*url holds',
        'migrations-empty',
        'prisma-config-broken: .*P3019',
      ],
    ],
    ['an input for nothing', 5, good, { prismaConfig: 'c.ts' }, ['prisma-unsupported: .*no config file']],
    [
      "engine 'js'",
      6,
      {
        ...good,
        'prisma.config.ts': config(
          "experimental: { adapter: true }, engine: 'js', adapter: async () => ({}) as never",
        ),
      },
      {},
      ["prisma-unsupported: .*engine: 'js'"],
    ],
    [
      '7 without a config',
      7,
      { ...seven, 'prisma.config.ts': '', 'package.json': '{}' },
      {},
      ['prisma-config-broken'],
    ],
    [
      '7 with url in the schema',
      7,
      { ...seven, 'prisma/schema.prisma': schema() },
      {},
      ['prisma-config-broken: .*P1012'],
    ],
    [
      '7 without url',
      7,
      { ...seven, 'prisma.config.ts': config("schema: 'prisma'") },
      {},
      ['prisma-config-broken: .*datasource.url'],
    ],
    [
      '7 with a literal',
      7,
      { ...seven, 'prisma.config.ts': config("datasource: { url: 'postgresql://u:p@h/d' }") },
      {},
      ['url-not-guarded'],
    ],
    [
      '7 with another variable missing',
      7,
      { ...seven, 'prisma.config.ts': config("datasource: { url: env('A'), shadowDatabaseUrl: env('B') }") },
      {},
      ['prisma-config-broken: .*variable: B'],
    ],
    [
      '7, the same in a computed config',
      7,
      {
        ...seven,
        'prisma.config.ts': `const b = 'B';\n${config('datasource: { url: env("A"), shadowDatabaseUrl: env(b) }')}`,
      },
      {},
      ['prisma-config-broken: .*variable: B'],
    ],
    [
      '7 with a config that throws',
      7,
      { ...seven, 'prisma.config.ts': "throw new Error('boom');" },
      {},
      ['prisma-config-broken: .*boom'],
    ],
    ['7, config gone', 7, seven, { prismaConfig: 'c.ts' }, ['prisma-config-broken: .*cannot be read']],
  ];

  test.each(cases)('%s', async (_name, version, files, options, expected) => {
    const problems = await inspect(repositories.create(version, files), options).then(
      () => [],
      (error: unknown) => problemsOf(error),
    );
    const told = problems.map(({ code, detail }) => `${code}: ${detail}`);
    expect(told).toEqual(expected.map((each) => expect.stringMatching(new RegExp(`^${each}`))));
  });

  test('no such directory', async () => {
    await expect(inspect(join(repositories.base, 'none'))).rejects.toMatchObject({
      problems: [{ code: 'project-not-found' }],
    });
  });
});

describe('the CLI', () => {
  test('of the root serves a workspace package', async () => {
    const root = repositories.create(5, {
      'packages/db/prisma/schema.prisma': schema(),
      'packages/db/prisma/migrations/1/migration.sql': sql,
    });
    const facts = await inspect(join(root, 'packages/db'), { repositoryRoot: root });
    expect(facts).toMatchObject({
      cli: join(modules, 'prisma5/build/index.js'),
      prismaVersion: '5.22.0',
    });
    expect(facts.migrations[0]?.path).toBe('packages/db/prisma/migrations/1/migration.sql');
  });

  test('prisma7 serves beside Prisma 8', async () => {
    const root = repositories.create(0, {
      'node_modules/prisma/package.json': '{"version":"8.0.0","bin":{"prisma":"dist/prisma.js"}}',
      'node_modules/@prisma/prisma7/package.json':
        '{"version":"7.10.0","bin":{"prisma7":"build/prisma7.js"}}',
      'prisma7.config.ts': config(url),
      'prisma/schema.prisma': bare,
      'prisma/migrations/1/migration.sql': sql,
    });
    expect(await inspect(root)).toMatchObject({
      cli: join(root, 'node_modules/@prisma/prisma7/build/prisma7.js'),
      prismaVersion: '7.10.0',
      configPath: join(root, 'prisma7.config.ts'),
    });
  });
});
