import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { makeProject, type PrismaMajor, type Project } from '../../lab/projects/make.ts';
import { driftOf } from '../../src/adapters/prisma/drift.ts';
import { createMigrator } from '../../src/adapters/prisma/migrator.ts';

let cluster: Cluster;
const projects: Project[] = [];

beforeAll(async () => {
  cluster = await startCluster({ name: 'drift', archive: false });
});
afterAll(async () => {
  for (const project of projects) project.remove();
  await cluster?.stop();
});

const schema = (major: PrismaMajor): string =>
  `datasource db {\n  provider = "postgresql"\n${major === 7 ? '' : '  url = env("DATABASE_URL")\n'}}\n\nmodel User {\n  id Int @id\n}\n`;
const USERS = 'CREATE TABLE "User" (id integer PRIMARY KEY);\n';

async function ready(major: PrismaMajor, env: Readonly<Record<string, string>> = {}) {
  const project = makeProject({
    prisma: major,
    migrations: [{ name: '1_users', sql: USERS }],
    files: { 'prisma/schema.prisma': schema(major) },
  });
  const database = `drift_${projects.push(project)}`;
  await cluster.query(`CREATE DATABASE ${database} OWNER app`);
  const urls = { DATABASE_URL: cluster.url(database) };
  const migrator = createMigrator({
    workingDirectory: project.dir,
    repositoryRoot: project.dir,
    environment: { ...project.env('postgresql://nobody:x@127.0.0.1:1/x'), ...env },
    nodePath: process.execPath,
    scrub: (text) => text,
  });
  return { migrator, urls, database };
}

describe.each([5, 6, 7] as const)('Prisma %d', (major) => {
  test('no drift, drift, and an error are three answers', async () => {
    const { migrator, urls, database } = await ready(major);
    const project = await migrator.project();
    await cluster.query(`SET ROLE app; ${USERS}`, [], database);
    expect(await migrator.drift(project, urls)).toEqual({ state: 'none' });
    await cluster.query('ALTER TABLE "User" ADD COLUMN extra text', [], database);
    expect(await migrator.drift(project, urls)).toEqual({
      state: 'drifted',
      changes: expect.arrayContaining([expect.stringContaining('`User`'), expect.stringContaining('extra')]),
    });
    const away = { DATABASE_URL: 'postgresql://app:s3cret@127.0.0.1:1/shop' };
    const unknown = await migrator.drift(project, away);
    expect(unknown).toEqual({ state: 'unknown', message: expect.stringMatching(/P1001|reach/) });
    expect(JSON.stringify(unknown)).not.toContain('s3cret');
  });

  test('the engine is found, or it is said why not', async () => {
    const { migrator, urls } = await ready(major);
    expect(await migrator.engine(await migrator.project(), urls)).toEqual({
      found: true,
      version: 'schema-engine-cli lab',
    });
    const lost = await ready(major, { PRISMA_SCHEMA_ENGINE_BINARY: '/not/there' });
    expect(await lost.migrator.engine(await lost.migrator.project(), lost.urls)).toEqual({
      found: false,
      message: expect.stringContaining('PRISMA_SCHEMA_ENGINE_BINARY'),
    });
  });
});

describe('exit codes are kept apart', () => {
  const end = (exitCode: number | null, output = '', signal: string | null = null, late = false) =>
    driftOf({ exitCode, output, signal, late });

  test.each([
    ['0', end(0, 'No difference detected.'), { state: 'none' }],
    [
      '2',
      end(2, 'Loaded Prisma config from x.\n\n[+] Added tables\n  - a'),
      { state: 'drifted', changes: ['[+] Added tables', '  - a'] },
    ],
    ['1', end(1, 'Error: P1001\n\nCan’t reach it'), { state: 'unknown', message: 'P1001 Can’t reach it' }],
    ['1 without a word', end(1), { state: 'unknown', message: 'exit code 1' }],
    ['a signal', end(null, '', 'SIGKILL'), { state: 'unknown', message: 'SIGKILL' }],
    [
      'no end in time',
      end(null, '', 'SIGTERM', true),
      { state: 'unknown', message: 'prisma migrate diff did not end in time' },
    ],
    ['101, a panic', end(101, 'thread main panicked'), { state: 'unknown', message: 'thread main panicked' }],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('a thousand changes are cut', () => {
    const found = end(2, Array.from({ length: 1000 }, (_, index) => `  - t${index}`).join('\n'));
    expect(found.state === 'drifted' ? found.changes.length : 0).toBe(40);
  });
});
