import { createHash } from 'node:crypto';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  bare,
  config,
  inspect,
  migratorIn,
  Repositories,
  schema,
  sql,
  url,
} from './support/prisma-repositories.ts';

const repositories = new Repositories();
afterAll(() => repositories.remove());

describe('migrations on disk', () => {
  const names = ['a', 'B', '10_x', '9_x', '_z', 'ä'];
  const files = Object.fromEntries(names.map((name) => [`prisma/migrations/${name}/migration.sql`, sql]));

  test.each([
    [5, ['10_x', '9_x', 'B', '_z', 'a', 'ä']],
    [6, [...names].sort((a, b) => a.localeCompare(b))],
  ])('Prisma %d has its own order', async (version, expected) => {
    const { migrations } = await inspect(
      repositories.create(version, { ...files, 'prisma/schema.prisma': schema() }),
    );
    expect(migrations.map((each) => each.name)).toEqual(expected);
  });

  test('checksums, folders without a file, links, the lock file', async () => {
    const root = repositories.create(6, {
      'prisma/schema.prisma': schema(),
      'prisma/migrations/migration_lock.toml': '# note\nprovider = "postgresql"\n',
      'prisma/migrations/1/migration.sql': 'a\r\nb\n',
      'prisma/migrations/2/README.md': '',
      'prisma/migrations/3/migration.sql/x': '',
    });
    symlinkSync(join(root, 'prisma/migrations/1'), join(root, 'prisma/migrations/4'), 'dir');
    const { migrations, unreadable, lockProvider } = await inspect(root);
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect(migrations).toEqual([
      {
        name: '1',
        path: 'prisma/migrations/1/migration.sql',
        checksums: ['a\r\nb\n', 'a\nb\n', 'a\r\nb\r\n'].map(sha),
        bytes: 5,
      },
    ]);
    expect(unreadable).toEqual(['2', '3']);
    expect(lockProvider).toBe('postgresql');
  });

  test('script() gives the bytes', async () => {
    const root = repositories.create(6, {
      'prisma/schema.prisma': schema(),
      'prisma/migrations/1/migration.sql': sql,
    });
    const own = migratorIn(root);
    const facts = await own.project();
    expect(Buffer.from(await own.script(facts, '1')).toString()).toBe(sql);
    await expect(own.script(facts, '2')).rejects.toMatchObject({
      problems: [{ code: 'migration-unreadable' }],
    });
  });

  test('leaves nothing behind in the project', async () => {
    const root = repositories.create(7, {
      'prisma.config.ts': `const s = 'prisma';\n${config(`schema: s, ${url}`)}`,
      'prisma/main.prisma': bare,
      'prisma/migrations/1/migration.sql': sql,
    });
    const before = readdirSync(root, { recursive: true }).length;
    await inspect(root, { environment: { PATH: process.env.PATH, DATABASE_URL: 'postgresql://h/d' } });
    expect(readdirSync(root, { recursive: true })).toHaveLength(before);
  });
});
