/** Running a command as a job step would, and looking at the processes it was made of. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What its exit code must be. */
  readonly exitCode: number;
}

/** Wall time in milliseconds until it has ended and its output is read. Rejects when it ends otherwise than told. */
export function wallTime(command: Command): Promise<number> {
  const { program, args, cwd, env, exitCode } = command;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
    child.once('error', reject);
    child.once('close', (code) => {
      const took = performance.now() - began;
      if (code === exitCode) resolve(took);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said.join('')}`));
    });
  });
}

export interface Seen {
  /** The script the process ran. */
  readonly script: string;
  readonly maxRssKb: number;
  readonly aliveMs: number;
  readonly cpuMs: number;
}

const preload = fileURLToPath(new URL('./probe.cjs', import.meta.url));

/** Runs `work` with variables that make each Node process report itself; returns their reports. */
export async function probed(
  work: (env: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<readonly Seen[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-probe-'));
  try {
    await work({ BENCH_PROBE: folder, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
    return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Seen);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The report of the process whose script ends so. */
export function seenAs(all: readonly Seen[], ending: string): Seen {
  const found = all.find(({ script }) => script.endsWith(ending));
  if (found === undefined)
    throw new Error(`no process ran ${ending}, only ${all.map((each) => each.script)}`);
  return found;
}
