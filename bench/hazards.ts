/** Reading 453 migration files and finding their hazards, against a Node that does nothing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from '../lab/node24.ts';
import { build } from '../scripts/build.mjs';
import { BASE, PROOFS } from '../src/hazards/proofs/index.ts';
import { type Bench, inTurns, type Line, median, spread } from './measure.ts';
import { type Command, probed, wallTime } from './processes.ts';

const ROUNDS = 21;
const CPU_ROUNDS = 7;
/** 300 ms above an empty Node that takes 38 ms, as it does on an idle machine like this; a busy one stretches both. */
const RATIO = (300 + 38) / 38;
const FILES = 453;
/** As many as the files of the corpus have on average. */
const STATEMENTS = 3;
const script = fileURLToPath(new URL('study.cjs', import.meta.url));

/** Files that no grammar takes say nothing about reading. */
const UNREADABLE = new Set(['unreadable-file', 'odd-bytes', 'copy-from-stdin']);

/** The proofs' statements in turn, as many files with as many statements as the corpus has. */
function generate(root: string): void {
  const pieces = [
    BASE,
    ...Object.entries(PROOFS).flatMap(([id, proof]) =>
      UNREADABLE.has(id) || !('statement' in proof) ? [] : [proof.statement, proof.counter?.statement ?? ''],
    ),
  ].filter((each) => each !== '');
  for (let file = 0; file < FILES; file += 1) {
    const own = Array.from(
      { length: STATEMENTS },
      (_, index) => pieces[(file * STATEMENTS + index) % pieces.length],
    );
    const text = own.map((each) => `-- ${file}\n${each}\n;\n`).join('\n');
    const folder = join(root, 'made', `${String(file).padStart(4, '0')}_migration`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'migration.sql'), text);
  }
}

async function measure(what: string, bundles: string, root: string): Promise<readonly Line[]> {
  const about = { program: node24, cwd: root, env: { PATH: process.env.PATH ?? '' }, exitCode: 0 };
  const study: Command = { ...about, args: [script, bundles, root] };
  const empty: Command = { ...about, args: ['-e', '0'] };
  const rounds = await inTurns(ROUNDS, { study: () => wallTime(study), node: () => wallTime(empty) });
  const above = rounds.study.map((each, index) => each - (rounds.node[index] ?? Number.NaN));
  const peaks: number[] = [];
  const cpuOf = async (command: Command): Promise<number> => {
    const seen = await probed((env) => wallTime({ ...command, env: { ...command.env, ...env } }));
    peaks.push(...seen.map(({ maxRssKb }) => maxRssKb));
    return seen.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  };
  const cpu = await inTurns(CPU_ROUNDS, { study: () => cpuOf(study), node: () => cpuOf(empty) });
  return [
    {
      what: `${what}: above an empty Node`,
      measured: median(above),
      unit: 'ms',
      target: 300,
      note: spread(above),
    },
    {
      what: `${what}: to an empty Node`,
      measured: median(rounds.study) / median(rounds.node),
      unit: 'ratio',
      target: RATIO,
      note: `${Math.round(median(rounds.study))} to ${Math.round(median(rounds.node))} ms`,
    },
    { what: `${what}: CPU above it`, measured: median(cpu.study) - median(cpu.node), unit: 'ms' },
    { what: `${what}: peak memory`, measured: Math.max(...peaks) / 1000, unit: 'MB' },
  ];
}

/** Bundled as the action is. The real files are where ORACLE_CORPUS says; without it there are only made ones. */
export const hazards: Bench = {
  name: 'hazards',
  about: '453 migration files: read, parse, judge',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-hazards-'));
    try {
      const [bundles, made] = [join(folder, 'bundles'), join(folder, 'files')];
      await build({
        outdir: bundles,
        entries: { sql: 'src/adapters/sql/index.ts', hazards: 'src/hazards/index.ts' },
      });
      generate(made);
      const corpus = process.env.ORACLE_CORPUS ?? '';
      return [
        ...(corpus === '' ? [] : await measure('corpus', bundles, corpus)),
        ...(await measure('made files', bundles, made)),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
