/** SIGINT while a statement runs: until its backend is gone, Prisma's lock is free and the verdict is on the disk. */
import type { RunningStep } from '../lab/runner/index.ts';
import { type Bench, median, spread } from './measure.ts';
import { type Stage, setStage, whenIn } from './stage.ts';

const ROUNDS = 5;
const PACE_MS = 10;

/** The migration's own session; the guard's end in /guard. */
const OURS = `application_name LIKE 'guarded-migrate/%' AND application_name NOT LIKE '%/guard'`;
const LOOK = `
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE ${OURS}) AS there,
       EXISTS (SELECT FROM pg_stat_activity WHERE ${OURS} AND state = 'active' AND query LIKE '%pg_sleep%') AS asleep,
       EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = 72707369) AS locked`;

interface Delays {
  readonly backend: number;
  readonly lock: number;
  readonly verdict: number;
  readonly end: number;
}

export const cancel: Bench = {
  name: 'cancel',
  about: 'SIGINT while a migration sleeps in a statement',
  async run() {
    await using stage = await setStage();
    const found: Delays[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const delays = await oneCancel(stage, round);
      if (round > 0) found.push(delays);
    }
    const line = (what: string, pick: (each: Delays) => number, target?: number) => {
      const values = found.map(pick);
      return {
        what,
        measured: median(values),
        unit: 'ms' as const,
        note: spread(values),
        ...(target === undefined ? {} : { target }),
      };
    };
    return [
      line('to the backend gone', ({ backend }) => backend),
      line('to the advisory lock free', ({ lock }) => lock),
      line('to the verdict in the journal', ({ verdict }) => verdict),
      line('to all three', ({ backend, lock, verdict }) => Math.max(backend, lock, verdict), 2000),
      line('to the end of the main step, Slack included', ({ end }) => end),
    ];
  },
};

async function oneCancel(stage: Stage, round: number): Promise<Delays> {
  const name = `2026060${round}000000_sleep_${round}`;
  stage.project.add(name, `ALTER TABLE "orders" ADD COLUMN "sleep_${round}" TEXT;\nSELECT pg_sleep(25);\n`);
  let watched: Promise<Omit<Delays, 'verdict' | 'end'> & { readonly cancelledAt: number }> | undefined;
  const run = await stage.deploy('cancelled', {
    inputs: { snapshot: 'skip', 'on-failure': 'alert' },
    onStart: (step) => {
      watched = cancelAsleep(stage, step);
      // It is awaited below; a run that ends early is the error to show.
      watched.catch(() => undefined);
    },
  });
  if (watched === undefined) throw new Error('the step was never started');
  const { cancelledAt, backend, lock } = await watched;
  // What a person would do: the next round starts from a clean history.
  await stage.cluster.query(
    'UPDATE _prisma_migrations SET finished_at = now(), rolled_back_at = NULL WHERE migration_name = $1',
    [name],
  );
  const verdict = whenIn(run.journal, ({ type }) => type === 'verdict', 'verdict') - cancelledAt;
  const end = whenIn(run.journal, ({ type }) => type === 'run-ended', 'end') - cancelledAt;
  return { backend, lock, verdict, end };
}

async function cancelAsleep(stage: Stage, step: RunningStep) {
  await until(async () => (await look(stage)).asleep, 60_000);
  const cancelledAt = Date.now();
  step.cancel();
  const since = async (gone: (seen: Seen) => boolean): Promise<number> => {
    await until(async () => gone(await look(stage)), 15_000);
    return Date.now() - cancelledAt;
  };
  const [backend, lock] = await Promise.all([since((seen) => !seen.there), since((seen) => !seen.locked)]);
  return { cancelledAt, backend, lock };
}

interface Seen {
  readonly there: boolean;
  readonly asleep: boolean;
  readonly locked: boolean;
}

async function look(stage: Stage): Promise<Seen> {
  const [row] = await stage.cluster.query(LOOK);
  return { there: row?.there === true, asleep: row?.asleep === true, locked: row?.locked === true };
}

async function until(reached: () => Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error(`not reached within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
}
