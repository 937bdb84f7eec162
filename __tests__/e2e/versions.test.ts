/** The whole story once with each older major. */
import { afterAll, expect, test } from '@jest/globals';
import { expectRun } from './honest.ts';
import { BROKEN, GOOD, NEXT, openWorld } from './world.ts';

const world = await openWorld();
afterAll(async () => world[Symbol.asyncDispose]());

/** Two files: the first commits, the second fails as a whole, so that something is left behind. */
const SECOND = '20260303080000_broken';

test.concurrent.each([
  [5, '5.22.0'],
  [6, '6.19.3'],
] as const)('Prisma %d', async (prisma, version) => {
  await world.play({ prisma, next: GOOD, inputs: { 'slack-on': 'always' } }, async (the) => {
    the.project.add(SECOND, BROKEN);
    const run = await the.deploy();
    expectRun(run, {
      status: 'restored',
      state: 'restored',
      says: [SECOND, '(42701)', 'Production was changed', 'is equal'],
    });
    expect(run.log).toContain(`Prisma ${version}`);
    expect(run.log).toContain('each file is sent as a whole');
    expect(run.outputs).toMatchObject({
      'applied-migrations': JSON.stringify([NEXT]),
      'failed-migration': SECOND,
    });
    expect(run.annotations[0]).toMatchObject({ properties: { line: '1' } });
    await the.query('UPDATE "_prisma_migrations" SET rolled_back_at = now() WHERE finished_at IS NULL');
    the.project.add(SECOND, 'ALTER TABLE "orders" ADD COLUMN "fixed" TEXT;\n');
    const again = await the.deploy({ inputs: { snapshot: 'skip' } });
    expectRun(again, { status: 'applied', state: 'changed' });
    expectRun(await the.deploy(), { status: 'up-to-date', aws: [] });
  });
});
