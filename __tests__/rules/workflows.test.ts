import { describe, expect, test } from '@jest/globals';
import { OUTPUTS } from '../../src/inputs/outputs.ts';
import { INPUTS } from '../../src/inputs/spec.ts';
import { filesIn, read } from './source.ts';
import { branch, items, parseYaml, type Tree, type Yaml } from './yaml.ts';

const files = [...filesIn('.github/workflows', /\.ya?ml$/), ...filesIn('examples', /\.ya?ml$/)];
const workflows = files.map((path) => ({ path, tree: parseYaml(read(path)) }));
const OWN = 'guarded-migrate/guarded-migrate';

/** Functions of GitHub without which it adds `success()` to a condition. */
const STATUS_FUNCTION = /\b(?:always|cancelled|failure|success)\(/;

const named = (path: string): Tree => parseYaml(read(`.github/workflows/${path}`));
const migration = named('guarded-migration.yml');
const rollback = named('rollback.yml');

const jobsOf = (tree: Tree): readonly (readonly [string, Tree])[] =>
  Object.entries(branch(tree.jobs)).map(([name, job]) => [name, branch(job)] as const);
const stepsOf = (job: Tree): readonly Tree[] => items(job.steps).map(branch);
const allSteps = (tree: Tree): readonly Tree[] => jobsOf(tree).flatMap(([, job]) => stepsOf(job));
const called = (tree: Tree): Tree => branch(branch(tree.on).workflow_call);
const text = (node: Yaml | undefined): string => (typeof node === 'string' ? node : '');
const guardStep = (job: Tree): Tree => stepsOf(job).find((step) => step.id === 'guard') ?? {};
const job = (tree: Tree, name: string): Tree => branch(branch(tree.jobs)[name]);

/** An expression of GitHub. */
const expression = (inside: string): string => `\${{ ${inside} }}`;

test('there is something to check', () => {
  expect(files).toEqual(
    expect.arrayContaining(['.github/workflows/guarded-migration.yml', 'examples/single-database.yml']),
  );
  expect(files.length).toBeGreaterThan(8);
});

describe.each(workflows)('$path', ({ tree }) => {
  test('gives the workflow no rights and every job the few it needs', () => {
    expect(tree.permissions).toEqual({});
    const allowed = /^(?:contents: read|deployments: read|id-token: write|pull-requests: write)$/;
    for (const [name, each] of jobsOf(tree)) {
      const rights = Object.entries(branch(each.permissions)).map(
        ([right, level]) => `${right}: ${text(level)}`,
      );
      expect({ name, wide: rights.filter((right) => !allowed.test(right)) }).toEqual({ name, wide: [] });
      const uses = [text(each.uses), ...stepsOf(each).map((step) => text(step.uses))].join(' ');
      const federated = uses.includes('configure-aws-credentials') || uses.includes('.github/workflows/');
      expect({ name, token: rights.includes('id-token: write') }).toEqual({ name, token: federated });
      const comments =
        stepsOf(each).some((step) => branch(step.with).mode === 'plan') && each.environment === undefined;
      if (rights.includes('pull-requests: write')) expect(comments).toBe(true);
    }
  });

  test('pastes no value of others into a shell', () => {
    for (const step of allSteps(tree)) expect(text(step.run)).not.toContain('${{');
  });

  test('is never started by pull_request_target', () => {
    expect(JSON.stringify(tree.on)).not.toContain('pull_request_target');
  });

  test('pins actions of others to a commit, with the version beside it', () => {
    const used = [...JSON.stringify(tree).matchAll(/"uses":"([^"]+)"/g)].map(([, name]) => name ?? '');
    const foreign = used.filter((name) => !name.startsWith('./') && !name.startsWith(`${OWN}`));
    expect(foreign.filter((name) => !/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  test('asks for no event where it is called: that would be the event of the caller', () => {
    if (branch(tree.on).workflow_call !== undefined)
      expect(JSON.stringify(tree.jobs)).not.toContain('github.event');
  });

  test('names no artifact like another one of the run, and loses no job for a report', () => {
    const uploads = allSteps(tree).filter((step) => text(step.uses).startsWith('actions/upload-artifact@'));
    for (const step of uploads) {
      expect(text(branch(step.with).name)).toContain('job.check_run_id');
      if (text(step.if).includes('always()')) expect(step['continue-on-error']).toBe('true');
    }
  });

  test('checks out without leaving a token behind', () => {
    const checkouts = allSteps(tree).filter((step) => text(step.uses).startsWith('actions/checkout@'));
    for (const step of checkouts) expect(branch(step.with)['persist-credentials']).toBe('false');
  });
});

test('the description of the action is short enough for the Marketplace', () => {
  const description = /^description: '(.+)'$/m.exec(read('action.yml'))?.[1] ?? '';
  expect(description).toContain('prisma migrate deploy');
  expect(description.length).toBeLessThan(125);
});

test('the same action is pinned to the same commit everywhere', () => {
  const pins = new Set(
    files.flatMap((path) =>
      [...read(path).matchAll(/uses: ((?:actions|aws-actions)\/\S+@\S+ # \S+)/g)].map(([, pin]) => pin),
    ),
  );
  const actions = [...pins].map((pin) => pin?.split('@')[0]);
  expect(actions).toEqual([...new Set(actions)]);
});

/** Inputs of the action that guarded-migration.yml does not hand on, and why. */
const NOT_HANDED_ON = {
  mode: 'each job has its own',
  'plan-path': 'made and read inside',
  'sarif-path': 'uploading it needs more rights',
  'github-token': 'the default is right',
  'slack-webhook-url': 'a secret',
  confirm: 'a deploy is not confirmed',
  'restore-time': 'rollback.yml',
  'snapshot-identifier': 'rollback.yml',
  'run-id': 'rollback.yml',
} as const;

describe('guarded-migration.yml', () => {
  const inputs = branch(called(migration).inputs);
  const handed = Object.keys(INPUTS).filter((name) => !(name in NOT_HANDED_ON));

  test('takes every input of the action that makes sense, with the same default and the same words', () => {
    for (const name of handed) {
      const spec = INPUTS[name as keyof typeof INPUTS];
      const input = branch(inputs[name]);
      const standard = 'default' in spec ? spec.default : '';
      expect({
        name,
        default: input.required === 'true' ? '' : input.default,
        words: input.description,
      }).toEqual({
        name,
        default: standard,
        words: spec.description,
      });
    }
  });

  test.each(['plan', 'deploy'])(
    '%s hands all of them to the action, and nothing the action does not know',
    (name) => {
      const given = branch(guardStep(job(migration, name)).with);
      const own = new Set(['mode', 'slack-webhook-url', 'plan-path']);
      expect(Object.keys(given).filter((each) => !own.has(each))).toEqual(handed);
      // The plan's own URL comes first: a secret would put its user into it.
      const first = new Map([['plan/database-secret-arn', "secrets.PLAN_DATABASE_URL == '' && "]]);
      const asGiven = (each: string): string => {
        const before = first.get(`${name}/${each}`);
        return expression(before === undefined ? `inputs.${each}` : `${before}inputs.${each} || ''`);
      };
      expect(handed.filter((each) => given[each] !== asGiven(each))).toEqual([]);
      expect(given.mode).toBe(name);
    },
  );

  test('gives back every output that outlives the runner', () => {
    const lost = new Set(['plan-path', 'report-path']);
    const names = Object.keys(OUTPUTS).filter((name) => !lost.has(name));
    expect(Object.keys(branch(called(migration).outputs))).toEqual(names);
    expect(Object.keys(branch(job(migration, 'deploy').outputs))).toEqual(names);
    for (const name of names) {
      const { description, value } = branch(branch(called(migration).outputs)[name]);
      expect(description).toBe(OUTPUTS[name as keyof typeof OUTPUTS]);
      expect(text(value)).toContain(`jobs.deploy.outputs.${name}`);
    }
  });

  test('the plan comes first, and only the deploy is in the protected environment', () => {
    expect(job(migration, 'deploy').needs).toBe('plan');
    expect(job(migration, 'deploy').environment).toBe(expression('inputs.environment'));
    expect(job(migration, 'plan').environment).toBeUndefined();
  });

  test('deploys also where the caller waited for something that was skipped, and only after a good plan', () => {
    const when = text(job(migration, 'deploy').if);
    expect(when).toMatch(STATUS_FUNCTION);
    expect(when).toContain("needs.plan.result == 'success'");
    expect(when).toContain("needs.plan.outputs.status != 'up-to-date'");
  });

  test('a plan without a database has the history of git', () => {
    expect(branch(stepsOf(job(migration, 'plan'))[0]?.with)['fetch-depth']).toBe('0');
  });

  test('the credentials last as long as all the waiting together', () => {
    const minutes = (name: 'snapshot-timeout' | 'migration-timeout' | 'restore-timeout'): number => {
      const [, count, unit] = /^(\d+)([mh])$/.exec(INPUTS[name].default) ?? [];
      return Number(count) * (unit === 'h' ? 60 : 1);
    };
    const waiting = minutes('snapshot-timeout') + minutes('migration-timeout') + minutes('restore-timeout');
    expect(Number(branch(inputs['role-duration-seconds']).default) / 60).toBeGreaterThan(waiting);
    expect(Number(branch(inputs['job-timeout-minutes']).default)).toBeGreaterThan(waiting);
  });

  test('the install step sees neither the database nor AWS', () => {
    for (const [, each] of jobsOf(migration)) {
      const steps = stepsOf(each);
      const install = steps.findIndex((step) => text(step.run).includes('INSTALL_COMMAND'));
      const login = steps.findIndex((step) => text(step.uses).includes('configure-aws-credentials'));
      expect(install).toBeGreaterThan(-1);
      expect(login).toBeGreaterThan(install);
      expect(JSON.stringify(steps[install])).not.toContain('DATABASE_URL');
      expect(JSON.stringify(each.env ?? {})).not.toContain('secrets.');
    }
  });
});

describe('one at a time per database', () => {
  const db = expression('inputs.db-cluster-identifier || inputs.db-instance-identifier');
  test.each([
    ['deploy', job(migration, 'deploy'), `guarded-migrate-${db}`],
    ['rollback', job(rollback, 'back'), `guarded-migrate-${expression('inputs.database')}`],
  ])('%s waits for the other and is never cancelled for it', (_, each, group) => {
    expect(each.concurrency).toEqual({ group, 'cancel-in-progress': 'false' });
  });

  test('the workflows themselves have no group: it would be the caller’s', () => {
    expect([migration.concurrency, rollback.concurrency]).toEqual([undefined, undefined]);
  });
});

describe('rollback.yml', () => {
  const inputs = branch(called(rollback).inputs);
  const form = branch(branch(branch(rollback.on).workflow_dispatch).inputs);

  test('the form asks for nothing that a caller cannot give, and fits on any GitHub', () => {
    expect(Object.keys(form).filter((name) => !(name in inputs))).toEqual([]);
    expect(Object.keys(form).length).toBeLessThanOrEqual(10);
    expect(Object.keys(form)).toEqual(
      expect.arrayContaining([
        'database',
        'run-id',
        'restore-time',
        'snapshot-identifier',
        'promote',
        'confirm',
      ]),
    );
  });

  test('every input that is read is declared, because actionlint does not know both kinds', () => {
    const read_ = [...read('.github/workflows/rollback.yml').matchAll(/inputs\.([\w-]+)/g)].map(
      ([, name]) => name ?? '',
    );
    expect(read_.filter((name) => !(name in inputs))).toEqual([]);
  });

  test('what the action has, has the same default, also when the form left it out', () => {
    const given = branch(guardStep(job(rollback, 'back')).with);
    expect(Object.keys(given).filter((name) => !(name in INPUTS))).toEqual([]);
    const own = new Set(['mode', 'aws-region']);
    for (const name of Object.keys(given).filter((each) => each in inputs && !own.has(each))) {
      const spec = INPUTS[name as keyof typeof INPUTS];
      expect({ name, default: branch(inputs[name]).default }).toEqual({
        name,
        default: 'default' in spec ? spec.default : '',
      });
      const fallback = /\|\| '([^']+)' \}\}$/.exec(text(given[name]))?.[1];
      const inForm = name in form;
      if (!inForm && 'default' in spec && spec.kind !== 'boolean') expect(fallback).toBe(spec.default);
    }
  });
});

describe('examples', () => {
  test.each(workflows.filter(({ path }) => path.startsWith('examples/')))(
    '$path calls what there is',
    ({ tree }) => {
      for (const [, each] of jobsOf(tree)) {
        const [, file] = /\.github\/workflows\/([\w-]+\.yml)@/.exec(text(each.uses)) ?? [];
        if (file !== undefined) {
          const target = called(named(file));
          expect(Object.keys(branch(each.with)).filter((name) => !(name in branch(target.inputs)))).toEqual(
            [],
          );
          const needed = Object.entries(branch(target.inputs)).filter(
            ([, input]) => branch(input).required === 'true',
          );
          expect(needed.map(([name]) => name).filter((name) => !(name in branch(each.with)))).toEqual([]);
          expect(wanting(each, named(file))).toEqual([]);
          // By name: `inherit` ends at the organisation, and gives every database the same URL.
          expect(
            Object.keys(branch(each.secrets)).filter((name) => !(name in branch(target.secrets))),
          ).toEqual([]);
          expect(Object.keys(branch(each.secrets)).length).toBeGreaterThan(0);
        }
        // A skipped job inside a called workflow skips what waits for it, unless that says otherwise.
        if (each.needs !== undefined) expect(text(each.if)).toMatch(STATUS_FUNCTION);
        const guards = stepsOf(each).filter((step) => text(step.uses).startsWith(`${OWN}@`));
        for (const step of guards) {
          expect(Object.keys(branch(step.with)).filter((name) => !(name in INPUTS))).toEqual([]);
        }
      }
    },
  );
});

/** A called workflow may not ask for more than its caller grants: GitHub would not even start it. */
function wanting(caller: Tree, target: Tree): readonly string[] {
  const granted = branch(caller.permissions);
  return jobsOf(target).flatMap(([, each]) =>
    Object.entries(branch(each.permissions)).flatMap(([right, level]) =>
      granted[right] === level ? [] : [`${right}: ${text(level)}`],
    ),
  );
}

describe('the runbook', () => {
  const pages = [
    'docs/runbook.md',
    ...filesIn('docs/runbook', /\.md$/),
    'docs/workflows.md',
    'docs/permissions.md',
  ];
  const form = branch(branch(branch(parseYaml(read('examples/rollback.yml')).on).workflow_dispatch).inputs);

  test.each(pages)('%s fills in only fields that the form has, and links to what there is', (path) => {
    const text_ = read(path);
    const fields = [...text_.matchAll(/gh workflow run rollback\.yml([^\n]*)/g)].flatMap(([, rest = '']) =>
      [...rest.matchAll(/-f ([\w-]+)=/g)].map(([, name]) => name ?? ''),
    );
    expect(fields.filter((name) => !(name in form))).toEqual([]);
    const folder = path.slice(0, path.lastIndexOf('/'));
    const links = [...text_.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) =>
      new URL(`file:///${folder}/${target}`).pathname.slice(1),
    );
    const known = new Set([...filesIn('docs', /./), ...files]);
    expect(links.filter((target) => !known.has(target) && target !== 'examples')).toEqual([]);
    const anchors = [...text_.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)].filter(([, target, anchor]) => {
      const page = read(target === '' ? path : new URL(`file:///${folder}/${target}`).pathname.slice(1));
      const heads = [...page.matchAll(/^#+ (.+)$/gm)].map(([, head = '']) =>
        head
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      return !heads.includes(anchor ?? '');
    });
    expect(anchors.map(([link]) => link)).toEqual([]);
  });
});
