import { afterAll, expect, test } from '@jest/globals';
import { expectRun } from './honest.ts';
import { startPooler } from './pooler.ts';
import { GOOD, openWorld } from './world.ts';

const world = await openWorld();
afterAll(async () => world[Symbol.asyncDispose]());

const through = (url: string, port: number): string => url.replace(/:\d+\//, `:${port}/`);

test.concurrent.each(['drop', 'refuse'] as const)(
  'a pooler that would %s the timeouts is refused before the snapshot',
  async (manner) => {
    await world.play({ next: GOOD, shared: true }, async (the) => {
      await using pooler = await startPooler(world.cluster.port, manner);
      const run = await the.deploy({ env: { DATABASE_URL: through(the.url, pooler.port) } });
      expectRun(run, {
        status: 'refused',
        aws: [],
        says: ['did not reach the server', 'pooler', 'DIRECT_URL'],
      });
      expect(run.report?.problems).toEqual(
        expect.arrayContaining([expect.objectContaining({ code: 'limits-not-in-force' })]),
      );
    });
  },
);

test.concurrent('DIRECT_URL leads round the pooler, and DATABASE_URL must carry the timeouts too', async () => {
  await world.play({ next: GOOD, shared: true }, async (the) => {
    await using pooler = await startPooler(world.cluster.port, 'drop');
    const env = { DIRECT_URL: the.url, DATABASE_URL: through(the.url, pooler.port) };
    const run = await the.deploy({ env });
    // Prisma 7 takes DATABASE_URL here (prisma.config.ts), so the direct one is of no use to it.
    expectRun(run, { status: 'refused', aws: [], says: ['did not reach the server', 'DIRECT_URL'] });
  });
});

test.concurrent('both variables set: Prisma follows its config, the guard connects with the first', async () => {
  const config = `import { defineConfig, env } from 'prisma/config';
export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' }, datasource: { url: env('DIRECT_URL') } });\n`;
  await world.play({ next: GOOD, shared: true, files: { 'prisma.config.ts': config } }, async (the) => {
    const run = await the.deploy({
      env: { DIRECT_URL: the.url, DATABASE_URL: the.url },
      inputs: { snapshot: 'skip' },
    });
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
  });
});

test.concurrent('directUrl of Prisma 6: what the application uses beside it may be a pooler', async () => {
  const schema =
    'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n  directUrl = env("DIRECT_URL")\n}\n';
  await world.play(
    { prisma: 6, next: GOOD, shared: true, files: { 'prisma/schema.prisma': schema } },
    async (the) => {
      await using pooler = await startPooler(world.cluster.port, 'refuse');
      const run = await the.deploy({
        env: { DIRECT_URL: the.url, DATABASE_URL: through(the.url, pooler.port) },
        inputs: { snapshot: 'skip' },
      });
      expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    },
  );
});
