import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '@actions/exec';
import { GuardError, problem } from '../../domain/problem.ts';
import type { Commands } from '../../ports/commands.ts';

export interface CommandsOptions {
  readonly workingDirectory: string;
  /** Environment of the step; variables of the action itself are left out. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line of output, already scrubbed. */
  readonly onLine: (line: string) => void;
  readonly scrub: (text: string) => string;
  /** When it fires, a script that is running then is ended with everything it started; later ones still run. */
  readonly signal?: AbortSignal;
}

/** Lines of output that are kept for the report. */
const TAIL_LINES = 40;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 5_000;

/**
 * Job control gives the script a process group of its own, so that cancelling ends what it started too; switched
 * off again it does not announce the end of the job. The paths are arguments: nothing is pasted into a shell's text.
 */
const BASH =
  'set -m; "$BASH" --noprofile --norc -eo pipefail "$1" </dev/null & echo $! >"$2"; set +m; wait $!';

/** No input in either shell: a script that reads it must not wait for ever. */
const SH = 'exec sh -e "$1" </dev/null';

/** Users' scripts by `@actions/exec`, with `bash -eo pipefail`, or `sh -e` where there is no bash. */
export function createCommands(options: CommandsOptions): Commands {
  return {
    async run(script, environment) {
      const folder = await mkdtemp(join(tmpdir(), 'guarded-migrate-'));
      const paths = { script: join(folder, 'script.sh'), group: join(folder, 'group') };
      const abort = () => void stop(paths.group);
      try {
        await writeFile(paths.script, script.replaceAll('\r\n', '\n'), { mode: 0o600 });
        options.signal?.addEventListener('abort', abort, { once: true });
        return await runFile(options, paths, environment);
      } finally {
        options.signal?.removeEventListener('abort', abort);
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

type Paths = { readonly script: string; readonly group: string };

async function runFile(
  options: CommandsOptions,
  paths: Paths,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number; readonly tail: string }> {
  const tail: string[] = [];
  const take = (line: string): void => {
    const shown = options.scrub(line);
    tail.push(shown);
    if (tail.length > TAIL_LINES) tail.shift();
    options.onLine(shown);
  };
  const shell = (tool: string, args: readonly string[]): Promise<number> =>
    exec(tool, [...args], {
      cwd: options.workingDirectory,
      env: { ...inherited(options.environment), ...environment },
      silent: true,
      ignoreReturnCode: true,
      listeners: { stdline: take, errline: take },
    });
  const exitCode = await shell('bash', [
    '--noprofile',
    '--norc',
    '-c',
    BASH,
    'bash',
    paths.script,
    paths.group,
  ])
    .catch((error: unknown) => {
      if (!isMissing(error, 'bash')) throw error;
      return shell('sh', ['-c', SH, 'sh', paths.script]);
    })
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      throw new GuardError(problem('command-failed', options.scrub(detail)), { cause: error });
    });
  return { exitCode, tail: tail.join('\n') };
}

/** Inputs may hold secrets (the webhook URL), and outputs and state are the action's own to write. */
const OWN = /^(?:INPUT_.*|STATE_.*|GITHUB_(?:OUTPUT|STATE))$/;

const inherited = (environment: CommandsOptions['environment']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || OWN.test(name) ? [] : [[name, value]],
    ),
  );

const isMissing = (error: unknown, tool: string): boolean =>
  error instanceof Error && error.message.includes(`Unable to locate executable file: ${tool}`);

async function stop(groupFile: string): Promise<void> {
  const group = Number(await readFile(groupFile, 'utf8').catch(() => ''));
  if (!Number.isInteger(group) || group <= 1) return;
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-group, signal);
    } catch {
      // It has ended by itself.
    }
  };
  kill('SIGTERM');
  setTimeout(kill, GRACE_MS, 'SIGKILL').unref();
}
