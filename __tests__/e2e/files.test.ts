/** Migration files that behave badly, on the real server. */
import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { expectRun, type Wanted } from './honest.ts';
import { type Case, type CaseOptions, HALF, NEXT, openWorld } from './world.ts';

const world = await openWorld({ cluster: { users: [{ name: 'guest', password: 'guest-password' }] } });
afterAll(async () => world[Symbol.asyncDispose]());

const NOT_RESTORED = { 'on-failure': 'alert', snapshot: 'skip' };
const PATH = `prisma/migrations/${NEXT}/migration.sql`;

interface Row extends Wanted {
  readonly name: string;
  readonly sql: string;
  readonly options?: CaseOptions;
  readonly env?: (the: Case) => Readonly<Record<string, string>>;
  readonly before?: string;
  readonly code?: string;
  readonly line?: number;
  /** True in the database afterwards. */
  readonly holds?: string;
}

const rows: readonly Row[] = [
  {
    name: 'a byte order mark',
    sql: '\uFEFFALTER TABLE "orders" ADD COLUMN "bom" TEXT;\n',
    status: 'failed',
    code: '42601',
    line: 1,
    says: [NEXT, 'byte order mark', 'unchanged', 'Save the file as UTF-8 without a BOM'],
    holds: "NOT EXISTS (SELECT FROM pg_attribute WHERE attname = 'bom')",
  },
  {
    name: 'BEGIN without COMMIT: exit code 0 and nothing done',
    sql: 'BEGIN;\nALTER TABLE "orders" ADD COLUMN "lost" TEXT;\n',
    status: 'failed',
    line: 1,
    says: [NEXT, 'BEGIN', 'never commits', 'Add COMMIT'],
    holds: "NOT EXISTS (SELECT FROM pg_attribute WHERE attname = 'lost')",
  },
  {
    name: 'statement_timeout stops a long statement',
    sql: 'SELECT pg_sleep(60);\n',
    options: { inputs: { ...NOT_RESTORED, 'statement-timeout': '1s', 'lock-timeout': '500ms' } },
    status: 'failed',
    code: '57014',
    line: 1,
    says: [NEXT, 'longer than statement-timeout (1s)', 'raise statement-timeout'],
  },
  {
    name: 'SET statement_timeout = 0: migration-timeout is the real limit',
    sql: 'SET statement_timeout = 0;\nALTER TABLE "orders" ADD COLUMN "slept" TEXT;\nSELECT pg_sleep(60);\n',
    options: {
      inputs: {
        ...NOT_RESTORED,
        'lock-timeout': '1s',
        'statement-timeout': '2s',
        'migration-timeout': '25s',
      },
    },
    status: 'failed',
    state: 'changed',
    code: '57014',
    line: 3,
    says: [NEXT, 'migration-timeout passed', 'sets statement_timeout itself', 'Production was changed'],
    holds:
      "NOT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid())",
  },
  {
    name: 'an index left invalid by CONCURRENTLY is removed, and nothing has to be restored',
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY "orders_mod_key" ON "orders"(("total" % 7));\n',
    options: { inputs: { snapshot: 'skip' } },
    status: 'failed',
    code: '23505',
    line: 1,
    says: [NEXT, 'unchanged', 'removed', 'Remove the duplicates first'],
    holds: "to_regclass('orders_mod_key') IS NULL",
  },
  {
    name: 'a role that does not own the table',
    sql: 'ALTER TABLE "orders" ADD COLUMN "x" TEXT;\n',
    before: 'GRANT ALL ON "_prisma_migrations" TO guest; GRANT ALL ON SCHEMA public TO guest',
    env: (the) => ({ DATABASE_URL: world.cluster.url(the.database, 'guest') }),
    status: 'failed',
    code: '42501',
    line: 1,
    says: [NEXT, 'must be owner of table orders', 'unchanged', 'Deploy with the role that owns the object'],
  },
  {
    name: 'a file sent as a whole by Prisma 6 leaves nothing behind',
    sql: HALF,
    options: { prisma: 6, inputs: { snapshot: 'skip' } },
    status: 'failed',
    code: '23514',
    line: 3,
    says: [NEXT, 'unchanged', 'deploy again'],
    holds: '(SELECT count(*) FROM orders) = 100',
  },
  {
    name: 'wrapped in BEGIN and COMMIT: the error that Prisma hides is found',
    sql: `BEGIN;\n${HALF}COMMIT;\n`,
    options: { inputs: { snapshot: 'skip' } },
    status: 'failed',
    code: '23514',
    line: 4,
    says: [NEXT, 'orders_total_check', 'Prisma does not show this error', 'unchanged'],
    holds: '(SELECT count(*) FROM orders) = 100',
  },
];

test.concurrent.each(rows)('$name', async ({ sql, options, env, before, code, line, holds, ...wanted }) => {
  await world.play({ next: sql, inputs: NOT_RESTORED, shared: true, ...options }, async (the) => {
    if (before !== undefined) await the.query(before);
    const run = await the.deploy(env === undefined ? {} : { env: env(the) });
    expectRun(run, { aws: [], ...wanted });
    expect(run.outputs['error-code']).toBe(code);
    expect(run.outputs['failed-migration']).toBe(NEXT);
    if (line !== undefined)
      expect(run.annotations[0]).toMatchObject({
        name: 'error',
        properties: { file: PATH, line: String(line) },
      });
    if (holds !== undefined) expect(await the.query(`SELECT (${holds}) AS holds`)).toEqual([{ holds: true }]);
    expect(run.slack).toHaveLength(1);
  });
});

test.concurrent('a lock: the blocker is named, and the deploy tried again when it is gone', async () => {
  await world.play({ next: 'ALTER TABLE "orders" ADD COLUMN "n" TEXT;\n', shared: true }, async (the) => {
    const other = new pg.Client({ connectionString: `${the.url}?application_name=nightly-report` });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE "orders" IN ACCESS SHARE MODE');
    const run = await the.deploy({
      inputs: { snapshot: 'skip', 'lock-timeout': '2s' },
      onStart: (step) =>
        void step.line(/try 2 follows/).then(
          () => other.end(),
          () => other.end(),
        ),
    });
    expectRun(run, { status: 'applied', state: 'changed', aws: [] });
    expect(run.log).toMatch(
      /blocked by pid \d+, user app, application "nightly-report", idle in transaction/,
    );
    expect(run.summary).toContain('nightly-report');
    expect(run.report?.blocked).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          blockers: [expect.objectContaining({ applicationName: 'nightly-report' })],
        }),
      ]),
    );
  });
});
