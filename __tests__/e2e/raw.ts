/** One process of the action without the runner between: every byte it wrote, before anything is masked. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24 } from '../../lab/node24.ts';
import { inputEnvironment, jobEnvironment } from '../../lab/runner/environment.ts';
import { readManifest } from '../../lab/runner/manifest.ts';
import { type Case, root } from './world.ts';

export interface Raw {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What the files of outputs, state and summary hold, and every file of RUNNER_TEMP. */
  readonly files: Readonly<Record<string, string>>;
}

const FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'];

export async function runRaw(
  the: Case,
  about: {
    readonly env?: Readonly<Record<string, string>>;
    readonly whileRunning?: (pid: number) => void;
  } = {},
): Promise<Raw> {
  const temp = mkdtempSync(join(tmpdir(), 'e2e-raw-'));
  const paths = Object.fromEntries(FILES.map((name) => [name, join(temp, name.toLowerCase())]));
  for (const path of Object.values(paths)) writeFileSync(path, '');
  const manifest = readManifest(root);
  const env = {
    ...jobEnvironment({ cwd: the.project.dir, env: the.env }, root, temp),
    ...inputEnvironment(manifest.inputs, the.inputs, ''),
    ...paths,
    ...about.env,
  };
  try {
    const child = spawn(node24, [manifest.main], {
      cwd: the.project.dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setInterval(() => about.whileRunning?.(child.pid ?? 0), 100);
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearInterval(timer);
    const report = /guarded-migrate-[^\s]*report\.json/.exec(
      readFileSync(paths.GITHUB_OUTPUT ?? '', 'utf8'),
    )?.[0];
    const folder = report === undefined ? '' : join(temp, report.split('/')[0] ?? '');
    const names = report === undefined ? [] : ['report.json', 'journal.ndjson'];
    const written = names.map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
    const commands = FILES.map((name) => [name, readFileSync(paths[name] ?? '', 'utf8')] as const);
    return { exitCode, stdout, stderr, files: Object.fromEntries([...commands, ...written]) };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
