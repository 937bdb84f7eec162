import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  type BaseBackup,
  type Cluster,
  flushWal,
  nothingLater,
  removeBackup,
  restoreToTime,
  startCluster,
  startStandby,
  takeBaseBackup,
} from '../../lab/postgres/index.ts';

const connect = async (config: pg.ClientConfig): Promise<pg.Client> => {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const answer = async (config: pg.ClientConfig, sql: string): Promise<unknown> => {
  const client = await connect(config);
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
};

const ODD = { name: 'odd one', password: 'p%/@ :#?&=\'"' };

describe('a cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ name: 'plain', users: [ODD], databases: ['second'] });
  });
  afterAll(async () => cluster?.stop());

  test('has the role app owning the database app, and checks its password', async () => {
    const owner = 'SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()';
    expect(await answer({ connectionString: cluster.url() }, owner)).toBe('app');
    const wrong = cluster.url().replace(/:[^:@]+@/, ':wrong@');
    await expect(connect({ connectionString: wrong })).rejects.toMatchObject({ code: '28P01' });
  });

  test('encodes odd role names and passwords in its URLs', async () => {
    const connectionString = cluster.url('second', ODD.name);
    expect(await answer({ connectionString }, 'SELECT current_user')).toBe(ODD.name);
    expect(await answer({ connectionString }, 'SELECT current_database()')).toBe('second');
  });

  test('keeps what was committed through a crash', async () => {
    await cluster.query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    await cluster.crash();
    expect(cluster.running).toBe(false);
    await expect(connect({ connectionString: cluster.url() })).rejects.toThrow();
    await cluster.start();
    expect(await answer({ connectionString: cluster.superuserUrl() }, 'SELECT n FROM kept')).toBe(7);
  });

  test('has a standby that reads and refuses writes', async () => {
    const standby = await startStandby(cluster);
    try {
      expect(await answer({ connectionString: standby.superuserUrl() }, 'SELECT pg_is_in_recovery()')).toBe(
        true,
      );
      await expect(standby.query('CREATE TABLE no ()')).rejects.toMatchObject({ code: '25006' });
    } finally {
      await standby.stop();
    }
  });
});

describe('TLS only', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ name: 'tls', ssl: 'only', archive: false });
  });
  afterAll(async () => cluster?.stop());

  test('refuses a plain connection as RDS does', async () => {
    await expect(connect({ connectionString: cluster.url() })).rejects.toMatchObject({ code: '28000' });
  });

  test('has a certificate that verifies against itself, for its address', async () => {
    const ssl = { ca: cluster.caCertificate, rejectUnauthorized: true };
    const used = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    expect(await answer({ connectionString: cluster.url(), ssl }, used)).toBe(true);
    await expect(
      connect({ connectionString: cluster.url(), ssl: { rejectUnauthorized: true } }),
    ).rejects.toThrow(/self.signed/);
  });
});

describe('a restore', () => {
  let source: Cluster;
  let backup: BaseBackup;
  let marks: readonly Date[];
  const rows = async (cluster: Cluster): Promise<unknown> =>
    (await cluster.query('SELECT n FROM t ORDER BY n')).map((row) => row.n);

  beforeAll(async () => {
    source = await startCluster({ name: 'source' });
    await source.query('CREATE TABLE t (n int); INSERT INTO t VALUES (1)');
    backup = await takeBaseBackup(source, 'base');
    const taken: Date[] = [];
    for (const statement of ['INSERT INTO t VALUES (2)', 'DELETE FROM t WHERE n = 1', 'DROP TABLE t']) {
      await source.query(statement);
      taken.push(
        new Date(
          Number((await source.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms'))[0]?.ms),
        ),
      );
      await sleep(20);
    }
    marks = taken;
    await flushWal(source);
  });
  afterAll(async () => {
    await source?.stop();
    if (backup !== undefined) removeBackup(backup);
  });

  test.each([
    [0, [1, 2]],
    [1, [2]],
  ])('to mark %i has all that was committed before it and nothing later', async (mark, expected) => {
    const targetTime = marks[mark];
    if (targetTime === undefined) throw new Error('no mark');
    const restored = await restoreToTime({ backup, archiveDir: source.archiveDir, targetTime });
    try {
      expect(await rows(restored)).toEqual(expected);
      await restored.query('INSERT INTO t VALUES (9)');
      expect(await rows(restored)).toEqual([...expected, 9]);
    } finally {
      await restored.stop();
    }
  });

  test('without a time is the backup itself, and `latest` is the end of the log', async () => {
    const first = await restoreToTime({ backup, archiveDir: source.archiveDir });
    const last = await restoreToTime({ backup, archiveDir: source.archiveDir, targetTime: 'latest' });
    try {
      expect(await rows(first)).toEqual([1]);
      await expect(rows(last)).rejects.toMatchObject({ code: '42P01' });
    } finally {
      await Promise.all([first.stop(), last.stop()]);
    }
  });

  test('to a time after the last commit is refused, as by PostgreSQL', async () => {
    const late = restoreToTime({
      backup,
      archiveDir: source.archiveDir,
      targetTime: new Date(Date.now() + 3_600_000),
    });
    const error = await late.catch((reason: unknown) => reason);
    expect(nothingLater(error)).toBe(true);
  });

  test('can be backed up and restored again', async () => {
    const second = await restoreToTime({ backup, archiveDir: source.archiveDir });
    const again = await takeBaseBackup(second, 'again');
    await second.query('INSERT INTO t VALUES (3)');
    await flushWal(second);
    const third = await restoreToTime({ backup: again, archiveDir: second.archiveDir, targetTime: 'latest' });
    try {
      expect(await rows(third)).toEqual([1, 3]);
    } finally {
      await Promise.all([second.stop(), third.stop()]);
      removeBackup(again);
    }
  });
});

describe('nothing is left behind', () => {
  test('stop deletes the files and may be called twice', async () => {
    const cluster = await startCluster({ name: 'gone' });
    expect(existsSync(cluster.dataDir)).toBe(true);
    await cluster.stop();
    await cluster.stop();
    expect(existsSync(dirname(cluster.dataDir))).toBe(false);
  });

  test('clusters started at once get ports of their own', async () => {
    const clusters = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' })]);
    expect(new Set(clusters.map((cluster) => cluster.port)).size).toBe(2);
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  });

  test('a killed test run takes its server and its backups with it', async () => {
    const lab = pathToFileURL(createRequire(import.meta.url).resolve('../../lab/postgres/index.ts'));
    const script = `const { startCluster, takeBaseBackup } = await import(${JSON.stringify(lab.href)});
      const cluster = await startCluster({ name: 'orphan' });
      const backup = await takeBaseBackup(cluster, 'orphan');
      console.log(JSON.stringify([cluster.dataDir, backup.dir, cluster.port]));`;
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', `${script} setInterval(() => {}, 1000);`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [dataDir, backup, port] = await new Promise<[string, string, number]>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the child ended early')));
      child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString())));
    });
    expect([dataDir, backup].map((each) => existsSync(each))).toEqual([true, true]);
    child.kill('SIGKILL');
    while (existsSync(dirname(dataDir)) || existsSync(backup)) await sleep(50);
    await expect(connect({ host: '127.0.0.1', port, user: 'postgres' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
