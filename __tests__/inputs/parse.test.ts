import { describe, expect, test } from '@jest/globals';
import { GuardError, problemsOf } from '../../src/domain/problem.ts';
import type { Environment } from '../../src/inputs/names.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { parsed, refusals, withInputs } from './env.ts';

const problems = (env: Environment) => {
  try {
    parseInputs(env);
  } catch (error) {
    expect(error).toBeInstanceOf(GuardError);
    return problemsOf(error);
  }
  throw new Error('nothing was refused');
};

test('the least a deploy needs is an instance and a region; the rest is the contract', () => {
  expect(parsed({})).toEqual({
    mode: 'deploy',
    instance: 'shop-prod',
    targetKind: 'instance',
    region: 'eu-west-1',
    workingDirectory: '.',
    schema: undefined,
    prismaConfig: undefined,
    databaseUrlEnv: ['DIRECT_URL', 'DATABASE_URL'],
    databaseSecretArn: undefined,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    lockRetries: 3,
    migrationTimeoutMs: 1_800_000,
    snapshot: 'wait',
    snapshotTimeoutMs: 3_600_000,
    restoreTimeoutMs: 7_200_000,
    snapshotKeep: 0,
    concurrency: 'refuse',
    onFailure: 'restore',
    failOn: 'block',
    allowDataLoss: [],
    requireDown: false,
    deployWindow: undefined,
    requireEnvironment: undefined,
    sarifPath: undefined,
    planPath: undefined,
    githubToken: undefined,
    waitForRestore: true,
    restoredIdentifier: undefined,
    promote: 'never',
    restoreTime: undefined,
    snapshotIdentifier: undefined,
    runId: undefined,
    confirm: undefined,
    maxWriteLoss: undefined,
    verifyCommand: undefined,
    beforeCommand: undefined,
    afterCommand: undefined,
    slackWebhookUrl: undefined,
    slackOn: 'failure',
  });
});

test('an empty environment names both things that are missing, and what they should be', () => {
  const found = problems({});
  expect(found.map(({ code, fields }) => [code, fields.name])).toEqual([
    ['input-missing', 'db-instance-identifier'],
    ['input-missing', 'aws-region'],
  ]);
  expect(found[1]?.fields.expected).toContain('AWS_REGION or AWS_DEFAULT_REGION');
});

test('every problem is told at once, with name, got and expected', () => {
  const found = problems(
    withInputs({
      'lock-timeout': '5',
      'lock-retries': 'many',
      'wait-for-restore': 'yes',
      promote: 'swap',
      'statment-timeout': '10s',
      'database-url-env': 'postgres://me:hunter2@db/shop',
    }),
  );
  expect(found.map(({ code, fields }) => `${code} ${fields.name}: ${fields.got}`)).toEqual([
    'input-invalid statment-timeout: an input that does not exist',
    'input-missing db-instance-identifier: nothing',
    'input-missing aws-region: nothing',
    'input-invalid database-url-env: (hidden, it may hold a secret)',
    'input-invalid lock-timeout: 5',
    'input-invalid lock-retries: many',
    'input-invalid wait-for-restore: yes',
    'input-invalid promote: swap',
  ]);
  for (const { fields } of found) expect(fields.expected).not.toBe('');
});

describe('where a value comes from', () => {
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-west-2',
    SLACK_WEBHOOK_URL: 'https://example.com/hook',
  };
  const rest = withInputs({ 'db-instance-identifier': 'shop' });

  test('the input wins, then AWS_REGION, then AWS_DEFAULT_REGION', () => {
    expect(
      parseInputs({ ...env, ...withInputs({ 'db-instance-identifier': 'shop', 'aws-region': 'eu-west-1' }) })
        .region,
    ).toBe('eu-west-1');
    expect(parseInputs({ ...env, ...rest }).region).toBe('us-east-1');
    expect(parseInputs({ ...env, ...rest, AWS_REGION: ' ' }).region).toBe('us-west-2');
  });

  test('an empty slack-webhook-url leaves it to SLACK_WEBHOOK_URL', () => {
    expect(parsed({ 'slack-webhook-url': '' }, env).slackWebhookUrl?.reveal()).toBe(env.SLACK_WEBHOOK_URL);
  });

  test('a bad fallback is named with its variable', () => {
    expect(problems({ ...rest, AWS_REGION: 'Ireland' })[0]?.fields).toMatchObject({
      name: 'aws-region',
      got: 'Ireland (from AWS_REGION)',
    });
  });
});

describe('inputs against each other', () => {
  test.each([
    [{ 'lock-timeout': '30s' }, ['input-invalid lock-timeout']],
    [{ 'lock-timeout': '1m', 'statement-timeout': '1m' }, ['input-invalid lock-timeout']],
    [{ 'statement-timeout': '30m' }, ['input-invalid statement-timeout']],
    [
      { 'statement-timeout': '2h', 'lock-timeout': '3h' },
      ['input-invalid lock-timeout', 'input-invalid statement-timeout'],
    ],
    [{ 'lock-timeout': '29999ms' }, []],
    [{ 'statement-timeout': '1d', 'lock-timeout': '10h' }, ['input-invalid statement-timeout']],
    [{ 'restored-identifier': 'Shop-Prod' }, ['input-invalid restored-identifier']],
    [{ 'slack-on': 'always' }, ['input-missing slack-webhook-url']],
    [{ 'slack-on': 'always', 'slack-webhook-url': 'nonsense' }, ['input-invalid slack-webhook-url']],
    [{ 'slack-on': 'always', 'slack-webhook-url': 'https://example.com/x' }, []],
    [{ 'slack-on': 'never' }, []],
  ])('%j', (inputs, expected) => {
    expect(refusals(inputs as Readonly<Record<string, string>>)).toEqual(expected);
  });
});

describe('misspelt inputs', () => {
  test.each([
    ['statment-timeout', 'statement-timeout'],
    ['lock-timout', 'lock-timeout'],
    ['lock_timeout', 'lock-timeout'],
    ['lock timeout', 'lock-timeout'],
    ['db_instance_identifier', 'db-instance-identifier'],
    ['slack-webhook-uri', 'slack-webhook-url'],
    ['database-url-envs', 'database-url-env'],
    ['modes', 'mode'],
    ['snapshots', 'snapshot'],
    ['fail_on', 'fail-on'],
    ['on-failures', 'on-failure'],
  ])('%s is refused with the name %s', (typo, meant) => {
    expect(refusals({ [typo]: 'x' })).toEqual([`input-invalid ${typo}`]);
    expect(problems(withInputs({ [typo]: 'x' }))[0]?.fields.expected).toBe(`the name ${meant}`);
  });

  test.each(['node-version', 'role', 'token', 'environment', 'url', 'database-url', 'x'])(
    '%s belongs to somebody else',
    (name) => {
      expect(refusals({ [name]: 'x' })).toEqual([]);
    },
  );
});
