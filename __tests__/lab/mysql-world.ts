import { setTimeout as sleep } from 'node:timers/promises';
import { CreateDBClusterSnapshotCommand, CreateDBSnapshotCommand, type RDSClient } from '@aws-sdk/client-rds';
import { createConnection } from 'mysql2/promise';
import { removeBackup } from '../../lab/databases.ts';
import {
  type Flavor,
  type MysqlBackup,
  type MysqlCluster,
  startMysql,
  takeBackup,
} from '../../lab/mysql/index.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { clientOf, until } from './rds-app.ts';

export const ids = async (cluster: Pick<MysqlCluster, 'query'>): Promise<unknown> =>
  (await cluster.query('SELECT id FROM orders ORDER BY id')).map(({ id }) => id);

export const asUser = async (url: string, sql: string): Promise<unknown> => {
  const connection = await createConnection(url);
  try {
    return (await connection.query(sql))[0];
  } finally {
    await connection.end();
  }
};

/** Waits for the next second and for a little of it, so that what came before is in a second of its own. */
const nextSecond = async (): Promise<Date> => {
  const next = (Math.floor(Date.now() / 1000) + 1) * 1000;
  while (Date.now() < next + 20) await sleep(next + 20 - Date.now());
  return new Date(next - 1);
};

const DURATIONS = {
  snapshotMs: 50,
  restoreMs: 50,
  backingUpMs: 50,
  memberMs: 50,
  modifyMs: 40,
  latestRestorableLagMs: 0,
};

export type MysqlWorld = {
  readonly source: MysqlCluster;
  readonly rds: RdsLab;
  readonly aws: RDSClient;
  /** Of the row 1 alone, as are the snapshots `one` and `all`. */
  readonly backup: MysqlBackup;
  /** The last millisecond of a second with the rows 1, 2 and 3; since then there are 3 and 4. */
  readonly mark: Date;
  readonly stop: () => Promise<void>;
};

/** One server is both: the instance `shop`, and the storage of the cluster `shops`. */
const register = async (source: MysqlCluster, rds: RdsLab, aws: RDSClient): Promise<void> => {
  await rds.register({ id: 'shop' }, source);
  await rds.registerCluster({ id: 'shops' }, source);
  const one = { DBInstanceIdentifier: 'shop', DBSnapshotIdentifier: 'one' };
  const all = { DBClusterIdentifier: 'shops', DBClusterSnapshotIdentifier: 'all' };
  await aws.send(new CreateDBSnapshotCommand(one));
  await aws.send(new CreateDBClusterSnapshotCommand(all));
  await rds.settled();
};

/** Fills the server up to the mark and past it, over two binary logs. */
const live = async (source: MysqlCluster): Promise<Date> => {
  await source.query('INSERT INTO orders VALUES (2); FLUSH BINARY LOGS');
  await source.query('CREATE TABLE notes AS SELECT id FROM orders; INSERT INTO orders VALUES (3)');
  const mark = await nextSecond();
  await source.query('DROP TABLE notes; DELETE FROM orders WHERE id < 3; INSERT INTO orders VALUES (4)');
  return mark;
};

export const startWorld = async (flavor: Flavor): Promise<MysqlWorld> => {
  await using stack = new AsyncDisposableStack();
  const source = stack.use(
    await startMysql({
      flavor,
      databases: ['shop_2'],
      users: [{ name: 'reader', password: "p'%/@ :#", attributes: 'SELECT ON app.*' }],
    }),
  );
  const rds = stack.use(await startRds({ durations: DURATIONS }));
  const aws = stack.adopt(clientOf(rds), (client) => client.destroy());
  await source.query('CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1)');
  await register(source, rds, aws);
  const backup = stack.adopt(await takeBackup(source, 'by hand'), removeBackup);
  const mark = await live(source);
  await until(() => (rds.latestRestorableTime('shop') ?? 0) > mark);
  const everything = stack.move();
  return { source, rds, aws, backup, mark, stop: () => everything.disposeAsync() };
};
