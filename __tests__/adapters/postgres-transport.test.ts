import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, selfSigned, startCluster, startStandby } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import { type Problem, problemsOf } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';

let cluster: Cluster;
let folder: string;

const connect = async (parameters: string, host = '127.0.0.1') => {
  const url = `${cluster.url().replace('127.0.0.1', host)}?${parameters}`;
  const session = await createEngine({ baseDirectory: folder }).connect(new Secret(url), 'guard');
  const facts = await session.facts();
  await session.close();
  return facts;
};

const refused = async (parameters: string): Promise<Problem | undefined> => {
  try {
    await connect(parameters);
  } catch (error) {
    return problemsOf(error)[0];
  }
  throw new Error('the connection was made');
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gm-tls-'));
  cluster = await startCluster({ name: 'tls', ssl: 'only' });
  writeFileSync(join(folder, 'ca.pem'), cluster.caCertificate ?? '');
  writeFileSync(join(folder, 'other.pem'), selfSigned().cert);
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a server that refuses plain connections', () => {
  test.each([
    '',
    'sslmode=prefer',
    'sslmode=require',
    'sslmode=require&sslaccept=accept_invalid_certs',
    'sslcert=other.pem',
    'sslcert=ca.pem&sslaccept=strict',
    'sslcert=ca.pem&sslmode=verify-full',
  ])('takes "%s"', async (parameters) => {
    expect((await connect(parameters)).tls).toBe(true);
  });

  test.each([
    'sslmode=disable',
    'sslaccept=strict',
    'sslaccept=strict&sslcert=other.pem',
    'sslmode=verify-ca',
    'sslcert=missing.pem',
  ])('does not take "%s"', async (parameters) => {
    expect((await refused(parameters))?.code).toBe('database-tls');
  });
});

test('a standby is read, and its clock answers', async () => {
  const standby = await startStandby(cluster);
  try {
    const session = await createEngine().connect(new Secret(standby.url()), 'guard');
    try {
      expect((await session.facts()).isReplica).toBe(true);
      expect((await session.clock()).lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
      expect((await session.state()).fingerprint.digest).toMatch(/^[0-9a-f]{64}$/);
    } finally {
      await session.close();
    }
  } finally {
    await standby.stop();
  }
});
