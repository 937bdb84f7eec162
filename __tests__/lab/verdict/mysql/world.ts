/** Runs one case on a MySQL or MariaDB server that no other case uses meanwhile: Prisma's lock is the whole server's. */
import { type Flavor, type MysqlCluster, startMysql } from '../../../../lab/mysql/index.ts';
import { createEngine } from '../../../../src/adapters/mysql/engine.ts';
import { createParser } from '../../../../src/adapters/mysql-sql/index.ts';
import { startCable } from '../cable.ts';
import { deploy, projectOf, type Seen } from '../deploy.ts';
import type { MysqlCase, ServerKind } from './case.ts';
import { DATABASES, FIXTURE } from './fixture.ts';
import { begin } from './meanwhile.ts';
import { compareTruths, readTruth } from './truth.ts';

const SERVER_VERSION = 0;
let count = 0;

const COUNTS: Readonly<Record<ServerKind, Readonly<Record<string, string>>>> = {
  usual: {},
  counted: { 'performance-schema': 'ON', 'performance-schema-instrument': "'wait/io/table/%=ON'" },
  uncounted: { 'performance-schema': 'OFF' },
};

const start = (flavor: Flavor, server: ServerKind): Promise<MysqlCluster> =>
  startMysql({
    flavor,
    name: 'verdict',
    archive: false,
    settings: {
      'event-scheduler': 'ON',
      'log-bin-trust-function-creators': '1',
      ...COUNTS[server],
    },
    users: [{ name: 'limited', password: 'limited-1' }],
  });

/** The servers of a few places. A place is used by one case at a time. */
export class Places {
  readonly #flavor: Flavor;
  readonly #free: Map<ServerKind, MysqlCluster>[];

  constructor(flavor: Flavor, places: number) {
    this.#flavor = flavor;
    this.#free = Array.from({ length: places }, () => new Map());
  }

  async play(the: MysqlCase): Promise<Seen> {
    const place = this.#free.pop();
    if (place === undefined) throw new Error('more cases at a time than places');
    const server = the.server ?? 'usual';
    try {
      if (the.alone !== undefined) {
        await using own = await start(this.#flavor, server);
        return await playOn(own, the);
      }
      const cluster = place.get(server) ?? (await start(this.#flavor, server));
      place.set(server, cluster);
      return await playOn(cluster, the);
    } finally {
      this.#free.push(place);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#free.flatMap((place) => [...place.values()].map((each) => each.stop())));
  }
}

const APP = `SELECT ID AS pid FROM information_schema.PROCESSLIST WHERE USER IN ('app', 'limited')`;
/** Nobody of the case before, no database of it, and the rights that a case begins with. */
async function prepare(cluster: MysqlCluster, the: MysqlCase): Promise<void> {
  for (const { pid } of await cluster.query(APP, [], 'mysql'))
    await cluster.query(`KILL ${pid}`, [], 'mysql').catch(() => undefined);
  const made = DATABASES.map(
    (name) => `DROP DATABASE IF EXISTS ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4;`,
  );
  const rights = DATABASES.map((name) => `GRANT ALL ON ${name}.* TO 'app'@'%';`);
  const poor = `REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'limited'@'%'; GRANT ALL ON shop.* TO 'limited'@'%';`;
  await cluster.query([...made, ...rights, poor].join('\n'), [], 'mysql');
  await cluster.query(FIXTURE + (the.setup ?? ''), [], 'shop');
  if (the.admin !== undefined) await cluster.query(the.admin, [], 'shop');
}

async function playOn(cluster: MysqlCluster, the: MysqlCase): Promise<Seen> {
  count += 1;
  // Before anything is waited for: a mark of two cases would let the blow of one hit the other.
  const mark = `${process.pid}-my-${count}`;
  await prepare(cluster, the);
  using project = projectOf(the, 'mysql');
  const before = await readTruth(cluster.superuserUrl('shop'));
  const cable = await startCable(cluster.port);
  const url = cluster.url('shop', the.role ?? 'app').replace(`:${cluster.port}/`, `:${cable.port}/`);
  try {
    const started = Date.now();
    const run = await deploy({
      project,
      url,
      mark,
      the,
      engine: createEngine(),
      parser: createParser(),
      serverVersion: SERVER_VERSION,
      begin: (around) =>
        begin({ ...around, cluster, database: 'shop', mark, cut: cable.cut }, the.meanwhile ?? {}),
    });
    const tookMs = Date.now() - started;
    await cluster.start();
    const after = await readTruth(cluster.superuserUrl('shop'));
    return { ...run, differing: compareTruths(before, after), tookMs };
  } finally {
    cable.remove();
  }
}
