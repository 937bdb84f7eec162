import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { MigratorEnd } from '../../domain/event.ts';
import { withoutColours } from '../../domain/prisma-output.ts';
import type { Variables } from './env-files.ts';
import { endGroup, type Leader } from './group-signals.ts';

export interface GroupOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Variables;
  readonly scrub: (text: string) => string;
  /** Every line of stdout and stderr, scrubbed, without colours. */
  readonly onLine: (line: string) => void;
  /** Opens a third pipe and collects what the child writes to file descriptor 3. */
  readonly answer?: boolean;
}

export interface ProcessGroup {
  /** Process id of the leader, equal to the id of the group; 0 when it could not be started. */
  readonly pid: number;
  /** Settles when the leader has ended and its output is read; never rejects. */
  readonly ended: Promise<MigratorEnd>;
  /** What came over file descriptor 3; empty when it was not asked for. */
  readonly answer: Promise<string>;
  /** SIGTERM to every process of the group, SIGKILL after the grace; resolves when all are gone. */
  kill(graceMs: number): Promise<void>;
}

const KEPT_LINES = 200;
/** A line longer than this is cut in pieces, so that a process cannot fill our memory. */
const LONGEST_LINE = 1 << 20;
/** A process that left the group can hold the pipes open; its output is not waited for. */
const LAST_WORDS_MS = 1000;

/** Starts a process as leader of its own group, so that whatever it starts can be ended with it. */
export function startGroup(order: GroupOrder): ProcessGroup {
  const child = spawn(order.command, order.args, {
    cwd: order.directory,
    detached: true,
    stdio: order.answer === true ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe'],
    env: { ...order.environment },
  });
  const kept: string[] = [];
  const take = (line: string): void => {
    const clean = order.scrub(withoutColours(line));
    kept.push(clean);
    if (kept.length > KEPT_LINES) kept.shift();
    order.onLine(clean);
  };
  const flush = [child.stdout, child.stderr].map((stream) => readLines(stream, take));
  const third = child.stdio[3] as Readable | null | undefined;
  const answer = readAll(third);
  const ended = endOf(child).then((end): MigratorEnd => {
    for (const each of flush) each();
    third?.destroy();
    if (end.error !== undefined) take(`the process could not be started: ${end.error}`);
    return { exitCode: end.exitCode, signal: end.signal, output: kept.join('\n') };
  });
  const leader: Leader = {
    pid: child.pid ?? 0,
    isAlive: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    kill: (signal) => child.kill(signal),
  };
  return { pid: leader.pid, ended, answer, kill: (graceMs) => endGroup(leader, graceMs) };
}

interface RawEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly error?: string;
}

function endOf(child: ChildProcess): Promise<RawEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ exitCode: null, signal: null, error: error.message });
    });
    child.once('exit', (exitCode, signal) => {
      const end = { exitCode, signal };
      const timer = setTimeout(() => resolve(end), LAST_WORDS_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(end);
      });
    });
  });
}

/** Returns what hands over an unfinished last line. */
function readLines(stream: Readable | null, onLine: (line: string) => void): () => void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST_LINE) {
      onLine(rest);
      rest = '';
    }
  });
  return () => {
    if (rest !== '') onLine(rest);
    rest = '';
    stream?.destroy();
  };
}

async function readAll(stream: Readable | null | undefined): Promise<string> {
  if (stream === null || stream === undefined) return '';
  const chunks: string[] = [];
  return new Promise((resolve) => {
    const done = (): void => resolve(chunks.join(''));
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    stream.once('end', done).once('error', done).once('close', done);
  });
}
