/** Nothing pending: the whole action against the bare Prisma command, on the same project and database. */
import { node24 } from '../lab/node24.ts';
import { type Bench, inTurns, type Line, median, spread } from './measure.ts';
import { probed, wallTime } from './processes.ts';
import { type Stage, setStage } from './stage.ts';

const ROUNDS = 7;

export const quiet: Bench = {
  name: 'quiet',
  about: 'nothing pending, against the bare Prisma command on the same project and database',
  async run() {
    await using stage = await setStage();
    const { cwd, cli, npx } = commands(stage);
    const calls = stage.rds.calls.length;
    const found = await inTurns(ROUNDS, {
      action: async () => (await stage.deploy('up-to-date')).wallMs,
      npx: () => wallTime(npx),
      cli: () => wallTime(cli),
    });
    if (stage.rds.calls.length > calls) throw new Error('the quiet run called AWS');
    const engineMs = await engineTime(stage, cwd);
    return lines(found, engineMs);
  },
};

function commands(stage: Stage) {
  const cwd = stage.project.dir;
  const about = { cwd, env: stage.env, exitCode: 0 };
  return {
    cwd,
    npx: { ...about, program: 'npx', args: ['prisma', 'migrate', 'deploy'] },
    cli: { ...about, program: node24, args: [stage.project.cli, 'migrate', 'deploy'] },
  };
}

/** How long the lab's engine lives in one bare run: the native engine that it stands for is quicker. */
async function engineTime(stage: Stage, cwd: string): Promise<number> {
  const seen = await probed((extra) =>
    wallTime({
      program: node24,
      args: [stage.project.cli, 'migrate', 'deploy'],
      cwd,
      env: { ...stage.env, ...extra },
      exitCode: 0,
    }),
  );
  const engines = seen.filter(({ script }) => script.endsWith('schema-engine.mjs'));
  return engines.reduce((sum, { aliveMs }) => sum + aliveMs, 0);
}

function lines(
  { action, npx, cli }: Readonly<Record<'action' | 'npx' | 'cli', readonly number[]>>,
  engineMs: number,
): readonly Line[] {
  const ratio = (of: readonly number[], less = 0): number =>
    median(action.map((each, index) => each / ((of[index] ?? Number.NaN) - less)));
  return [
    { what: 'action, whole main step', measured: median(action), unit: 'ms', note: spread(action) },
    { what: 'npx prisma migrate deploy', measured: median(npx), unit: 'ms', note: spread(npx) },
    { what: 'node <cli> migrate deploy', measured: median(cli), unit: 'ms', note: spread(cli) },
    { what: 'ratio to npx prisma migrate deploy', measured: ratio(npx), unit: 'ratio', target: 0.35 },
    { what: 'ratio to node <cli> migrate deploy', measured: ratio(cli), unit: 'ratio' },
    {
      what: 'ratio to npx, as if the engine took no time at all',
      measured: ratio(npx, engineMs),
      unit: 'ratio',
      note: `the lab's engine lived ${Math.round(engineMs)} ms; the native one is quicker`,
    },
  ];
}
