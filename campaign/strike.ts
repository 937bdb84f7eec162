/** The moment at which main is hit, and the blow. */
import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningStep } from '../lab/runner/index.ts';
import { afterEvent, eventsIn, journalFiles } from './journal.ts';
import { killAll, killMain } from './processes.ts';
import type { Scenario } from './scenario.ts';
import type { Ground, World } from './world.ts';

export interface Stage {
  readonly world: World;
  readonly ground: Ground;
  readonly action: string;
  readonly scenario: Scenario;
  readonly number: number;
}

export interface Hit {
  text: string;
  cancelAt: number;
  cancelMs: number;
  /** Ends when a crashed server is there again. */
  back: Promise<void> | undefined;
}

/** Waits for the moment and does what the scenario says. */
export async function strike(
  stage: Stage,
  step: RunningStep,
  temp: string,
  hit: Hit,
  over: AbortSignal,
): Promise<void> {
  const { scenario } = stage;
  const { moment, what = 'nothing' } = scenario;
  if (moment === undefined || what === 'nothing') return;
  const act = (): void => {
    if (over.aborted) return;
    if (what === 'kill-all') killAll(step.pid, temp);
    if (what === 'kill-main') killMain(step.pid);
    strikeServer(stage, hit);
    const [file] = journalFiles(temp);
    const events = file === undefined ? [] : eventsIn(file);
    hit.text = `${events.length} ${events.at(-1)?.type ?? 'nothing'}`;
    if (what === 'cancel') {
      hit.cancelAt = Date.now();
      step.cancel();
    }
    if (scenario.journal === 'gone') rmSync(temp, { recursive: true, force: true });
    if (scenario.journal === 'torn' && file !== undefined) tear(file);
  };
  if (!('ms' in moment)) return afterEvent({ temp, pid: step.pid, moment, over }, act);
  await pause(moment.ms, undefined, { signal: over }).then(act, () => undefined);
}

function strikeServer({ scenario: { what, isServerDown }, world, ground }: Stage, hit: Hit): void {
  if (what === 'cut') void world.store.cut(world.cluster, ground.database);
  if (what === 'crash') hit.back = crash(world);
  if (isServerDown === true) void world.cluster.crash();
}

const DOWN_MS = 1000;

async function crash({ cluster }: World): Promise<void> {
  await cluster.crash();
  await pause(DOWN_MS);
  await cluster.start();
}

/** As a kill in the middle of a write leaves it. */
function tear(file: string): void {
  const text = readFileSync(file);
  const last = text.lastIndexOf(10, text.length - 2);
  truncateSync(file, Math.max(0, Math.round((last + text.length) / 2)));
}
