/** Refusing bad inputs against a Node that does nothing, and what is loaded for it. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24 } from '../lab/node24.ts';
import { type Bench, inTurns, median, spread } from './measure.ts';
import { type Command, probed, wallTime } from './processes.ts';
import { root } from './stage.ts';

const ROUNDS = 41;

export const refusal: Bench = {
  name: 'refusal',
  about: 'inputs that are refused, against an empty Node',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-refusal-'));
    // The runner's files are there on every runner, and writing to them is a part of the work.
    const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map(
      (name) => [name, join(folder, name)] as const,
    );
    for (const [, file] of files) writeFileSync(file, '');
    const env = {
      ...Object.fromEntries(files),
      PATH: process.env.PATH ?? '',
      RUNNER_TEMP: folder,
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '1',
      GITHUB_RUN_ATTEMPT: '1',
      'INPUT_STATEMENT-TIMEOUT': '30',
      INPUT_MODE: 'explode',
    };
    const about = { program: node24, cwd: folder, env };
    const bad = { ...about, args: [join(root, 'dist/main.cjs')], exitCode: 1 };
    const empty = { ...about, args: ['-e', '0'], exitCode: 0 };
    try {
      const { action, node } = await inTurns(ROUNDS, {
        action: () => wallTime(bad),
        node: () => wallTime(empty),
      });
      const cpu = await inTurns(ROUNDS, { action: () => cpuTime(bad), node: () => cpuTime(empty) });
      const above = action.map((each, index) => each - (node[index] ?? Number.NaN));
      return [
        { what: 'node -e 0', measured: median(node), unit: 'ms', note: spread(node) },
        { what: 'action with bad inputs', measured: median(action), unit: 'ms', note: spread(action) },
        { what: 'above an empty Node', measured: median(above), unit: 'ms', target: 30, note: spread(above) },
        {
          what: 'above it in CPU time, which a busy machine stretches less',
          measured: median(cpu.action) - median(cpu.node),
          unit: 'ms',
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function cpuTime(command: Command): Promise<number> {
  const seen = await probed((extra) => wallTime({ ...command, env: { ...command.env, ...extra } }));
  return seen.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

export const size: Bench = {
  name: 'size',
  about: 'what the start of a run reads',
  async run() {
    const kB = (file: string): number => statSync(join(root, 'dist', file)).size / 1000;
    return [
      { what: 'dist/main.cjs', measured: kB('main.cjs'), unit: 'kB', target: 400 },
      { what: 'dist/post.cjs', measured: kB('post.cjs'), unit: 'kB' },
    ];
  },
};
