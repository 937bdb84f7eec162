/** What a plan learns from the rows, and its bad days: a fork, no GitHub, a shallow checkout, no plan at all. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { startGitHub } from '../../lab/github.ts';
import type { Deployed } from './deployed.ts';
import { expectHonest, expectRun } from './honest.ts';
import { inPull, TOKEN } from './pull.ts';
import { type Case, GOOD, NEXT, openWorld } from './world.ts';

const FORK = 'ghs_forkForkForkForkFork0123456789';
const DROP = 'ALTER TABLE "orders" DROP COLUMN "total";\n';
const world = await openWorld();
const github = await startGitHub();
github.allow(TOKEN);
github.allow(FORK, { comments: 'read' });
const ground = { world, github };
afterAll(async () => {
  await github.stop();
  expect(world.rds.violations).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const read = (path: string | undefined): string => readFileSync(path ?? 'no path', 'utf8');
const found = (run: Deployed): readonly (readonly [string, string, number])[] =>
  (JSON.parse(run.outputs.hazards ?? 'null') as { rule: string; level: string; line: number }[]).map(
    ({ rule, level, line }) => [rule, level, line] as const,
  );
const told = (run: Deployed): readonly string[] =>
  ((run.report?.notices ?? []) as { code: string }[]).map(({ code }) => code);
const hazardsOf = (run: Deployed): readonly { readonly rule: string; readonly message: string }[] =>
  JSON.parse(read(run.outputs['plan-path'])).plan.hazards;
const sarifOf = (the: Case): { readonly invocations: unknown; readonly results: readonly unknown[] } =>
  JSON.parse(read(`${the.project.dir}/out.sarif`)).runs[0];

const PERSONAL = 'ada.lovelace@private.example';
const PEOPLE = `SET ROLE app; CREATE TABLE "people" ("id" int PRIMARY KEY, "Email" text, "name" text); CREATE TABLE "empty" ("id" int);
  INSERT INTO "people" SELECT n, CASE WHEN n < 3 THEN '${PERSONAL}' ELSE 'p' || n END, CASE WHEN n > 3 THEN 'x' END FROM generate_series(1, 50) n; ANALYZE "people"`;
const ON_ROWS = `/*
  Warnings:

  - You are about to drop the column \`note\` on the \`people\` table. All the data in the column will be lost.

*/
ALTER TABLE "empty" ADD COLUMN "x" INTEGER NOT NULL;
CREATE UNIQUE INDEX "people_email" ON "people"("Email");
ALTER TABLE "people" ALTER COLUMN "name" SET NOT NULL;
ALTER TABLE "people" ADD COLUMN "age" INTEGER NOT NULL;
`;

test.concurrent('the rows are asked: what will fail is told with numbers and without values, what is clean is not', async () => {
  await inPull(
    ground,
    { next: ON_ROWS, inputs: { 'sarif-path': 'out.sarif', 'fail-on': 'never' } },
    async (the, pull) => {
      await the.query(PEOPLE);
      const run = await pull.run({ mode: 'plan' });
      expectHonest(run);
      expect(run.outputs.status).toBe('planned');
      expect(found(run)).toEqual(
        expect.arrayContaining([
          ['rows-in-the-way', 'block', 8],
          ['rows-in-the-way', 'block', 9],
          ['add-required-column', 'block', 10],
          ['prisma-warning', 'notice', 4],
        ]),
      );
      // The table has no row, so that column cannot fail.
      expect(found(run)).not.toContainEqual(expect.arrayContaining(['add-required-column', 7]));
      const [body = ''] = pull.comments();
      const places = [body, run.summary, JSON.stringify(sarifOf(the)), JSON.stringify(hazardsOf(run))];
      for (const text of places) {
        for (const words of ['1 value of', '3 rows of people have NULL', 'people has 50 rows'])
          expect(text).toContain(words);
      }
      for (const text of [...places, run.log, JSON.stringify(run.report)])
        expect(text).not.toContain(PERSONAL);
      expectRun(await the.deploy({ inputs: { 'fail-on': 'block' } }), {
        status: 'refused',
        aws: [],
        says: ['Checked now'],
      });
    },
  );
});

test.concurrent('a role that may not read: the findings stay, and say why nobody knows', async () => {
  await inPull(ground, { next: ON_ROWS }, async (the, pull) => {
    await the.query(`${PEOPLE}; RESET ROLE; ALTER TABLE "people" OWNER TO postgres`);
    const run = await pull.run({ mode: 'plan', 'fail-on': 'never' });
    expect(found(run).map(([rule]) => rule)).not.toContain('rows-in-the-way');
    const about = hazardsOf(run).filter(({ rule }) => rule === 'set-not-null');
    expect(about.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'Not checked for NULL in "name" of people: the role may not read every row of the table.',
      ),
    ]);
  });
});

test.concurrent('a pull request from a fork: the token may only read, or there is none; everything else is there', async () => {
  await inPull(ground, { next: DROP, inputs: { 'fail-on': 'error' } }, async (_the, pull) => {
    for (const token of [FORK, '']) {
      const run = await pull.run({ mode: 'plan', 'github-token': token });
      expectHonest(run);
      expect([run.outputs.status, run.outputs['highest-hazard'], run.exitCode]).toEqual([
        'refused',
        'error',
        1,
      ]);
      expect(told(run)).toContain('review-failed');
      expect(run.summary).toContain('The pull request could not be commented');
      expect(run.summary).toMatch(/fork/);
      expect(run.summary).toContain('drop-column');
      expect(run.annotations.map(({ name }) => name)).toEqual(expect.arrayContaining(['error', 'notice']));
      expect(read(run.outputs['plan-path'])).toContain('drop-column');
    }
    expect(pull.comments()).toEqual([]);
  });
});

test.concurrent('GitHub does not answer: the plan ends with its outputs and says that there is no comment', async () => {
  await inPull(ground, { next: DROP }, async (_the, pull) => {
    const run = await pull.run({ mode: 'plan' }, { GITHUB_API_URL: 'http://127.0.0.1:9' });
    expectHonest(run);
    expect([run.outputs.status, run.outputs['highest-hazard'], run.exitCode]).toEqual([
      'planned',
      'error',
      0,
    ]);
    expect(told(run)).toContain('review-failed');
    expect(run.summary).toContain('The pull request could not be commented');
    expect(run.annotations.map(({ properties }) => properties.file)).toContain(
      `prisma/migrations/${NEXT}/migration.sql`,
    );
  });
});

const BARE = { DATABASE_URL: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
test.concurrent('a shallow checkout without a database: GitHub tells which files are new', async () => {
  await inPull(ground, { next: DROP }, async (_the, pull) => {
    github.addFile(pull.number, `prisma/migrations/${NEXT}/migration.sql`, 'added');
    const run = await pull.run({ mode: 'plan', 'github-token': FORK }, BARE);
    expectHonest(run);
    expect(run.outputs['pending-migrations']).toBe(JSON.stringify([NEXT]));
    expect(found(run)).toEqual([['drop-column', 'error', 1]]);
    expect(told(run)).not.toContain('pending-unknown');
    expect(run.summary).toContain('This change adds or edits 1 migration');
    expect(run.summary).not.toMatch(/would not be refused|not reached/);
  });
});

test.concurrent('no plan could be made: the SARIF file is there and says that nobody looked', async () => {
  await inPull(ground, { next: GOOD, inputs: { 'sarif-path': 'out.sarif' } }, async (the, pull) => {
    const run = await pull.run({ mode: 'plan' }, { DATABASE_URL: 'mariadb://a:bcdefgh@127.0.0.1/x' });
    expect([run.outputs.status, run.exitCode]).toEqual(['refused', 1]);
    expect(sarifOf(the)).toMatchObject({
      results: [],
      invocations: [{ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] }],
    });
    const good = await pull.run({ mode: 'plan' });
    expect(good.outputs.status).toBe('planned');
    expect(sarifOf(the)).toMatchObject({ results: [], invocations: [{ executionSuccessful: true }] });
  });
});
