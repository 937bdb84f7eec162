/** Everything that leaves the process in a set of runs, searched for every form of every secret. */
import { afterAll, expect, test } from '@jest/globals';
import { descendantArgv } from './argv.ts';
import { type Raw, runRaw } from './raw.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { expectSilent } from './silence.ts';
import { type Case, type CaseOptions, GOOD, HALF, openWorld } from './world.ts';

const PASSWORD = 'p%/@ :#Quiet-9';
const VAULT = 'v&+="\'\\ault%41';
const AWS_SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYLABLABKEY=';
const AWS_TOKEN = 'FwoGZXIvYXdzEB0aDLAB/session+token==';
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf';

const world = await openWorld({
  cluster: {
    users: [
      { name: 'quiet', password: PASSWORD },
      { name: 'vault', password: VAULT },
    ],
  },
});
await world.cluster.query('GRANT app TO quiet; GRANT app TO vault');
afterAll(async () => world[Symbol.asyncDispose]());

interface Row {
  readonly name: string;
  readonly options?: CaseOptions;
  readonly env?: (the: Case, url: string) => Readonly<Record<string, string>>;
  readonly before?: (the: Case) => void;
  readonly exitCode: number;
  /** Proof that the run came as far as it should. */
  readonly shows: string;
}

const leak = `CREATE ROLE "leak" PASSWORD '${PASSWORD.replaceAll("'", "''")}' NOSUCHOPTION;\n`;
const TALKATIVE =
  'echo "url $DATABASE_URL"; echo "$AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN" >&2; echo "$SLACK_WEBHOOK_URL"';

const rows: readonly Row[] = [
  {
    name: 'a good deploy',
    options: { next: GOOD, inputs: { 'slack-on': 'always' } },
    exitCode: 0,
    shows: '1 migration applied',
  },
  { name: 'a failure and its restore', options: { next: HALF }, exitCode: 1, shows: 'is equal' },
  {
    name: 'a statement that holds the password and fails',
    options: { next: leak, shared: true, inputs: { snapshot: 'skip', 'on-failure': 'alert' } },
    exitCode: 1,
    shows: '42601',
  },
  {
    name: 'commands that print the environment',
    options: {
      next: GOOD,
      shared: true,
      inputs: {
        snapshot: 'skip',
        'before-command': TALKATIVE,
        'verify-command': `${TALKATIVE}; exit 1`,
        'on-failure': 'alert',
      },
    },
    exitCode: 1,
    shows: 'verify-command',
  },
  {
    name: 'the server refuses the password',
    options: { shared: true },
    env: (_, url) => ({ DATABASE_URL: url.replace('quiet:', 'app:') }),
    exitCode: 1,
    shows: 'refused the user app',
  },
  {
    name: 'the password is not encoded',
    options: { shared: true },
    env: (the) => ({ DATABASE_URL: the.url.replace(/app:[^@]+@/, `quiet:${PASSWORD}@`) }),
    exitCode: 1,
    shows: 'cannot be used',
  },
  {
    name: 'a broken Prisma config that prints its URL',
    options: {
      next: GOOD,
      shared: true,
      files: { 'prisma.config.ts': "throw new Error('no config for ' + process.env['DATABASE_URL']);\n" },
    },
    exitCode: 1,
    shows: 'config',
  },
  {
    name: 'Slack is down',
    options: { next: GOOD, shared: true, inputs: { snapshot: 'skip', 'slack-on': 'always' } },
    before: (the) => the.slack.fail('reset'),
    exitCode: 0,
    shows: 'Slack did not take the message',
  },
];

const argv = new Set<string>();

async function everything(the: Case, run: Raw): Promise<readonly string[]> {
  const { stdout, stderr, files } = run;
  const said = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  return [
    ...said,
    stderr,
    ...Object.values(files),
    ...the.slack.messages.map(({ body }) => JSON.stringify(body)),
    ...the.rds.calls.map(({ params }) => JSON.stringify(params)),
    ...the.rds.snapshots().map(({ tags }) => JSON.stringify(tags)),
    ...the.rds.instances().map(({ tags }) => JSON.stringify(tags)),
    // Prisma hands its own engine the URL as an argument.
    ...[...argv].filter((line) => !line.includes('schema-engine')),
  ];
}

const watched = (pid: number): void => {
  for (const line of descendantArgv(pid)) argv.add(line);
};

test.concurrent.each(rows)('nothing leaks: $name', async ({ options, env, before, exitCode, shows }) => {
  await world.play({ ...options }, async (the) => {
    const url = world.cluster.url(the.database, 'quiet');
    before?.(the);
    const run = await runRaw(the, {
      env: {
        DATABASE_URL: url,
        AWS_SECRET_ACCESS_KEY: AWS_SECRET,
        AWS_SESSION_TOKEN: AWS_TOKEN,
        SLACK_WEBHOOK_URL: the.slack.url,
        ...env?.(the, url),
      },
      whileRunning: watched,
    });
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({
      exitCode,
      stdout: expect.stringContaining(shows),
    });
    const webhook = [the.slack.url, new URL(the.slack.url).pathname.slice(1), 'lab-webhook-secret'];
    const secrets = [PASSWORD, url, AWS_SECRET, AWS_TOKEN, ...webhook];
    expectSilent(await everything(the, run), secrets);
  });
});

test.concurrent('nothing leaks: a password from Secrets Manager', async () => {
  const inputs = {
    'database-secret-arn': ARN,
    snapshot: 'skip',
    'slack-on': 'always',
    'after-command': TALKATIVE,
  };
  await world.play({ next: GOOD, shared: true, inputs }, async (the) => {
    await using vault = await startSecretsManager({ username: 'vault', password: VAULT });
    const run = await runRaw(the, {
      env: {
        DATABASE_URL: the.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: vault.url,
        AWS_SECRET_ACCESS_KEY: AWS_SECRET,
      },
      whileRunning: watched,
    });
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('as vault'),
    });
    expectSilent(await everything(the, run), [VAULT, AWS_SECRET, the.slack.url]);
  });
});

test('the watch over /proc saw the Prisma command', () => {
  if (process.platform === 'linux') expect([...argv].join('\n')).toContain('migrate deploy');
});
