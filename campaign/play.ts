/** Plays one scenario: main with its fault, the post step, a second attempt; keeps what the outside saw. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ActionResult, type RunningStep, runAction } from '../lab/runner/index.ts';
import type { SlackMessage } from '../lab/slack.ts';
import type { Event } from '../src/domain/event.ts';
import { eventsIn, journalFiles } from './journal.ts';
import { processesOf } from './processes.ts';
import type { Scenario } from './scenario.ts';
import type { Truth } from './stores/store.ts';
import { type Hit, type Stage, strike } from './strike.ts';
import { startWriter } from './truth.ts';
import { type Ground, NEXT, openGround, type World } from './world.ts';

export interface Attempt {
  readonly result: ActionResult;
  readonly before: Truth;
  readonly after: Truth;
  /** Sessions, locks and processes of ours that were left when the job was over. */
  readonly left: readonly string[];
  readonly ms: number;
}

export interface Played {
  readonly scenario: Scenario;
  readonly ground: Ground;
  readonly first: Attempt;
  readonly second: Attempt;
  readonly told: readonly SlackMessage[];
  readonly calls: World['rds']['calls'];
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Texts of everything that was written to the runner's folders. */
  readonly files: readonly string[];
  /** The journal of the first attempt, as far as it is there. */
  readonly firstJournal: readonly Event[];
  /** Number and last type of the journal's events when main was hit, and milliseconds from a cancel to the end of main. */
  readonly hit: string;
  readonly cancelMs: number | undefined;
}

export async function play(
  world: World,
  action: string,
  number: number,
  scenario: Scenario,
  check: (played: Played) => Promise<readonly string[]>,
): Promise<{ readonly broken: readonly string[]; readonly played: Played }> {
  await using ground = await openGround(world, number, scenario.deployed);
  const writer = scenario.writer ? startWriter(world.store, world.cluster, ground.database) : undefined;
  const from = world.rds.calls.length;
  const stage: Stage = { world, ground, action, scenario, number };
  const temps = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'campaign-temp-')));
  const results: ActionResult[] = [];
  try {
    const hit: Hit = { text: '', cancelAt: 0, cancelMs: 0, back: undefined };
    const first = await firstAttempt(stage, temps[0] ?? '', hit);
    results.push(first.result);
    world.rds.faults.clear();
    ground.slack.recover();
    await pause(50);
    // The author has corrected the file; where it stands as failed that changes nothing yet.
    ground.project.add(NEXT, world.store.migrations.good);
    const second = await secondAttempt(stage, temps[1] ?? '');
    results.push(second.result);
    await world.rds.settled();
    const played: Played = {
      ...{ scenario, ground, first, second },
      told: [...ground.slack.messages],
      calls: world.rds.calls.slice(from),
      acknowledged: writer?.acknowledged ?? new Map(),
      files: [...temps, ...results.map((each) => each.tempDir)].flatMap(textsIn),
      firstJournal: journalFiles(temps[0] ?? '').flatMap(eventsIn),
      hit: hit.text,
      cancelMs: hit.cancelAt > 0 ? hit.cancelMs : undefined,
    };
    await writer?.stop();
    return { broken: await check(played), played };
  } finally {
    await writer?.stop();
    world.rds.faults.clear();
    for (const each of results) each.remove();
    for (const temp of temps) rmSync(temp, { recursive: true, force: true });
  }
}

async function firstAttempt(stage: Stage, temp: string, hit: Hit): Promise<Attempt> {
  const { world, ground, scenario } = stage;
  for (const fault of scenario.aws ?? []) world.rds.faults.inject(fault);
  if (scenario.slack !== undefined) ground.slack.fail(scenario.slack.fault);
  const over = new AbortController();
  const where = scenario.disk === 'no-folder' ? join(temp, 'file', 'below') : temp;
  if (scenario.disk === 'no-folder') writeFileSync(join(temp, 'file'), '');
  let armed: Promise<void> | undefined;
  const onStart = (step: RunningStep): void => {
    const { disk } = scenario;
    if (typeof disk === 'object')
      execFileSync('prlimit', [`--pid=${step.pid}`, `--fsize=${disk.fullAtBytes}:${disk.fullAtBytes}`]);
    armed = strike(stage, step, where, hit, over.signal);
  };
  const onPostStart = (step: RunningStep): void => {
    over.abort();
    if (scenario.isLost === true) step.kill('SIGKILL');
    if (hit.cancelAt > 0) hit.cancelMs = Date.now() - hit.cancelAt;
    if (scenario.slack?.until === 'post') ground.slack.recover();
    if (scenario.awsEndsWithMain === true) world.rds.faults.clear();
  };
  const settled = async (): Promise<void> => {
    over.abort();
    await armed;
    await hit.back;
  };
  const attempt = await attemptOf(stage, { temp: where, run: 1, attempt: 1, onStart, onPostStart, settled });
  return attempt;
}

const secondAttempt = (stage: Stage, temp: string): Promise<Attempt> =>
  attemptOf(
    stage,
    stage.scenario.next === 'attempt' ? { temp, run: 1, attempt: 2 } : { temp, run: 2, attempt: 1 },
  );

interface Press {
  readonly temp: string;
  readonly run: number;
  readonly attempt: number;
  readonly onStart?: (step: RunningStep) => void;
  readonly onPostStart?: (step: RunningStep) => void;
  /** Nothing of the fault is still on its way. */
  readonly settled?: () => Promise<void>;
}

async function attemptOf(stage: Stage, { temp, run, attempt, settled, ...hooks }: Press): Promise<Attempt> {
  const { world, ground, scenario } = stage;
  const before = await world.store.truth(world.cluster, ground.database);
  const began = Date.now();
  const result = await runAction({
    action: stage.action,
    cwd: ground.project.dir,
    runId: `${stage.number}0${run}`,
    attempt,
    inputs: { ...ground.inputs, ...scenario.inputs },
    env: { ...ground.env, RUNNER_TEMP: temp },
    timeoutMs: 90_000,
    cancelPauses: world.cancelPauses,
    ...hooks,
  });
  const ms = Date.now() - began;
  await settled?.();
  if (!world.cluster.running) await world.cluster.start();
  const left = [
    ...(await world.store.left(world.cluster, ground.database)),
    ...(result.orphans > 0 ? [`${result.orphans} processes`] : []),
    ...processesOf(temp).map((pid) => `process ${pid}`),
  ];
  return { result, before, after: await world.store.truth(world.cluster, ground.database), left, ms };
}

function textsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name), 'utf8'));
  } catch {
    return [];
  }
}
