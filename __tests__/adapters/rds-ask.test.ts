import { describe, expect, test } from '@jest/globals';
import type { RetryNote } from '../../src/adapters/aws/ask.ts';
import { createAmazon } from '../../src/adapters/rds/amazon.ts';
import { type Problem, problemsOf } from '../../src/domain/problem.ts';
import { pointAt, type Reply, result, scriptedAws, virtualClock } from './support/scripted-aws.ts';

const FOUND = result(
  'DescribeDBInstances',
  '<DBInstances><DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus></DBInstance></DBInstances>',
);

/** Describes an instance against the replies; gives what came out and what it took. */
async function describing(replies: readonly Reply[]) {
  await using aws = await scriptedAws(replies);
  using _ = pointAt(aws.url);
  const clock = virtualClock();
  const notes: RetryNote[] = [];
  const recovery = createAmazon({
    targetKind: 'instance',
    clock,
    onRetry: (note) => notes.push(note),
  }).recovery;
  let problems: readonly Problem[] = [];
  const status = await recovery.instance('shop').then(
    (instance) => instance?.status,
    (error: unknown) => {
      problems = problemsOf(error);
      return undefined;
    },
  );
  return { status, problem: problems[0], notes, calls: aws.requests.length, slept: clock.slept };
}

describe('what passes is tried again', () => {
  test.each<readonly [string, Reply, number]>([
    ['throttling', { code: 'Throttling', message: 'Rate exceeded' }, 1_000],
    ['too many requests by status', { code: 'Whatever', status: 429 }, 1_000],
    ['service unavailable', { code: 'ServiceUnavailable', status: 503 }, 250],
    ['internal failure', { code: 'InternalFailure', status: 500 }, 250],
    ['a page instead of XML', { html: '<html><body>502</body></html>', status: 502 }, 250],
    ['a cut connection', 'reset', 250],
  ])('%s', async (_name, reply, firstDelay) => {
    const seen = await describing([reply, reply, FOUND]);
    expect(seen).toMatchObject({ status: 'available', calls: 3, slept: [firstDelay, firstDelay * 2] });
    expect(seen.notes).toHaveLength(2);
    expect(seen.notes[0]).toMatchObject({ label: 'describe shop', attempt: 1, delayMs: firstDelay });
    expect(seen.notes[0]?.cause).not.toBe('');
  });

  test.each<readonly [string, Reply, string]>([
    ['throttling', { code: 'Throttling', message: 'Rate exceeded' }, 'aws-throttled'],
    ['a cut connection', 'reset', 'aws-unreachable'],
    ['server errors', { code: 'InternalFailure', status: 500 }, 'aws-unreachable'],
  ])('but not for ever: %s', async (_name, reply, code) => {
    const seen = await describing([reply]);
    expect(seen.calls).toBe(6);
    expect(seen.problem).toMatchObject({ code, fields: { action: 'rds:DescribeDBInstances' } });
  });
});

describe('what does not pass is told at once', () => {
  const DENIED =
    'User: arn:aws:sts::1:assumed-role/deploy/x is not authorized to perform: rds:DescribeDBInstances on resource: arn:aws:rds:eu-west-1:1:db:shop because no identity-based policy allows the rds:DescribeDBInstances action';
  test.each<readonly [string, Reply, string, Readonly<Record<string, string>>]>([
    [
      'denied',
      { code: 'AccessDenied', status: 403, message: DENIED },
      'aws-denied',
      {
        action: 'rds:DescribeDBInstances',
        resource: 'arn:aws:rds:eu-west-1:1:db:shop',
        user: 'arn:aws:sts::1:assumed-role/deploy/x',
      },
    ],
    [
      'denied, for another action',
      { code: 'AccessDenied', status: 403, message: 'not authorized to perform: kms:CreateGrant' },
      'aws-denied',
      { action: 'kms:CreateGrant' },
    ],
    [
      'denied, without words',
      { code: 'AccessDenied', status: 403 },
      'aws-denied',
      { action: 'rds:DescribeDBInstances' },
    ],
    ['expired', { code: 'ExpiredToken', status: 403 }, 'credentials-expired', { code: 'ExpiredToken' }],
    ['expired, the other name', { code: 'ExpiredTokenException', status: 400 }, 'credentials-expired', {}],
    ['request expired', { code: 'RequestExpired', status: 400 }, 'credentials-expired', {}],
    [
      'a wrong key',
      {
        code: 'InvalidClientTokenId',
        status: 403,
        message: 'The security token included in the request is invalid',
      },
      'aws-rejected',
      { code: 'InvalidClientTokenId' },
    ],
    [
      'a bad value',
      { code: 'InvalidParameterValue', message: 'bad' },
      'aws-rejected',
      { code: 'InvalidParameterValue', message: 'bad' },
    ],
  ])('%s', async (_name, reply, code, fields) => {
    const seen = await describing([reply]);
    expect(seen.problem).toMatchObject({ code, fields });
    expect(seen).toMatchObject({ calls: 1, notes: [] });
  });

  test('a clock that is wrong is tried once more, then explained', async () => {
    const date = new Date(virtualClock().now() - 3_600_000).toUTCString();
    const seen = await describing([
      {
        code: 'SignatureDoesNotMatch',
        status: 403,
        message: 'Signature expired: 1 is now earlier than 2',
        date,
      },
    ]);
    expect(seen.calls).toBe(2);
    expect(seen.problem?.fields.message).toMatch(/^the clock of this machine is \d+ s ahead of that of AWS$/);
  });

  test('no credentials', async () => {
    await using aws = await scriptedAws([FOUND]);
    using _ = pointAt(aws.url);
    delete process.env.AWS_ACCESS_KEY_ID;
    process.env.AWS_SHARED_CREDENTIALS_FILE = '/nonexistent';
    process.env.AWS_CONFIG_FILE = '/nonexistent';
    const recovery = createAmazon({
      targetKind: 'instance',
      clock: virtualClock(),
      onRetry: () => {},
    }).recovery;
    const problems = await recovery.instance('shop').catch(problemsOf);
    expect(problems).toMatchObject([{ code: 'credentials-missing' }]);
    expect(aws.requests).toHaveLength(0);
    delete process.env.AWS_SHARED_CREDENTIALS_FILE;
    delete process.env.AWS_CONFIG_FILE;
  });

  test('no region', () => {
    using _ = pointAt('http://127.0.0.1:1');
    delete process.env.AWS_REGION;
    const make = () =>
      createAmazon({ targetKind: 'instance', clock: virtualClock(), onRetry: () => {} }).recovery;
    expect(make).toThrow('no AWS region');
  });

  test('nobody listens', async () => {
    using _ = pointAt('http://127.0.0.1:1');
    const recovery = createAmazon({
      targetKind: 'instance',
      clock: virtualClock(),
      onRetry: () => {},
    }).recovery;
    const problems = await recovery.instance('shop').catch(problemsOf);
    expect(problems).toMatchObject([{ code: 'aws-unreachable', fields: { code: 'ECONNREFUSED' } }]);
  });
});
