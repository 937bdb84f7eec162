import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { connectionSecret, createSecrets } from '../../src/adapters/secretsmanager/secrets.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { pointAt, virtualClock } from './support/scripted-aws.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf';

describe('the text of a secret', () => {
  test.each([
    [
      'all of it',
      { username: 'u', password: 'p', host: 'h', port: 5433, dbname: 'd' },
      { dialect: undefined, username: 'u', password: 'p', host: 'h', port: 5433, database: 'd' },
    ],
    [
      'managed by RDS',
      { username: 'u', password: 'p' },
      {
        dialect: undefined,
        username: 'u',
        password: 'p',
        host: undefined,
        port: undefined,
        database: undefined,
      },
    ],
    [
      'a port in quotes',
      { username: 'u', password: 'p', port: '5432', database: 'd' },
      { dialect: undefined, username: 'u', password: 'p', host: undefined, port: 5432, database: 'd' },
    ],
  ])('%s', (_name, json, expected) => {
    expect(connectionSecret(ARN, JSON.stringify(json))).toEqual(expected);
  });

  test.each([
    ['postgres', 'postgresql'],
    ['aurora-postgresql', 'postgresql'],
    ['mysql', 'mysql'],
    ['MariaDB', 'mysql'],
    ['aurora-mysql', 'mysql'],
    ['aurora', undefined],
    ['sqlserver', undefined],
  ])('engine %s: %s', (engine, dialect) => {
    const json = JSON.stringify({ engine, username: 'u', password: 'p' });
    expect(connectionSecret(ARN, json).dialect).toBe(dialect);
  });

  test.each([
    ['json', undefined],
    ['json', 'hunter22'],
    ['json', '["hunter22"]'],
    ['json', 'null'],
    ['username', '{"password":"hunter22"}'],
    ['password', '{"username":"hunter22"}'],
    ['password', '{"username":"hunter22","password":""}'],
  ])('lacks %s: %s', (missing, text) => {
    const read = () => connectionSecret(ARN, text);
    expect(read).toThrow();
    try {
      read();
    } catch (error) {
      expect(problemsOf(error)).toMatchObject([
        { code: 'secret-unreadable', fields: { missing, name: ARN } },
      ]);
      expect(JSON.stringify(problemsOf(error))).not.toContain('hunter22');
    }
  });
});

/** Secrets Manager speaks JSON; one answer for everything. */
async function reading(status: number, body: unknown) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  using _ = pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    return await createSecrets({ clock: virtualClock(), onRetry: () => {} })
      .connection(ARN)
      .catch(problemsOf);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the service', () => {
  test('answers', async () => {
    const SecretString = JSON.stringify({ username: 'u', password: 'p' });
    expect(await reading(200, { SecretString })).toMatchObject({ username: 'u', password: 'p' });
  });

  test.each([
    [400, 'ResourceNotFoundException', 'secret-unreadable', { name: ARN, code: 'ResourceNotFound' }],
    [400, 'AccessDeniedException', 'aws-denied', { action: 'secretsmanager:GetSecretValue' }],
    [400, 'ExpiredTokenException', 'credentials-expired', {}],
    [400, 'ThrottlingException', 'aws-throttled', {}],
  ])('%i %s → %s', async (status, type, code, fields) => {
    expect(await reading(status, { __type: type, message: 'no' })).toMatchObject([{ code, fields }]);
  });
});
