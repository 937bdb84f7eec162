/** What other people and bad luck do to a migration on MySQL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import type { Blow, Meanwhile } from '../case.ts';
import { MissedStrike, type Scene, strike } from '../strike.ts';

const LOOK_MS = 25;
/** InnoDB shows an old list of transactions to whoever asks again within a tenth of a second, and to all others then. */
const LOOK_AT_LOCKS_MS = 300;

/** Another session, as root, so that it is never taken for one of the migration. */
async function open(scene: Scene): Promise<Connection> {
  const url = `${scene.cluster.superuserUrl(scene.database)}?multipleStatements=true`;
  const connection = await createConnection(url);
  connection.on('error', () => undefined);
  return connection;
}

/** Only what the account of the migration runs; the guard's own statements hold none of these words. */
const AT_WORK = `SELECT ID AS pid FROM information_schema.PROCESSLIST
  WHERE USER NOT IN ('root', 'event_scheduler', 'system user') AND COMMAND = 'Query' AND POSITION(? IN INFO) > 0`;
const WAITING = `SELECT trx_mysql_thread_id AS pid FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'
  UNION SELECT ID FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for%lock' AND ID > ?`;

/** The migration's session as soon as the query finds it; undefined when it is over. */
async function until(
  scene: Scene,
  over: () => boolean,
  query: string,
  value: string,
): Promise<number | undefined> {
  const connection = await open(scene);
  try {
    while (!over()) {
      const [rows] = await connection.query(query, [value]);
      const first: unknown = Array.isArray(rows) ? rows[0] : undefined;
      if (typeof first === 'object' && first !== null) return Number(Reflect.get(first, 'pid'));
      await sleep(query === WAITING ? LOOK_AT_LOCKS_MS : LOOK_MS);
    }
    return undefined;
  } finally {
    await connection.end().catch(() => undefined);
  }
}

/** Starts everything that goes on beside the migration; the returned function ends it. */
export async function begin(scene: Scene, what: Meanwhile): Promise<() => Promise<void>> {
  let over = false;
  const isOver = (): boolean => over;
  const opened: Connection[] = [];
  const tasks: Promise<unknown>[] = [];
  const another = async (): Promise<Connection> => {
    const fresh = await open(scene);
    opened.push(fresh);
    return fresh;
  };
  if (what.hold !== undefined) {
    const holder = await another();
    await holder.query(`BEGIN; ${what.hold}`);
    if (what.thenHold !== undefined) tasks.push(holdMore(scene, holder, what.thenHold, isOver));
  }
  if (what.beside !== undefined) void (await another()).query(what.beside).catch(() => undefined);
  if (what.traffic !== undefined) tasks.push(write(await another(), what.traffic, isOver));
  if (what.at !== undefined && what.blow !== undefined)
    tasks.push(waitAndStrike(scene, what.at, what.blow, isOver));
  return async () => {
    over = true;
    await Promise.all(tasks);
    for (const each of opened) each.destroy();
  };
}

async function holdMore(scene: Scene, holder: Connection, sql: string, over: () => boolean): Promise<void> {
  const waiting = await until(scene, over, WAITING, '0');
  if (waiting !== undefined) await holder.query(sql).catch(() => undefined);
}

async function write(app: Connection, sql: string, over: () => boolean): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    await app.query(sql.replaceAll('$n', String(round))).catch(() => undefined);
    await sleep(10);
  }
}

async function waitAndStrike(scene: Scene, at: string, blow: Blow, over: () => boolean): Promise<void> {
  const pid = await until(scene, over, AT_WORK, at);
  if (pid === undefined) throw new MissedStrike(`The migration was never seen at ${at}.`);
  await strike(scene, blow, { terminate: `KILL ${pid}`, cancel: `KILL QUERY ${pid}` });
}
