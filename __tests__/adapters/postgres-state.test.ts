import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { createEngine } from '../../src/adapters/postgres/engine.ts';
import type { DatabaseSnapshot } from '../../src/domain/facts.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Session } from '../../src/ports/engine.ts';
import { BASE, CHANGES, UNCHANGING } from './postgres-changes.ts';

let cluster: Cluster;
let session: Session;

const digest = async (): Promise<string> => (await session.state()).fingerprint.digest;
const run = (sql: string): Promise<unknown> => cluster.query(sql);

beforeAll(async () => {
  cluster = await startCluster({
    name: 'state',
    archive: false,
    settings: { wal_level: 'logical', allow_system_table_mods: 'on' },
  });
  await run(BASE);
  session = await createEngine().connect(new Secret(cluster.url()), 'guard');
});

afterAll(async () => {
  await session?.close();
  await cluster?.stop();
});

describe('the fingerprint', () => {
  /** Every change is undone, so one look before the first is enough. */
  let base: string | undefined;

  test.each(CHANGES)('sees %s and its undoing', async (change, inverse) => {
    base ??= await digest();
    await run(change);
    expect(await digest()).not.toBe(base);
    await run(inverse);
    expect(await digest()).toBe(base);
  });

  test.each([`ALTER TYPE s.mood ADD VALUE 'new'`, `COMMENT ON ROLE q IS 'x'`])('sees %s', async (change) => {
    const before = await digest();
    await run(change);
    expect(await digest()).not.toBe(before);
  });

  test.each(UNCHANGING)('does not see %s', async (sql) => {
    const before: DatabaseSnapshot = await session.state();
    // VACUUM refuses to run beside another statement; everything else may share a message.
    await run(sql);
    expect((await session.state()).fingerprint.objects).toEqual(before.fingerprint.objects);
  });

  test('names its objects and is the same for another role', async () => {
    const own = await session.state();
    const other = await createEngine().connect(new Secret(cluster.superuserUrl()), 'guard');
    const theirs = await other.state();
    await other.close();
    expect(theirs.fingerprint).toEqual(own.fingerprint);
    expect(Object.keys(own.fingerprint.objects)).toEqual(
      expect.arrayContaining([
        'table s.t',
        'index s.t_a',
        'constraint s.child.child_fk',
        'trigger s.t.tr',
        'enum s.mood',
        'function s.f()',
      ]),
    );
  });
});

test('TRUNCATE, which counts no rows, shows as a new file', async () => {
  const before = (await session.state()).writes['s.child'];
  await run('TRUNCATE s.child');
  const after = (await session.state()).writes['s.child'];
  expect(after).toMatchObject({
    inserted: before?.inserted,
    updated: before?.updated,
    deleted: before?.deleted,
  });
  expect(after?.file).not.toBe(before?.file);
});
