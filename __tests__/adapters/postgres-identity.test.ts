/** A database and its point-in-time copy, told apart by what every role may ask. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type BaseBackup,
  type Cluster,
  flushWal,
  removeBackup,
  restoreToTime,
  startCluster,
  takeBaseBackup,
} from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import { Secret } from '../../src/domain/secret.ts';
import { compareServers, type ServerIdentity } from '../../src/domain/server-identity.ts';

let source: Cluster;
let restored: Cluster;
let backup: BaseBackup | undefined;

const identity = async (cluster: Cluster): Promise<ServerIdentity> => {
  // The application's role, which has no grants beyond its own tables.
  const session = await createEngine().connect(new Secret(cluster.url()), 'guard');
  try {
    return await session.identity();
  } finally {
    await session.close();
  }
};

beforeAll(async () => {
  source = await startCluster({ name: 'identity' });
  backup = await takeBaseBackup(source, 'identity');
  await source.query('CREATE TABLE later (id int)', [], 'postgres');
  await flushWal(source);
  restored = await restoreToTime({ backup, archiveDir: source.archiveDir, targetTime: 'latest' });
});
afterAll(async () => {
  await restored?.stop();
  await source?.stop();
  if (backup !== undefined) removeBackup(backup);
});

test('the same server is the same, also over another session', async () => {
  const [one, two] = [await identity(source), await identity(source)];
  expect(compareServers(one, two).verdict).toBe('same');
  expect(one.startedAt).toMatch(/^\d{10}\.\d{6}$/);
  expect(one.timeline).toBe('00000001');
  expect(one.address).toMatch(/:\d+$/);
});

test('the copy is on a later timeline, and each reason by itself would do', async () => {
  const [old, fresh] = [await identity(source), await identity(restored)];
  expect(compareServers(fresh, old)).toEqual({ verdict: 'different', by: 'the WAL timeline' });
  const blind = { ...fresh, timeline: undefined };
  expect(compareServers(blind, old)).toEqual({ verdict: 'different', by: 'the start of the server' });
  expect(compareServers({ ...blind, startedAt: undefined }, old).by).toBe('the address of the server');
});
