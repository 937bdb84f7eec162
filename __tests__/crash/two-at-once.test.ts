/** Two guarded deploys of one database at the same time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { buildAction } from '../../campaign/action.ts';
import { afterEvent } from '../../campaign/journal.ts';
import type { Moment } from '../../campaign/scenario.ts';
import { type Ground, NEXT, openGround, openWorld } from '../../campaign/world.ts';
import { type ActionResult, type RunningStep, runAction } from '../../lab/runner/index.ts';

const SLOW_MS = 180_000;
const action = await buildAction();
const world = await openWorld('end');
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  action[Symbol.dispose]();
});

interface Both {
  readonly first: ActionResult;
  readonly second: ActionResult;
  readonly restores: number;
}

const GATE = 4711;

/** Keeps the migration of the first run from ending until it is opened. */
async function closeGate(ground: Ground): Promise<() => Promise<void>> {
  const keeper = new pg.Client({ connectionString: world.cluster.superuserUrl(ground.database) });
  await keeper.connect();
  await keeper.query('SELECT pg_advisory_lock($1)', [GATE]);
  return () => keeper.end();
}

/** Resolves when the second run has asked for the lock that the first one holds. */
async function waitsForTurn(ground: Ground): Promise<void> {
  const asked = `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'guarded-migrate/902-1%' AND query LIKE '%advisory%' AND datname = $1`;
  while ((await world.cluster.query(asked, [ground.database], ground.database)).length === 0) await pause(50);
}

/** Starts a second run when the first has reached the moment; the first ends after the second was told no, or to wait. */
async function both(
  number: number,
  sql: string,
  moment: Exclude<Moment, { readonly ms: number }>,
  inputs: Readonly<Record<string, string>>,
): Promise<Both> {
  await using ground = await openGround(world, number, 'good');
  ground.project.add(NEXT, sql);
  const temp = mkdtempSync(join(tmpdir(), 'two-at-once-'));
  const over = new AbortController();
  const openGate = await closeGate(ground);
  let second: Promise<ActionResult> | undefined;
  const onStart = (step: RunningStep): void =>
    void afterEvent({ temp, pid: step.pid, moment, over: over.signal }, () => {
      second = press(ground, '902', inputs);
      const told = inputs.concurrency === 'wait' ? waitsForTurn(ground) : second;
      void told.then(openGate, openGate);
    });
  try {
    const first = await press(ground, '901', PATIENT, { RUNNER_TEMP: temp }, onStart);
    over.abort();
    const other = await second;
    first.remove();
    other?.remove();
    if (other === undefined) throw new Error(`the first run never came to ${JSON.stringify(moment)}`);
    const calls = world.rds.calls.filter(({ params }) => params.SourceDBInstanceIdentifier === ground.id);
    return { first, second: other, restores: calls.length };
  } finally {
    over.abort();
    await openGate();
    rmSync(temp, { recursive: true, force: true });
  }
}

const press = (
  ground: Ground,
  runId: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  onStart: (step: RunningStep) => void = () => undefined,
): Promise<ActionResult> =>
  runAction({
    action: action.folder,
    cwd: ground.project.dir,
    runId,
    inputs: { ...ground.inputs, ...inputs },
    env: { ...ground.env, ...env },
    onStart,
  });

const PATIENT = { 'statement-timeout': '2m' };
const PASS = `DO $$ BEGIN WHILE NOT pg_try_advisory_lock(${GATE}) LOOP PERFORM pg_sleep(0.1); END LOOP; END $$;\n`;
const SLOWLY = `${PASS}ALTER TABLE "orders" ADD COLUMN "note" TEXT;\n`;
const HALF_SLOWLY = `ALTER TABLE "orders" ADD COLUMN "half" TEXT;\n${PASS}SELECT 1/0;\n`;
const AT_WORK = { type: 'migrator-line', text: 'Applying migration' } as const;

test.concurrent.each([
  ['while the first takes its snapshot', 1, { type: 'snapshot-seen' }],
  ['while the first migrates, its row unfinished', 2, AT_WORK],
] as const)(
  'the second is refused and names the first: %s',
  async (_, number, moment) => {
    const { first, second } = await both(number, SLOWLY, moment, {});
    expect(first.outputs.status).toBe('applied');
    expect(second.outputs.status).toBe('refused');
    expect(second.stdout).toContain('Another guarded deploy of this database is under way');
    expect(second.stdout).toContain('guarded-migrate/901-1/guard');
  },
  SLOW_MS,
);

test.concurrent(
  'the second is never taken for the one that must mend what the first is about to mend itself',
  async () => {
    const { first, second, restores } = await both(3, HALF_SLOWLY, AT_WORK, {});
    expect([first.outputs.status, second.outputs.status]).toEqual(['restored', 'refused']);
    expect(restores).toBe(1);
  },
  SLOW_MS,
);

test.concurrent(
  'concurrency: wait waits, looks again, and has nothing left to do',
  async () => {
    const { first, second } = await both(4, SLOWLY, AT_WORK, { concurrency: 'wait' });
    expect([first.outputs.status, second.outputs.status]).toEqual(['applied', 'up-to-date']);
  },
  SLOW_MS,
);
