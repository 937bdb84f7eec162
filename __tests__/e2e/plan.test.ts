/** `mode: plan` and `mode: doctor` as a pull request sees them, and a deploy that is held to its plan. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { startGitHub } from '../../lab/github.ts';
import type { Deployed } from './deployed.ts';
import { expectHonest, expectInOrder, expectRun } from './honest.ts';
import { inPull, TOKEN } from './pull.ts';
import { type Case, GOOD, INIT, NEXT, openWorld } from './world.ts';

const DROP = 'ALTER TABLE "orders" DROP COLUMN "total";\n';
const world = await openWorld();
const github = await startGitHub();
github.allow(TOKEN);
const ground = { world, github };
afterAll(async () => {
  await github.stop();
  expect(world.rds.violations).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const read = (path: string | undefined): string => readFileSync(path ?? 'no path', 'utf8');
const list = (text: string | undefined): readonly Readonly<Record<string, unknown>>[] =>
  JSON.parse(text ?? 'null');
const pendingFile = (the: Case, name = NEXT): string =>
  `${the.project.dir}/prisma/migrations/${name}/migration.sql`;
const codes = (run: Deployed, of: 'problems' | 'notices'): readonly unknown[] =>
  ((run.report?.[of] ?? []) as readonly { readonly code: string }[]).map(({ code }) => code);

/** A plan's verdict, and what holds for every run. */
function expectPlan(run: Deployed, status: 'planned' | 'refused' | 'up-to-date'): void {
  expect([run.outputs.status, run.exitCode]).toEqual([status, status === 'refused' ? 1 : 0]);
  expect(run.outputs['database-state']).toBe('unchanged');
  expectHonest(run);
}

test.concurrent('plan with a database and AWS: summary, SARIF, plan file, outputs, and one comment that follows', async () => {
  await inPull(
    ground,
    { next: DROP, inputs: { 'fail-on': 'error', 'sarif-path': 'out/hazards.sarif' } },
    async (the, pull) => {
      const [before, mine] = [{ login: 'ada', type: 'User' } as const, 'I had a look.'];
      github.addComment(pull.number, before, mine);

      const first = await pull.run({ mode: 'plan' });
      expectPlan(first, 'refused');
      expect(codes(first, 'problems')).toEqual(['hazard-refused']);
      expect(list(first.outputs.hazards)).toMatchObject([
        { rule: 'drop-column', level: 'error', migration: NEXT, line: 1, tables: ['orders'] },
      ]);
      expect(first.outputs).toMatchObject({ 'highest-hazard': 'error', 'pending-migrations': `["${NEXT}"]` });
      expect(
        first.annotations.map(({ name, properties }) => [name, properties.file, properties.line]),
      ).toEqual([['error', `prisma/migrations/${NEXT}/migration.sql`, '1']]);
      expectInOrder(first.summary, [
        '1 hazard: 1 error',
        'drop-column',
        'What it takes and costs',
        'Snapshot: ',
      ]);
      const plan = JSON.parse(read(first.outputs['plan-path']));
      expect(plan).toMatchObject({
        version: 1,
        plan: {
          basis: { pending: [{ name: NEXT }], applied: 1, lastApplied: INIT.name },
          hazards: [{ rule: 'drop-column' }],
        },
      });
      const sarif = JSON.parse(read(`${the.project.dir}/out/hazards.sarif`));
      expect(sarif).toMatchObject({
        version: '2.1.0',
        runs: [
          {
            tool: { driver: { rules: [{ id: 'drop-column' }] } },
            results: [{ ruleId: 'drop-column', level: 'error' }],
          },
        ],
      });
      expect(pull.comments()).toEqual([mine, expect.stringContaining('a deploy would be refused')]);
      expect(pull.comments()[1]).toContain('<!-- guarded-migrate: . shop-shared -->');

      writeFileSync(pendingFile(the), 'CREATE INDEX "orders_total" ON "orders" ("total");\n');
      const second = await pull.run({ mode: 'plan', 'fail-on': 'block' });
      expectPlan(second, 'planned');
      expect(pull.comments()).toEqual([mine, expect.stringContaining('create-index')]);
      expect(pull.comments()[1]).not.toContain('drop-column');

      writeFileSync(pendingFile(the), GOOD);
      const third = await pull.run({ mode: 'plan' });
      expectPlan(third, 'planned');
      expect(third.outputs).toMatchObject({ hazards: '[]', 'highest-hazard': 'none' });
      expect(JSON.parse(read(`${the.project.dir}/out/hazards.sarif`)).runs[0].results).toEqual([]);
      expect(pull.comments()).toEqual([mine, expect.stringContaining('no hazards')]);

      // Refused before there is a plan: the comment must not go on saying that all is well.
      const fourth = await pull.run(
        { mode: 'plan', 'db-instance-identifier': the.id },
        { DATABASE_URL: 'mariadb://a:bcdefgh@127.0.0.1/x' },
      );
      expectPlan(fourth, 'refused');
      expect(pull.comments()).toEqual([mine, expect.stringContaining('a deploy would be refused')]);
    },
  );
});

const BARE = { DATABASE_URL: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
test.concurrent('plan without a database, without AWS and without git: what the files say, and what nobody could tell', async () => {
  await inPull(ground, { next: DROP }, async (_the, pull) => {
    const run = await pull.run(
      { mode: 'plan', 'db-instance-identifier': '', 'sarif-path': '/dev/null/x.sarif', 'github-token': '' },
      BARE,
    );
    expectPlan(run, 'planned');
    expect(codes(run, 'notices')).toEqual(
      expect.arrayContaining(['planned-without-database', 'pending-unknown', 'report-unwritable']),
    );
    expect(run.outputs['pending-migrations']).toBe(JSON.stringify([INIT.name, NEXT]));
    expect(read(run.outputs['plan-path'])).not.toMatch(/Snapshot {2}/);
    expect(run.summary).toContain('fetch-depth: 0');
    expect(run.summary).not.toMatch(/would not be refused|not reached/);
    expect(run.summary).toContain('Not looked at: the database');
    // All is well, and there was no comment: it needs none now.
    expect(pull.comments()).toEqual([]);
  });
});

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const hasGit = spawnSync('git', ['--version']).status === 0;
const withGit = hasGit ? test.concurrent : test.concurrent.skip;
withGit('plan without a database, with git: the hazard of the file that the commit adds', async () => {
  await inPull(ground, { files: { '.gitignore': 'node_modules\n' } }, async (the, pull) => {
    git(the.project.dir, 'init', '--quiet');
    for (const sql of [undefined, DROP]) {
      if (sql !== undefined) the.project.add(NEXT, sql);
      git(the.project.dir, 'add', '--all');
      git(the.project.dir, 'commit', '--quiet', '--message', 'a commit');
    }
    const run = await pull.run({ mode: 'plan', 'fail-on': 'error', 'db-instance-identifier': '' }, BARE);
    expectPlan(run, 'refused');
    expect(run.outputs['pending-migrations']).toBe(JSON.stringify([NEXT]));
    expect(codes(run, 'notices')).not.toContain('pending-unknown');
    expect(run.outputs['highest-hazard']).toBe('error');
    expect(pull.comments()).toEqual([expect.stringContaining('drop-column')]);
  });
});

const EVIL =
  '<img src=x onerror=alert(1)> | `x` @everyone ![p](https:evil) -->\n::error::pwned\n::set-output name=status::applied';
test.concurrent('a hostile name and hostile SQL stay words, wherever they are told', async () => {
  const name = `20260303000000_${EVIL}`.replaceAll('/', '');
  const sql = `-- guard-ignore drop-column: ${EVIL.replaceAll('\n', ' ')}\nALTER TABLE "orders" DROP COLUMN "${EVIL}";\nALTER TABLE "orders" ALTER COLUMN "total" TYPE BIGINT; -- ::error::pwned\n`;
  await inPull(
    ground,
    { inputs: { 'fail-on': 'never', 'sarif-path': 'hazards.sarif' } },
    async (the, pull) => {
      the.project.add(name, sql);
      const run = await pull.run({ mode: 'plan' });
      expectPlan(run, 'planned');
      expect(list(run.outputs.hazards).map(({ migration }) => migration)).toContain(name);
      const commands = run.result.commands.filter(
        (each) => /^(pwned|applied)/.test(each.message) || each.name === 'set-output',
      );
      expect(commands).toEqual([]);
      expect(run.log).not.toMatch(/^\s*::/m);
      const [body = ''] = pull.comments();
      expect(body).toContain('drop-column');
      expect(body.match(/-->/g)).toHaveLength(1);
      for (const text of [body, run.summary].map(withoutFences)) {
        expect(text).not.toMatch(/<(?:img|script)|@everyone|!\[p\]|^::/m);
      }
      expect(JSON.parse(read(`${the.project.dir}/hazards.sarif`)).runs[0].results.length).toBeGreaterThan(0);
      expect(JSON.parse(read(run.outputs['plan-path'])).plan.basis.pending[0].name).toBe(name);
    },
  );
});

/** What GitHub shows as it is. */
const withoutFences = (text: string): string => text.replace(/^( *)(`{3,}|~{3,}).*\n[\s\S]*?\n\1\2$/gm, '');

test.concurrent('deploy given its plan goes on, and refuses after a file was edited', async () => {
  await inPull(ground, { next: GOOD, inputs: { snapshot: 'skip' } }, async (the, pull) => {
    const planPath = (await pull.run({ mode: 'plan' })).outputs['plan-path'] ?? '';
    writeFileSync(pendingFile(the), GOOD.replace('note', 'remark'));
    const moved = await the.deploy({ inputs: { 'plan-path': planPath } });
    expectRun(moved, { status: 'refused', aws: [], says: ['the pending migrations', 'not started'] });
    expect(codes(moved, 'problems')).toEqual(['plan-moved']);
    writeFileSync(pendingFile(the), GOOD);
    expectRun(await the.deploy({ inputs: { 'plan-path': planPath } }), {
      status: 'applied',
      state: 'changed',
      aws: [],
    });
  });
});
