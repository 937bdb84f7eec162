/** A GitHub runner in small: one job with one step that uses an action, then the action's post step. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { addMask, type Command } from './commands.ts';
import { inputEnvironment, type JobOptions, jobEnvironment } from './environment.ts';
import { createFileCommands, type StepFiles } from './files.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { processesWith, signalProcess } from './processes.ts';
import { type CancelPauses, githubPauses, type RunningStep, runStep, type StepEnd } from './step.ts';

export type { CancelPauses, Command, RunningStep };
export { githubPauses };

export interface ActionOptions extends JobOptions {
  /** Folder with the `action.yml`. */
  readonly action: string;
  /** `with:` of the step. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `secrets.*`: masked from the first line on. */
  readonly secrets?: readonly string[];
  /** Called when the main step's process runs. */
  readonly onStart?: (step: RunningStep) => void;
  /** Called when the post step's process runs. */
  readonly onPostStart?: (step: RunningStep) => void;
  /** Cancels, or sends a signal, after so many milliseconds. */
  readonly signalAfter?: { readonly ms: number; readonly signal: 'cancel' | NodeJS.Signals };
  /** Length of the pauses between the signals of a cancellation. */
  readonly cancelPauses?: Partial<CancelPauses>;
  /** Cancels the main step after so many milliseconds, like `timeout-minutes`. Default two minutes. */
  readonly timeoutMs?: number;
}

export type StepResult = StepEnd & StepFiles;

export interface ActionResult extends StepResult {
  /** Values masked by the end of the job. */
  readonly masks: readonly string[];
  /** RUNNER_TEMP. It stays until `remove` is called. */
  readonly tempDir: string;
  /** Inputs the action does not declare; GitHub warns about them. */
  readonly unexpectedInputs: readonly string[];
  /** Absent when the action has no post step or its `post-if` says no. */
  readonly post: StepResult | undefined;
  /** How many processes of the job had to be ended when it was over (seen on Linux only). */
  readonly orphans: number;
  remove(): void;
}

/** Runs the action and its post step. Rejects only when the lab itself fails, never for what the action does. */
export async function runAction(options: ActionOptions): Promise<ActionResult> {
  const manifest = readManifest(options.action);
  const tempDir = mkdtempSync(join(tmpdir(), 'lab-runner-'));
  const trackingId = `lab_${randomUUID()}`;
  const token = options.token ?? '';
  const masks = new Set<string>();
  for (const secret of [token, ...(options.secrets ?? [])]) addMask(masks, secret);
  const shared = {
    options,
    tempDir,
    masks,
    env: {
      ...jobEnvironment(options, options.action, tempDir),
      ...inputEnvironment(manifest.inputs, options.inputs, token),
      RUNNER_TRACKING_ID: trackingId,
    },
  };
  let orphans = 0;
  const endOrphans = (): void => {
    const ids = processesWith('RUNNER_TRACKING_ID', trackingId);
    orphans = ids.filter((pid) => signalProcess(pid, 'SIGKILL')).length;
  };
  try {
    const main = await runMain(shared, manifest.main);
    const post = await runPost(shared, manifest, main);
    endOrphans();
    return {
      ...main,
      post,
      masks: [...masks],
      tempDir,
      unexpectedInputs: Object.keys(options.inputs).filter((name) => !manifest.inputs.has(name)),
      orphans,
      remove: () => rmSync(tempDir, { recursive: true, force: true }),
    };
  } catch (error) {
    endOrphans();
    rmSync(tempDir, { recursive: true, force: true });
    throw error;
  }
}

interface Job {
  readonly options: ActionOptions;
  readonly tempDir: string;
  readonly masks: Set<string>;
  readonly env: Readonly<Record<string, string>>;
}

async function runMain(job: Job, script: string): Promise<StepResult> {
  const { options } = job;
  const timers: NodeJS.Timeout[] = [];
  const onStart = (step: RunningStep): void => {
    timers.push(setTimeout(() => step.cancel(), options.timeoutMs ?? 120_000));
    if (options.signalAfter !== undefined) {
      const { ms, signal } = options.signalAfter;
      timers.push(setTimeout(() => (signal === 'cancel' ? step.cancel() : step.kill(signal)), ms));
    }
    options.onStart?.(step);
  };
  try {
    return await run(job, script, 'main', {}, onStart);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

async function runPost(job: Job, manifest: Manifest, main: StepResult): Promise<StepResult | undefined> {
  if (manifest.post === undefined || !wanted(manifest.postIf, main)) return undefined;
  const state = Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value] as const);
  const path = [...main.path]
    .reverse()
    .concat(job.env.PATH ?? '')
    .join(delimiter);
  const extra = { ...main.env, PATH: path, ...Object.fromEntries(state) };
  return await run(job, manifest.post, 'post', extra, (step) => job.options.onPostStart?.(step));
}

function wanted(condition: string, main: StepResult): boolean {
  const failed = main.exitCode !== 0;
  if (condition.includes('success()')) return !failed && !main.cancelled;
  if (condition.includes('failure()')) return failed && !main.cancelled;
  if (condition.includes('cancelled()')) return condition.includes('!') !== main.cancelled;
  return true;
}

async function run(
  job: Job,
  script: string,
  name: string,
  extra: Readonly<Record<string, string>>,
  onStart: (step: RunningStep) => void,
): Promise<StepResult> {
  const files = createFileCommands(job.tempDir, name);
  const end = await runStep({
    script,
    cwd: job.options.cwd,
    env: { ...job.env, ...extra, ...files.environment },
    masks: job.masks,
    pauses: { ...githubPauses, ...job.options.cancelPauses },
    onStart,
  });
  return { ...end, ...files.read() };
}
