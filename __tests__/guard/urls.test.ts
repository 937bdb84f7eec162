import { describe, expect, test } from '@jest/globals';
import { problemsOf } from '../../src/domain/problem.ts';
import { Guard } from '../../src/guard/context.ts';
import { probedVariables, readUrls, describe as told } from '../../src/guard/urls.ts';
import type { ConnectionSecret } from '../../src/ports/secrets.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { request, World } from '../fakes/world.ts';

const LOGIN: ConnectionSecret = {
  dialect: undefined,
  username: 'app',
  password: 'S3cret/',
  host: undefined,
  port: undefined,
  database: 'shop',
};

/** What a URL made of this secret alone says, for an instance of this engine; the code of the problem when there is none. */
async function made(secret: Partial<ConnectionSecret>, source: Partial<typeof SOURCE> | undefined) {
  const world = new World();
  const { options } = world.guard();
  world.cloud.source = source === undefined ? undefined : { ...SOURCE, ...source };
  const guard = new Guard({
    ...options,
    environment: {},
    request: request({ databaseSecretArn: 'arn:aws:secretsmanager:eu-west-1:1:secret:shop' }),
    ports: { ...options.ports, secrets: async () => ({ connection: async () => ({ ...LOGIN, ...secret }) }) },
  });
  try {
    const { primary, given } = await readUrls(guard);
    const url = given[primary];
    return url === undefined ? '' : `${url.reveal().split(':')[0]} ${told(url)}`;
  } catch (error) {
    return problemsOf(error)
      .map(({ code }) => code)
      .join(' ');
  }
}

const endpoint = { address: 'db.example.com', port: 3307 };

describe('a URL made from a secret alone', () => {
  test.each<[string, Partial<ConnectionSecret>, Partial<typeof SOURCE> | undefined, string]>([
    [
      'PostgreSQL by its engine',
      { dialect: 'postgresql', host: 'h' },
      undefined,
      'postgresql app@h:5432/shop',
    ],
    ['MySQL by its engine', { dialect: 'mysql', host: 'h' }, undefined, 'mysql app@h:3306/shop'],
    ['a port of its own', { dialect: 'mysql', host: 'h', port: 3310 }, undefined, 'mysql app@h:3310/shop'],
    ['no engine: that of the instance', { host: 'h' }, { engine: 'aurora-mysql' }, 'mysql app@h:3306/shop'],
    ['no engine and no instance', { host: 'h' }, undefined, 'postgresql app@h:5432/shop'],
    ['neither engine nor host', {}, { engine: 'mariadb', endpoint }, 'mysql app@db.example.com:3307/shop'],
    ['no host', { dialect: 'mysql' }, { engine: 'postgres', endpoint }, 'mysql app@db.example.com:3307/shop'],
    [
      'an engine that is refused later',
      {},
      { engine: 'oracle-ee', endpoint },
      'postgresql app@db.example.com:3307/shop',
    ],
    ['no endpoint yet', {}, { engine: 'mysql', endpoint: undefined }, 'instance-not-found'],
    ['no instance', {}, undefined, 'instance-not-found'],
    ['no database', { database: undefined, host: 'h' }, {}, 'secret-unreadable'],
  ])('%s', async (_name, secret, source, expected) => {
    expect(await made(secret, source)).toBe(expected);
  });
});

test.each<[string, 5 | 6 | 7, string | undefined, readonly string[], readonly string[]]>([
  ['directUrl of the schema', 6, undefined, ['DIRECT_URL', 'DATABASE_URL'], ['DIRECT_URL']],
  [
    'the same beside a config',
    6,
    '/shop/prisma.config.ts',
    ['DIRECT_URL', 'DATABASE_URL'],
    ['DIRECT_URL', 'DATABASE_URL'],
  ],
  ['url alone', 5, undefined, ['DATABASE_URL'], ['DIRECT_URL', 'DATABASE_URL']],
  ['a config of 7', 7, '/shop/prisma.config.ts', ['DIRECT_URL'], ['DIRECT_URL']],
  ['nobody knows', 7, '/shop/prisma.config.ts', [], ['DIRECT_URL', 'DATABASE_URL']],
])('whose limits are asked for: %s', (_, prismaMajor, configPath, urlEnv, expected) => {
  const probed = probedVariables({
    project: { prismaMajor, configPath, urlEnv },
    urls: { primary: 'DIRECT_URL' },
  });
  expect(['DIRECT_URL', 'DATABASE_URL'].filter(probed)).toEqual(expected);
});
