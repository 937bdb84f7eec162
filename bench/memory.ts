/** Peak memory (resident set) of the guard's own process; Prisma's beside it for scale. */
import { type Bench, type Line, median } from './measure.ts';
import { probed, seenAs } from './processes.ts';
import { type Stage, setStage } from './stage.ts';

const ROUNDS = 3;
const KB_PER_MB = 1000 / 1.024;

export const memory: Bench = {
  name: 'memory',
  about: `peak resident memory, median of ${ROUNDS}`,
  async run() {
    await using stage = await setStage();
    const [quiet, guard, prisma]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const idle = await probed((env) => stage.deploy('up-to-date', { env }));
      quiet.push(seenAs(idle, 'dist/main.cjs').maxRssKb);
      const busy = await oneDeploy(stage, round);
      guard.push(seenAs(busy, 'dist/main.cjs').maxRssKb);
      prisma.push(seenAs(busy, 'prisma/build/index.js').maxRssKb);
    }
    const line = (what: string, values: readonly number[]): Line => ({
      what,
      measured: median(values) / KB_PER_MB,
      unit: 'MB',
    });
    return [
      line('guard, nothing pending', quiet),
      line('guard, a deploy with a snapshot', guard),
      line('the Prisma CLI in that deploy', prisma),
    ];
  },
};

async function oneDeploy(stage: Stage, round: number): ReturnType<typeof probed> {
  stage.project.add(
    `2026070${round}000000_memo_${round}`,
    `ALTER TABLE "orders" ADD COLUMN "memo_${round}" TEXT;\n`,
  );
  return probed((env) => stage.deploy('applied', { env }));
}
