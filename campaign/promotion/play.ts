/** Plays one kill: the cut-over that dies, whoever goes on, and what the outside saw. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedCall } from '../../lab/rds/types.ts';
import { type ActionResult, type RunningStep, runAction } from '../../lab/runner/index.ts';
import { afterEvent, eventsIn, journalFiles } from '../journal.ts';
import { killAll, processesOf } from '../processes.ts';
import type { Cut, Scenario } from './scenario.ts';
import { type State, stateOf, watchStates } from './states.ts';
import { PRODUCTION, type Stage } from './world.ts';

/** One job that went on. */
export interface Attempt {
  readonly by: 'post' | 'promote' | 'undo';
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
  readonly ms: number;
  /** What the application sees when AWS has ended what it was asked for; empty for nobody. */
  readonly serves: string;
  readonly state: State | undefined;
}

export interface Played {
  readonly scenario: Scenario;
  readonly killed: boolean;
  /** Number and last type of the journal's events when it was killed. */
  readonly hit: string;
  readonly first: ActionResult;
  /** As AWS told it at the kill. */
  readonly stateAtKill: State | undefined;
  /** Who went on, in their order. Where the post step alone leaves nobody serving, another job follows it. */
  readonly next: readonly Attempt[];
  /** Combinations of names and states that no row of the table knows. */
  readonly unknown: readonly string[];
  readonly calls: readonly RecordedCall[];
  /** Calls of the first job alone. */
  readonly firstCalls: readonly RecordedCall[];
  readonly events: number;
  readonly gone: readonly string[];
  readonly left: readonly string[];
  readonly outageMs: number;
}

/** Time for the process to read an answer and, mostly, to act on it. */
const READ_MS = 3;
let runs = 100;

export async function play(stage: Stage, action: string, scenario: Scenario): Promise<Played> {
  await stage.reset();
  const { rds, probe } = stage;
  const [from, began, ids] = [rds.calls.length, Date.now(), stage.ids()];
  if ((await probe.now()) === '') throw new Error('nobody serves before the cut-over');
  const temp = mkdtempSync(join(tmpdir(), 'promotion-temp-'));
  const watch = watchStates(stage);
  const hit = { killed: false, text: '', state: undefined as State | undefined };
  const results: ActionResult[] = [];
  try {
    const first = await firstJob({ stage, action, scenario, temp }, hit);
    results.push(first);
    const firstCalls = rds.calls.slice(from);
    const next = await goOn({ stage, action, scenario, temp }, first, results);
    return {
      ...{ scenario, first, next, firstCalls },
      ...{ killed: hit.killed, hit: hit.text, stateAtKill: hit.state },
      unknown: watch.unknown(),
      calls: rds.calls.slice(from),
      events: journalFiles(temp).flatMap(eventsIn).length,
      gone: ids.filter((id) => !stage.ids().includes(id)),
      left: processesOf(temp).map((pid) => `process ${pid}`),
      outageMs: probe.outage(began, Date.now()),
    };
  } finally {
    watch.stop();
    rds.faults.clear();
    for (const each of results) each.remove();
    rmSync(temp, { recursive: true, force: true });
  }
}

interface Job {
  readonly stage: Stage;
  readonly action: string;
  readonly scenario: Scenario;
  readonly temp: string;
}

interface Hit {
  killed: boolean;
  text: string;
  state: State | undefined;
}

async function firstJob(job: Job, hit: Hit): Promise<ActionResult> {
  const { stage, scenario, temp } = job;
  const over = new AbortController();
  const kill = (pid: number): void => {
    if (hit.killed || over.signal.aborted) return;
    killAll(pid, temp);
    hit.killed = true;
    hit.state = stateOf(stage);
    const events = journalFiles(temp).flatMap(eventsIn);
    hit.text = `${events.length} ${events.at(-1)?.type ?? 'nothing'}`;
  };
  let armed: Promise<void> | undefined;
  const result = await press(job, scenario.way === 'proxy' ? 'proxy' : 'rename', {
    onStart: (step) => {
      armed = arm(job, step, over.signal, () => kill(step.pid));
    },
    onPostStart: (step) => {
      over.abort();
      stage.rds.faults.clear();
      if (hit.killed && scenario.next !== 'post') step.kill('SIGKILL');
    },
  });
  over.abort();
  await armed;
  return result;
}

async function arm(
  { stage, scenario, temp }: Job,
  { pid }: RunningStep,
  over: AbortSignal,
  kill: () => void,
): Promise<void> {
  const { cut } = scenario;
  if (cut === undefined) return;
  if ('event' in cut) return afterEvent({ temp, pid, moment: cut, over }, kill);
  atCall(stage, cut, kill);
}

/** Killed while AWS carries the call out, its answer lost; or a moment after the answer. */
function atCall({ rds }: Stage, cut: Extract<Cut, { call: number }>, kill: () => void): void {
  let count = 0;
  rds.faults.inject({
    action: '*',
    kind: 'lost-answer',
    match: () => {
      count += 1;
      if (count !== cut.call) return false;
      if (cut.side === 'after') void pause(READ_MS).then(kill);
      else kill();
      return cut.side === 'before';
    },
  });
}

async function goOn(job: Job, first: ActionResult, results: ActionResult[]): Promise<readonly Attempt[]> {
  const { scenario } = job;
  if (scenario.cut === undefined) return [];
  if (scenario.next !== 'post') return [await another(job, scenario.next, results)];
  const { post } = first;
  if (post === undefined) throw new Error('there was no post step');
  const { exitCode, outputs, stdout, durationMs } = post;
  const told = await ended(job.stage, { by: 'post', exitCode, outputs, log: stdout, ms: durationMs });
  return told.serves === '' ? [told, await another(job, 'promote', results)] : [told];
}

async function another(job: Job, by: 'promote' | 'undo', results: ActionResult[]): Promise<Attempt> {
  const way = job.scenario.way === 'proxy' ? 'proxy' : 'rename';
  const result = await press({ ...job, temp: '' }, by === 'undo' ? 'undo' : way);
  results.push(result);
  const { exitCode, outputs, stdout: log, durationMs: ms } = result;
  return ended(job.stage, { by, exitCode, outputs, log, ms });
}

type Ending = Omit<Attempt, 'serves' | 'state'>;

async function ended(stage: Stage, attempt: Ending): Promise<Attempt> {
  await stage.rds.settled();
  // A proxy's target is registered by the clock alone.
  while (stage.rds.proxies()[0]?.health === 'REGISTERING') await pause(20);
  return { ...attempt, serves: await stage.probe.now(), state: stateOf(stage) };
}

function press(
  { stage, action, temp }: Job,
  promote: 'rename' | 'proxy' | 'undo',
  hooks: { onStart?: (step: RunningStep) => void; onPostStart?: (step: RunningStep) => void } = {},
): Promise<ActionResult> {
  const { 'restored-identifier': restored = '', ...inputs } = stage.inputs;
  runs += 1;
  return runAction({
    ...{ action, cwd: stage.cwd, runId: `${runs}`, timeoutMs: 60_000 },
    inputs: {
      ...{ ...inputs, mode: 'promote', promote, confirm: PRODUCTION },
      ...(promote === 'undo' ? {} : { 'restored-identifier': restored }),
    },
    env: temp === '' ? stage.env : { ...stage.env, RUNNER_TEMP: temp },
    ...hooks,
  });
}
