/** What a workflow can choose: commands, where the URL comes from, schemas, TLS, how many snapshots stay. */

import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { expectRun } from './honest.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { GOOD, HALF, NEXT, openWorld } from './world.ts';

const world = await openWorld({
  cluster: { ssl: 'only', users: [{ name: 'vault', password: 'p%/@ :#vault' }] },
});
await world.cluster.query('GRANT app TO vault');
afterAll(async () => world[Symbol.asyncDispose]());

const SKIP = { snapshot: 'skip' };
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf';
/** Writes what a command of a user sees. */
const witness = (name: string): string =>
  `echo "${name} $GUARDED_MIGRATE_RESULT $GUARDED_MIGRATE_DATABASE_STATE" >> commands.txt`;

test.concurrent('before, verify and after a good migration', async () => {
  const inputs = {
    ...SKIP,
    'before-command': witness('before'),
    'verify-command': witness('verify'),
    'after-command': witness('after'),
  };
  await world.play({ next: GOOD, shared: true, inputs }, async (the) => {
    const run = await the.deploy();
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    const seen = readFileSync(`${the.project.dir}/commands.txt`, 'utf8');
    expect(seen.trim().split('\n')).toEqual([
      'before pending unchanged',
      expect.stringMatching(/^verify applied /),
      expect.stringMatching(/^after applied /),
    ]);
  });
});

test.concurrent('a failing verify-command is a failed deploy; after-command runs all the same', async () => {
  const inputs = {
    ...SKIP,
    'on-failure': 'alert',
    'verify-command': 'echo smoke test says no; exit 3',
    'after-command': `${witness('after')}; exit 4`,
  };
  await world.play({ next: GOOD, shared: true, inputs }, async (the) => {
    const run = await the.deploy();
    expectRun(run, {
      status: 'failed',
      state: 'changed',
      aws: [],
      says: ['applied', 'verify-command', 'Find out why the check failed', 'maintenance mode'],
    });
    expect(run.log).toContain('smoke test says no');
    expect(run.outputs['applied-migrations']).toBe(JSON.stringify([NEXT]));
    expect(readFileSync(`${the.project.dir}/commands.txt`, 'utf8')).toMatch(/^after /);
  });
});

test.concurrent('a failing before-command stops the deploy before the migration', async () => {
  const inputs = { ...SKIP, 'before-command': 'echo no; exit 7', 'after-command': witness('after') };
  await world.play({ next: GOOD, shared: true, inputs }, async (the) => {
    const run = await the.deploy();
    expectRun(run, { status: 'failed', aws: [], says: ['before-command', 'exit code 7', 'not started'] });
    expect(await the.query('SELECT count(*)::int AS n FROM "_prisma_migrations"')).toEqual([{ n: 1 }]);
    expect(readFileSync(`${the.project.dir}/commands.txt`, 'utf8')).toMatch(/^after pending unchanged/);
  });
});

test.concurrent('user and password from Secrets Manager, with awkward signs', async () => {
  await world.play(
    { next: GOOD, shared: true, inputs: { ...SKIP, 'database-secret-arn': ARN } },
    async (the) => {
      await using secrets = await startSecretsManager({
        username: 'vault',
        password: 'p%/@ :#vault',
        host: '127.0.0.1',
        port: world.cluster.port,
        dbname: the.database,
      });
      const run = await the.deploy({
        env: { DATABASE_URL: '', AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url },
      });
      expectRun(run, { status: 'applied', state: 'changed', aws: [] });
      expect(run.log).toContain('as vault');
      expect(secrets.asked).toEqual(['secretsmanager.GetSecretValue']);
    },
  );
});

test.concurrent('the secret may not be read: the action is named', async () => {
  await world.play({ next: GOOD, shared: true, inputs: { 'database-secret-arn': ARN } }, async (the) => {
    await using secrets = await startSecretsManager('AccessDeniedException');
    const run = await the.deploy({ env: { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url } });
    expectRun(run, {
      status: 'refused',
      aws: [],
      says: ['secretsmanager:GetSecretValue', 'not started', 'Allow secretsmanager:GetSecretValue'],
    });
  });
});

test.concurrent('Prisma 6 with directUrl: both URLs carry the timeouts, Prisma takes the direct one', async () => {
  const schema =
    'datasource db {\n  provider  = "postgresql"\n  url       = env("DATABASE_URL")\n  directUrl = env("DIRECT_URL")\n}\n';
  await world.play(
    { next: GOOD, prisma: 6, shared: true, inputs: SKIP, files: { 'prisma/schema.prisma': schema } },
    async (the) => {
      const run = await the.deploy({ env: { DIRECT_URL: the.url } });
      expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    },
  );
});

test.concurrent('schema= of the URL is honoured, from the history to the restored database', async () => {
  await world.play({ next: HALF }, async (the) => {
    await the.query('ALTER SCHEMA public RENAME TO sales; CREATE SCHEMA public');
    const run = await the.deploy({
      env: { DATABASE_URL: `${the.url}${the.url.includes('?') ? '&' : '?'}schema=sales` },
    });
    expectRun(run, { status: 'restored', state: 'restored', says: [NEXT, 'sales.orders', 'is equal'] });
    const restored = world.rds.clusterOf(run.outputs['restored-identifier'] ?? '');
    const [found] = await restored.query('SELECT count(*)::int AS n FROM sales."orders"', [], the.database);
    expect(found).toEqual({ n: 100 });
  });
});

test.concurrent('a server without plain TCP, and a URL that insists on it', async () => {
  await world.play({ next: GOOD, shared: true, inputs: SKIP }, async (the) => {
    const refused = await the.deploy({ env: { DATABASE_URL: withMode(the.url, 'disable') } });
    expectRun(refused, { status: 'refused', aws: [], says: ['encrypted', 'not started', 'sslmode=require'] });
    const run = await the.deploy({ env: { DATABASE_URL: withMode(the.url, 'require') } });
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    expect(run.log).toMatch(/PostgreSQL 18, encrypted/);
  });
});

const withMode = (url: string, mode: string): string => `${url.split('?')[0]}?sslmode=${mode}`;

test.concurrent('snapshot: start goes on at once; snapshot-keep deletes only old good ones of ours', async () => {
  await world.play({ next: GOOD, inputs: { snapshot: 'start', 'snapshot-keep': '1' } }, async (the) => {
    const first = await the.deploy();
    expectRun(first, { status: 'applied', state: 'changed' });
    expect(first.summary).toContain('without waiting for it');
    await world.rds.settled();
    the.project.add('20260303080000_more', 'ALTER TABLE "orders" ADD COLUMN "more" TEXT;\n');
    const second = await the.deploy({ inputs: { snapshot: 'wait' } });
    expectRun(second, { status: 'applied', state: 'changed' });
    const left = world.rds.snapshots().filter((each) => each.instanceId === the.id && each.type === 'manual');
    expect(left.map(({ id }) => id)).toEqual([second.outputs['snapshot-identifier']]);
  });
});
