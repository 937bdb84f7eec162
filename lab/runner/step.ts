/** One step of a job: a script under Node 24, its lines read as they come, and the runner's way of cancelling it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { node24 } from '../node24.ts';
import { type Command, LineReader } from './commands.ts';
import { killTree, signalProcess } from './processes.ts';

/** Pauses of a cancellation in ms, GitHub's by default. */
export interface CancelPauses {
  readonly beforeTerm: number;
  readonly beforeKill: number;
}

export const githubPauses: CancelPauses = { beforeTerm: 7_500, beforeKill: 2_500 };

export interface RunningStep {
  readonly pid: number;
  /** SIGINT, later SIGTERM, later SIGKILL of the whole tree. */
  cancel(): void;
  /** A signal to the step's process alone. */
  kill(signal: NodeJS.Signals): void;
  /** The first line, past or future, that matches; rejects when the step ends without one. */
  line(pattern: RegExp): Promise<string>;
}

export interface StepEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cancelled: boolean;
  /** As the log shows it, masked. */
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly Command[];
  readonly durationMs: number;
}

export interface StepOptions {
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly masks: Set<string>;
  readonly pauses: CancelPauses;
  readonly onStart: (step: RunningStep) => void;
}

export async function runStep(options: StepOptions): Promise<StepEnd> {
  const began = performance.now();
  const child = spawn(node24, [options.script], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw (await once(child, 'error'))[0];
  const reader = new LineReader(options.masks);
  const watch = new LineWatch();
  const canceller = new Canceller(pid, options.pauses);
  const streams = Promise.all([collect(child.stdout, reader, watch), collect(child.stderr, reader, watch)]);
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve([code, signal]));
  });
  options.onStart({
    pid,
    cancel: () => canceller.start(),
    kill: (signal) => void child.kill(signal),
    line: (pattern) => watch.wait(pattern),
  });
  const [exitCode, signal] = await ended;
  canceller.stop();
  // A grandchild that outlives the step holds the pipes open; the runner does not wait for it for ever either.
  const grace = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, 5_000);
  const [stdout, stderr] = await streams;
  clearTimeout(grace);
  watch.end();
  const durationMs = performance.now() - began;
  const { commands } = reader;
  return { exitCode, signal, cancelled: canceller.started, stdout, stderr, commands, durationMs };
}

async function collect(stream: Readable, reader: LineReader, watch: LineWatch): Promise<string> {
  const shown: string[] = [];
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const text = reader.read(line);
      shown.push(`${text}\n`);
      watch.push(text);
    });
    lines.once('close', resolve);
    stream.once('close', () => lines.close());
  });
  return shown.join('');
}

class LineWatch {
  readonly #seen: string[] = [];
  readonly #waiting = new Set<{ readonly pattern: RegExp; done(line: string | undefined): void }>();
  #ended = false;

  push(line: string): void {
    this.#seen.push(line);
    for (const one of this.#waiting) if (one.pattern.test(line)) one.done(line);
  }

  end(): void {
    this.#ended = true;
    for (const one of this.#waiting) one.done(undefined);
  }

  async wait(pattern: RegExp): Promise<string> {
    const found = this.#seen.find((line) => pattern.test(line));
    if (found !== undefined) return found;
    const missing = new Error(`The step ended without a line like ${pattern}:\n${this.#seen.join('\n')}`);
    if (this.#ended) throw missing;
    return await new Promise((resolve, reject) => {
      const one = {
        pattern,
        done: (line: string | undefined): void => {
          this.#waiting.delete(one);
          if (line === undefined) reject(missing);
          else resolve(line);
        },
      };
      this.#waiting.add(one);
    });
  }
}

class Canceller {
  started = false;
  readonly #pid: number;
  readonly #pauses: CancelPauses;
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(pid: number, pauses: CancelPauses) {
    this.#pid = pid;
    this.#pauses = pauses;
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    const { beforeTerm, beforeKill } = this.#pauses;
    signalProcess(this.#pid, 'SIGINT');
    this.#timers = [
      setTimeout(() => signalProcess(this.#pid, 'SIGTERM'), beforeTerm),
      setTimeout(() => killTree(this.#pid), beforeTerm + beforeKill),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
