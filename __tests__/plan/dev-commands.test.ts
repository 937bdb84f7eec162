import { describe, expect, test } from '@jest/globals';
import { devCommandNotices, findDevCommands } from '../../src/plan/dev-commands.ts';

const PACKAGE = 'package.json';
const WORKFLOW = '.github/workflows/deploy.yml';
const pack = (scripts: Readonly<Record<string, string>>): string =>
  JSON.stringify({ name: 'shop', scripts }, null, 2);
const workflow = (...steps: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    ...steps.map((step) => `      ${step}`),
    '',
  ].join('\n');
/** `command path:line script` */
const found = (files: Readonly<Record<string, string>>): readonly string[] =>
  findDevCommands(Object.entries(files).map(([path, text]) => ({ path, text }))).map(
    ({ command, path, line, script }) =>
      `${command} ${path}:${line}${script === undefined ? '' : ` ${script}`}`,
  );

describe('spellings', () => {
  test.each([
    ['npx prisma migrate dev', 'prisma migrate dev'],
    ['npx --yes prisma@6.19.3 migrate reset --force', 'prisma migrate reset'],
    ['pnpm prisma db push --accept-data-loss', 'prisma db push'],
    ['pnpm exec prisma --schema=a.prisma db push', 'prisma db push'],
    ['yarn prisma migrate --schema prisma/a.prisma dev --name x', 'prisma migrate dev'],
    ['bunx prisma migrate dev', 'prisma migrate dev'],
    ['./node_modules/.bin/prisma db push', 'prisma db push'],
    ['node node_modules/prisma/build/index.js migrate reset -f', 'prisma migrate reset'],
    ['npm ci && prisma db push', 'prisma db push'],
    ['dotenv -e .env -- prisma7 migrate dev', 'prisma migrate dev'],
    ['cd api; npx "prisma" "db" "push"', 'prisma db push'],
  ])('%s', (run, command) => {
    expect(found({ [WORKFLOW]: workflow(`- run: ${run}`) })).toEqual([`${command} ${WORKFLOW}:6`]);
  });

  test.each([
    'npx prisma migrate deploy',
    'npx prisma generate',
    'npx prisma migrate diff --exit-code',
    'npx prisma db pull',
    'npx prisma db pushed',
    'npx prisma migrate development',
    'npx prismatic db push',
    'echo "never run prisma migrate dev here"',
    'npm run lint # not prisma migrate dev',
    'npx prisma migrate status && npm run dev',
  ])('nothing in: %s', (run) => {
    expect(found({ [WORKFLOW]: workflow(`- run: ${run}`) })).toEqual([]);
  });
});

describe('workflows', () => {
  test('lines are exact in blocks and continued lines, comments and names do not count', () => {
    const text = workflow(
      '- name: Run prisma migrate dev',
      '# - run: npx prisma db push',
      '- run: |',
      '    npm ci   # then prisma migrate reset',
      '    npx prisma \\',
      '      migrate reset --force',
      '    npx prisma db push',
    );
    expect(found({ [WORKFLOW]: text })).toEqual([
      `prisma migrate reset ${WORKFLOW}:10`,
      `prisma db push ${WORKFLOW}:12`,
    ]);
  });

  test.each([
    ['a service container', '    services:\n      postgres:\n        image: postgres:18'],
    ['a compose file', '    steps:\n      - run: docker compose -f test.yml up -d'],
    ['a URL of its own machine', '    env:\n      DATABASE_URL: postgres://u:p@localhost:5432/test'],
    ['a MySQL URL of its own machine', '    env:\n      DATABASE_URL: mysql://root@127.0.0.1:3306/test'],
    ['MySQL in a container', '    steps:\n      - run: docker run -d -p 3306:3306 mysql:8.4'],
    ['the MySQL of the runner', '    steps:\n      - run: sudo systemctl start mysql'],
  ])('a job with a database of its own may do what it likes: %s', (_, extra) => {
    const tests = `on: push\njobs:\n  tests:\n${extra}\n    steps2:\n      - run: npx prisma db push && npm run reset\n`;
    const deploy = '  deploy:\n    steps:\n      - run: npx prisma migrate dev\n';
    const files = { [WORKFLOW]: `${tests}${deploy}`, [PACKAGE]: pack({ reset: 'prisma migrate reset' }) };
    const line = tests.split('\n').length + 2;
    expect(found(files)).toEqual([`prisma migrate dev ${WORKFLOW}:${line}`]);
  });

  test('CRLF and a composite action', () => {
    expect(
      found({ '.github/actions/db/action.yml': 'runs:\r\n  steps:\r\n    - run: npx prisma db push\r\n' }),
    ).toEqual(['prisma db push .github/actions/db/action.yml:3']);
  });
});

describe('package scripts', () => {
  const scripts = {
    dev: 'prisma migrate dev && next dev',
    'db:reset': 'prisma migrate reset',
    build: 'prisma generate && next build',
    schema: 'prisma db push',
  };

  test('of a developer are left alone', () => {
    expect(found({ [PACKAGE]: pack(scripts), [WORKFLOW]: workflow('- run: npm run build') })).toEqual([]);
  });

  test.each([
    ['a workflow', { [WORKFLOW]: workflow('- run: pnpm --filter api run schema') }],
    ['a Dockerfile', { Dockerfile: 'FROM node\nCMD ["npm", "run", "schema"]\n' }],
    [
      'a script that a workflow calls',
      { [WORKFLOW]: workflow('- run: yarn ship'), 'apps/a/package.json': pack({ ship: 'npm run schema' }) },
    ],
    [
      'a pre script of one that is called',
      {
        [WORKFLOW]: workflow('- run: npm run go'),
        'b/package.json': pack({ prego: 'npm run schema', go: 'x' }),
      },
    ],
  ])('count when called by %s', (_, files) => {
    expect(found({ [PACKAGE]: pack(scripts), ...files })).toEqual([`prisma db push ${PACKAGE}:7 schema`]);
  });

  test.each(['start', 'postinstall', 'build', 'vercel-build', 'heroku-postbuild', 'deploy', 'start:prod'])(
    'count when a platform calls them: %s',
    (name) => {
      expect(found({ 'api/package.json': pack({ [name]: 'prisma db push && x' }) })).toEqual([
        `prisma db push api/package.json:4 ${name}`,
      ]);
    },
  );

  test.each(['{', 'null', '[]', '{"scripts": 1}', '{"scripts": {"build": 3}}'])(
    'a package.json that is %s is skipped',
    (text) => {
      expect(found({ [PACKAGE]: text })).toEqual([]);
    },
  );

  test('scripts that call each other in a circle end', () => {
    expect(
      found({ [PACKAGE]: pack({ build: 'npm run a', a: 'npm run build; prisma db push' }) }),
    ).toHaveLength(1);
  });
});

describe('Dockerfiles and shell scripts', () => {
  test('the exec form, comments, continued lines', () => {
    const text =
      'FROM node\n# RUN npx prisma db push\nRUN npm ci && \\\n    npx prisma migrate dev\nENTRYPOINT ["npx", "prisma", "db", "push"]\n';
    expect(found({ 'apps/api/Dockerfile': text })).toEqual([
      'prisma migrate dev apps/api/Dockerfile:3',
      'prisma db push apps/api/Dockerfile:5',
    ]);
  });

  test.each(['Dockerfile.dev', 'docker/dev.Dockerfile', 'test/Dockerfile', 'Dockerfile.local'])(
    '%s is for development',
    (path) => {
      expect(found({ [path]: 'CMD npx prisma db push\n' })).toEqual([]);
    },
  );

  test('a shell script counts when a Dockerfile starts it', () => {
    const script = '#!/bin/sh\nset -e\nnpx prisma db push\nexec node server.js\n';
    expect(found({ 'docker/entrypoint.sh': script })).toEqual([]);
    expect(
      found({
        'docker/entrypoint.sh': script,
        Dockerfile: 'COPY docker/entrypoint.sh /\nCMD ["/entrypoint.sh"]\n',
      }),
    ).toEqual(['prisma db push docker/entrypoint.sh:3']);
  });
});

test('a notice carries command, place and script', () => {
  expect(devCommandNotices([{ path: PACKAGE, text: pack({ start: 'prisma db push' }) }])).toEqual([
    {
      code: 'dev-command',
      level: 'warning',
      fields: { command: 'prisma db push', path: PACKAGE, line: '4', script: 'start' },
    },
  ]);
});

test('a long file with many almost-matches is read in no time to speak of', () => {
  const text = `jobs:\n  a:\n    steps:\n      - run: ${'npx prisma --schema=x '.repeat(20_000)}\n`;
  expect(found({ [WORKFLOW]: text })).toEqual([]);
});
