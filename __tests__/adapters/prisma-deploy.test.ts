import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { makeProject, type PrismaMajor, type Project } from '../../lab/projects/make.ts';
import { createMigrator } from '../../src/adapters/prisma/migrator.ts';
import { readPrismaOutput } from '../../src/domain/prisma-output.ts';
import type { Migrator } from '../../src/ports/migrator.ts';

let cluster: Cluster;
const projects: Project[] = [];

beforeAll(async () => {
  cluster = await startCluster({ name: 'migrator', archive: false });
});

afterAll(async () => {
  for (const project of projects) project.remove();
  await cluster?.stop();
});

interface Ready {
  readonly migrator: Migrator;
  readonly urls: Readonly<Record<string, string>>;
  readonly database: string;
}

async function ready(prisma: PrismaMajor, sql: string): Promise<Ready> {
  const project = makeProject({ prisma, migrations: [{ name: '1_users', sql }] });
  const database = `migrator_${projects.push(project)}`;
  await cluster.query(`CREATE DATABASE ${database} OWNER app`);
  const url = cluster.url(database);
  const migrator = createMigrator({
    workingDirectory: project.dir,
    repositoryRoot: project.dir,
    environment: {
      ...project.env('postgresql://nobody:x@127.0.0.1:1/x'),
      'INPUT_SLACK-WEBHOOK-URL': 'secret',
      DEBUG: '*',
    },
    nodePath: process.execPath,
    scrub: (text) => text.replaceAll(new URL(url).password || '\0', '***'),
  });
  return { migrator, urls: { DATABASE_URL: url }, database };
}

describe.each([5, 6, 7] as const)('Prisma %d', (major) => {
  test('applies what is pending with the URL it is given', async () => {
    const { migrator, urls, database } = await ready(major, 'CREATE TABLE users (id int);\n');
    const project = await migrator.project();
    expect(project.prismaMajor).toBe(major);
    expect(await migrator.effectiveUrl(project, urls)).toBe(urls.DATABASE_URL);
    const lines: string[] = [];
    const end = await migrator.deploy(project, urls, (line) => lines.push(line)).ended;
    expect(end).toMatchObject({ exitCode: 0, signal: null });
    expect(lines).toContain('Applying migration `1_users`');
    expect(end.output).toBe(lines.join('\n'));
    expect(readPrismaOutput(end.output)).toEqual({});
    const rows = await cluster.query('SELECT checksum FROM _prisma_migrations', [], database);
    expect(project.migrations[0]?.checksums).toContain(rows[0]?.checksum);
  });

  test('tells a failure, and marks it as rolled back', async () => {
    const { migrator, urls, database } = await ready(major, 'CREATE TABLE a ();\nSELECT missing FROM a;\n');
    const project = await migrator.project();
    const end = await migrator.deploy(project, urls, () => undefined).ended;
    expect(end.exitCode).toBe(1);
    expect(readPrismaOutput(end.output)).toMatchObject({
      code: 'P3018',
      sqlState: '42703',
      migration: '1_users',
      message: 'column "missing" does not exist',
    });
    expect(readPrismaOutput(end.output).position).toBeGreaterThan(0);
    expect(await migrator.markRolledBack(project, urls, '1_users')).toMatchObject({ exitCode: 0 });
    const rows = await cluster.query('SELECT rolled_back_at FROM _prisma_migrations', [], database);
    expect(rows[0]?.rolled_back_at).toBeTruthy();
  });

  test('kill ends the CLI and its engine', async () => {
    const { migrator, urls } = await ready(major, 'SELECT pg_sleep(60);\n');
    const project = await migrator.project();
    const cli = await new Promise<ReturnType<Migrator['deploy']>>((resolve) => {
      const started = migrator.deploy(project, urls, (line) => {
        if (line.startsWith('Applying migration')) resolve(started);
      });
    });
    await cli.kill(500);
    expect((await cli.ended).exitCode).not.toBe(0);
    expect(readPrismaOutput((await cli.ended).output).migration).toBe('1_users');
    expect(() => process.kill(cli.pid, 0)).toThrow();
  });
});
