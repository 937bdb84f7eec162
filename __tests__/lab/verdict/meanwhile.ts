/** What other people and bad luck do to a migration. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Blow, Meanwhile } from './case.ts';
import { MissedStrike, type Scene, strike } from './strike.ts';

const LOOK_MS = 25;

async function session(scene: Scene): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: scene.cluster.url(scene.database),
    application_name: 'another session',
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

type Look = (condition: string, value: string) => Promise<number | undefined>;

/** Looks again and again over one connection until the migration's backend is as wanted; undefined when it is over. */
async function until<T>(
  scene: Scene,
  over: () => boolean,
  find: (look: Look) => Promise<T | undefined>,
): Promise<T | undefined> {
  const client = new pg.Client({ connectionString: scene.cluster.superuserUrl() });
  client.on('error', () => undefined);
  await client.connect();
  const look: Look = async (condition, value) => {
    const found = await client.query(
      `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = $2 AND $3::text IS NOT NULL AND ${condition}`,
      [scene.applicationName, scene.database, value],
    );
    return found.rows[0] === undefined ? undefined : Number(found.rows[0].pid);
  };
  try {
    while (!over()) {
      const found = await find(look);
      if (found !== undefined) return found;
      await sleep(LOOK_MS);
    }
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Starts everything that goes on beside the migration; the returned function ends it. */
export async function begin(scene: Scene, what: Meanwhile): Promise<() => Promise<void>> {
  let over = false;
  const open: pg.Client[] = [];
  const tasks: Promise<unknown>[] = [];
  const client = async (): Promise<pg.Client> => {
    const fresh = await session(scene);
    open.push(fresh);
    return fresh;
  };
  if (what.hold !== undefined) {
    const holder = await client();
    await holder.query(`BEGIN; ${what.hold}`);
    if (what.letGo) tasks.push(letGo(scene, holder, () => over));
    if (what.thenHold !== undefined) tasks.push(holdMore(scene, holder, what.thenHold, () => over));
  }
  if (what.beside !== undefined) void (await client()).query(what.beside).catch(() => undefined);
  if (what.traffic !== undefined) tasks.push(write(await client(), what.traffic, () => over));
  if (what.at !== undefined && what.blow !== undefined)
    tasks.push(waitAndStrike(scene, what.at, what.blow, () => over));
  return async () => {
    over = true;
    await Promise.all(tasks);
    await scene.cluster
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'another session' AND datname = $1`,
        [scene.database],
      )
      .catch(() => undefined);
    await Promise.all(open.map((each) => each.end().catch(() => undefined)));
  };
}

async function holdMore(scene: Scene, holder: pg.Client, sql: string, over: () => boolean): Promise<void> {
  const waiting = await until(scene, over, (look) => look(`wait_event_type = 'Lock'`, ''));
  if (waiting !== undefined) await holder.query(sql).catch(() => undefined);
}

async function letGo(scene: Scene, holder: pg.Client, over: () => boolean): Promise<void> {
  let met = false;
  await until(scene, over, async (look) => {
    // Not the short session in which the CLI only looks whether the database is there.
    if (!met) met = (await look(`query ~* 'concurrently'`, '')) !== undefined;
    else if ((await look('true', '')) === undefined) return 'gone';
    return undefined;
  });
  await holder.query('ROLLBACK').catch(() => undefined);
}

async function write(app: pg.Client, sql: string, over: () => boolean): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    await app.query(sql.replaceAll('$n', String(round))).catch(() => undefined);
    await sleep(10);
  }
}

async function waitAndStrike(scene: Scene, at: string, blow: Blow, over: () => boolean): Promise<void> {
  const pid = await until(scene, over, (look) => look(`state <> 'idle' AND position($3 in query) > 0`, at));
  if (pid === undefined) throw new MissedStrike(`The migration was never seen at ${at}.`);
  await strike(scene, blow, {
    terminate: `SELECT pg_terminate_backend(${pid})`,
    cancel: `SELECT pg_cancel_backend(${pid})`,
  });
}
